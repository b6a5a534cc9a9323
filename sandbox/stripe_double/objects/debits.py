"""Bank debits of a Checkout Session: the page is done at once, the money comes in days, or does not."""

from __future__ import annotations

from sandbox.stripe_double.errors import refused
from sandbox.stripe_double.objects import charges, intents, sessions
from sandbox.stripe_double.objects.events import emit
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World

ACCOUNTS: dict[str, Obj] = {
    "us_bank_account": {
        "account_holder_type": "individual", "account_type": "checking", "bank_name": "STRIPE TEST BANK",
        "fingerprint": "Double0Account00", "last4": "6789", "routing_number": "110000000",
    },
    "sepa_debit": {
        "bank_code": "37040044", "branch_code": "", "country": "DE", "fingerprint": "Double0Account00",
        "last4": "3000",
    },
}  # fmt: skip
FAILURE = "The customer's account has insufficient funds to cover this payment."


def begin(world: World, session: Obj) -> None:
    """A buyer chose a bank debit."""
    if session["status"] != "open":
        raise refused(f"This Session has a status of {session['status']}.")
    intent = sessions.intent_of(world, session)
    kind = "us_bank_account" if session["currency"] == "usd" else "sepa_debit"
    email = session["customer_email"] or "buyer@example.com"
    billing = {**intents.no_billing(), "email": email, "name": "Jenny Rosen"}
    method = world.make("payment_method", "pm", type=kind, billing_details=billing)
    del method["card"]
    world.save(method, **{kind: ACCOUNTS[kind]})
    charge = charges.make(world, intent, method, {"type": kind, kind: ACCOUNTS[kind]})
    world.save(
        intent,
        status="processing",
        payment_method=method["id"],
        payment_method_types=["card", kind],
        latest_charge=charge["id"],
    )
    world.save(
        session,
        status="complete",
        payment_status="unpaid",
        payment_method_types=["card", kind],
        url=None,
        customer_details=sessions.customer_details(email, "Jenny Rosen", None),
    )
    emit(world, "charge.pending", charge)
    emit(world, "payment_intent.processing", intent)
    emit(world, "checkout.session.completed", session)


def end(world: World, session: Obj, *, arrives: bool) -> None:
    """The bank pays, or refuses."""
    intent = sessions.intent_of(world, session)
    if intent["status"] != "processing":
        raise refused("No debit is under way for this Session.")
    charge = world.store.get("charge", intent["latest_charge"])
    if not arrives:
        _fail(world, intent, charge)
        emit(world, "checkout.session.async_payment_failed", session)
        return
    amount = intent["amount"]
    world.save(charge, status="succeeded", paid=True, captured=True, amount_captured=amount)
    world.save(intent, status="succeeded", amount_received=amount)
    world.save(session, payment_status="paid")
    emit(world, "charge.succeeded", charge)
    emit(world, "payment_intent.succeeded", intent)
    emit(world, "checkout.session.async_payment_succeeded", session)
    charges.after_paid(world, charge)


def _fail(world: World, intent: Obj, charge: Obj) -> None:
    error = {
        "type": "invalid_request_error",
        "code": "payment_intent_payment_attempt_failed",
        "message": FAILURE,
        "charge": charge["id"],
    }
    world.save(charge, status="failed", failure_code="insufficient_funds", failure_message=FAILURE)
    world.save(
        intent, status="requires_payment_method", last_payment_error=error, payment_method=None
    )
    emit(world, "charge.failed", charge)
    emit(world, "payment_intent.payment_failed", intent)
