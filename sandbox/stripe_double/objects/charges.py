"""Charges: what one try to pay made, and when its money is booked."""

from __future__ import annotations

from sandbox.stripe_double import money
from sandbox.stripe_double.cards import Card, Decline
from sandbox.stripe_double.objects.events import emit
from sandbox.stripe_double.objects.ledger import book
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World

BEFALLS = ("dispute", "not_received", "inquiry", "fraud_warning", "review")
"""What a test card's charge meets as soon as it is paid."""


def find(world: World, any_id: str) -> Obj:
    """The charge of that id, or the latest of the payment intent or Checkout Session of that id."""
    if any_id.startswith("cs_"):
        any_id = world.store.get("checkout.session", any_id)["payment_intent"] or ""
    if any_id.startswith("pi_"):
        any_id = world.store.get("payment_intent", any_id)["latest_charge"] or ""
    return world.store.get("charge", any_id, "charge")


def make(world: World, intent: Obj, method: Obj, details: Obj, *, then: str | None = None) -> Obj:
    """One try to pay; ``details``: of the payment method, as they stand on a charge."""
    copied = (
        "amount",
        "currency",
        "description",
        "receipt_email",
        "transfer_group",
        "statement_descriptor",
    )
    charge = world.make(
        "charge",
        "ch",
        **{name: intent[name] for name in copied},
        metadata=dict(intent["metadata"]),
        statement_descriptor_suffix=intent["statement_descriptor_suffix"],
        billing_details=method["billing_details"],
        calculated_statement_descriptor=_on_statement(
            world.options.merchant, intent["statement_descriptor_suffix"]
        ),
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details=details,
        outcome=outcome(None, is_risky=then == "review"),
        _then=then,
    )
    return world.save(charge, receipt_url=f"{world.url}/receipts/{charge['id']}")


def after_paid(world: World, charge: Obj) -> None:
    """The money is booked, at once or when the clock says so; then the card's own fate."""
    delay = world.faults.switches.settle_delay
    if delay > 0:
        world.later(charge, "settle", world.time() + delay)
    else:
        settle(world, charge)
    if charge.get("_then") in BEFALLS:
        world.acts[charge["_then"]](world, charge)


def settle(world: World, charge: Obj) -> None:
    """The balance transaction arrives."""
    line = book(
        world,
        charge,
        kind="charge" if charge["payment_method_details"]["type"] == "card" else "payment",
        category="charge",
        amount=charge["amount"],
        fee=money.fee(charge["amount"], charge["currency"]),
        description=charge["description"],
    )
    world.save(charge, balance_transaction=line["id"])
    emit(world, "charge.updated", charge, previous={"balance_transaction": None})


def outcome(why: Decline | None, *, is_risky: bool = False) -> Obj:
    return {
        "advice_code": "try_again_later" if why else None,
        "network_advice_code": None,
        "network_decline_code": "05" if why else None,
        "network_status": "declined_by_network" if why else "approved_by_network",
        "reason": why.decline_code if why else None,
        "risk_level": "elevated" if is_risky else "normal",
        "risk_score": 66 if is_risky else 12,
        "seller_message": "The bank did not return any further details with this decline."
        if why
        else "Payment complete.",
        "type": "issuer_declined" if why else "manual_review" if is_risky else "authorized",
    }


def card_details(card: Card, method: Obj, intent: Obj) -> Obj:
    """Of a card's payment method, as they stand on a charge."""
    kept = (
        "brand",
        "checks",
        "country",
        "exp_month",
        "exp_year",
        "fingerprint",
        "funding",
        "last4",
    )
    secured = {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": "double",
        "version": "2.2.0",
    }
    details = {
        **{name: method[name] for name in kept},
        "amount_authorized": intent["amount"],
        "authorization_code": "123456",
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card.brand,
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": secured if card.challenge else None,
        "transaction_link_id": None,
        "wallet": None,
    }
    return {"type": "card", "card": details}


def _on_statement(merchant: str, suffix: str | None) -> str:
    """FROSTY SPO* GIFT: the account's name, short if something follows it."""
    name = merchant.upper()
    return f"{name[:10].strip()}* {suffix.upper()}"[:22] if suffix else name[:22]
