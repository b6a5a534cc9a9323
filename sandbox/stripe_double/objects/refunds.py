"""Refunds: whole, in part, pending, failed."""

from __future__ import annotations

from typing import Any

from sandbox.stripe_double import money
from sandbox.stripe_double.errors import StripeError, bad_parameter, refused
from sandbox.stripe_double.objects import lists, values
from sandbox.stripe_double.objects.events import emit
from sandbox.stripe_double.objects.ledger import book
from sandbox.stripe_double.objects.views import LISTS, shown_list
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
PLAYED = frozenset(
    {"charge", "payment_intent", "amount", "reason", "metadata", "currency", "expand"}
)
FAILURES = (
    "lost_or_stolen_card", "expired_or_canceled_card", "charge_for_pending_refund_disputed",
    "insufficient_funds", "declined", "merchant_request", "unknown",
)  # fmt: skip
SLOW_SECONDS = 5.0  # until a test card's refund turns


def create(world: World, params: dict[str, Any]) -> Obj:
    """POST /v1/refunds"""
    values.only_played(params, PLAYED)
    values.one_of(params, "reason", REASONS)
    metadata = values.metadata(params)
    charge = _charge(world, params)
    amount = _amount(params, charge)
    outcome = world.faults.switches.refunds
    if outcome == "refused_for_funds":
        raise _no_funds()
    slow = charge.get("_then") == "slow_refund"
    waits_for = {"pending_for_funds": "insufficient_funds"}.get(outcome, "processing")
    is_pending = slow or outcome != "succeeded"
    refund = world.make(
        "refund",
        "re",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        metadata=metadata,
        payment_intent=charge["payment_intent"],
        payment_method=charge["payment_method"],
        reason=params.get("reason"),
        status="pending" if is_pending else "succeeded",
        **({"pending_reason": waits_for} if is_pending else {}),
    )
    kind = "refund" if charge["payment_method_details"]["type"] == "card" else "payment_refund"
    line = book(
        world, refund, kind=kind, category="refund", amount=-amount, available_in=0,
        description=f"REFUND FOR CHARGE ({charge['id']})",
    )  # fmt: skip
    world.save(refund, balance_transaction=line["id"])
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    _count(world, charge, amount)
    emit(world, "refund.created", refund)
    if params.get("reason") == "fraudulent":
        world.save(charge, fraud_details={"user_report": "fraudulent"})
    emit(world, "charge.refunded", charge, previous=before)
    world.acts["refunded"](world, charge)
    if outcome == "failed":
        fail(world, refund)
    elif slow:
        world.later(refund, "succeed_refund", world.time() + SLOW_SECONDS)
    elif charge.get("_then") == "failing_refund":
        world.later(refund, "fail_refund", world.time() + SLOW_SECONDS)
    return refund


def _no_funds() -> StripeError:
    """What Stripe says where the balance may not go below nothing."""
    message = "Insufficient funds in your Stripe balance to refund this amount."
    return StripeError(400, message=message, message_code="insufficient_balance_for_refund")


def modify(world: World, refund: Obj, params: dict[str, Any]) -> Obj:
    """POST /v1/refunds/{id}: metadata only, as at Stripe."""
    world.save(refund, metadata=values.metadata(params, refund["metadata"]))
    _tell(world, refund, {})
    return refund


def succeed(world: World, refund: Obj) -> None:
    """A pending refund reaches the buyer."""
    if refund["status"] != "pending":
        raise refused(f"Only a pending refund can succeed; this one is {refund['status']}.")
    before = {"status": "pending", "pending_reason": refund.pop("pending_reason", None)}
    world.save(refund, status="succeeded")
    _tell(world, refund, before)


def fail(world: World, refund: Obj, reason: str = "expired_or_canceled_card") -> None:
    """The bank sends a refund back, though it may have looked done; the money is the shop's again."""
    if refund["status"] not in ("pending", "succeeded"):
        raise refused(f"This refund cannot fail: it is {refund['status']}.")
    if reason not in FAILURES:
        raise bad_parameter(f"A refund fails for one of {', '.join(FAILURES)}.", "reason")
    before = {"status": refund["status"]}
    if why := refund.pop("pending_reason", None):
        before["pending_reason"] = why
    line = book(
        world, refund, kind="refund_failure", category="refund_failure", amount=refund["amount"],
        description="REFUND FAILURE", available_in=0,
    )  # fmt: skip
    world.save(
        refund, status="failed", failure_reason=reason, failure_balance_transaction=line["id"]
    )
    charge = world.store.get("charge", refund["charge"])
    _count(world, charge, -refund["amount"])
    _tell(world, refund, before)
    emit(world, "refund.failed", refund)
    world.acts["refunded"](world, charge)


def _tell(world: World, refund: Obj, previous: dict[str, Any]) -> None:
    emit(world, "refund.updated", refund, previous=previous)
    emit(world, "charge.refund.updated", refund, previous=previous)


def _charge(world: World, params: dict[str, Any]) -> Obj:
    if "charge" in params:
        return world.store.get("charge", params["charge"], "charge")
    if "payment_intent" not in params:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise bad_parameter(message)
    intent = world.store.get("payment_intent", params["payment_intent"], "payment_intent")
    if intent["status"] != "succeeded":
        message = (
            f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
        )
        raise refused(message, param="payment_intent")
    return world.store.get("charge", intent["latest_charge"])


def _amount(params: dict[str, Any], charge: Obj) -> int:
    """What is to be given back, within what is left of the charge."""
    if charge["status"] != "succeeded":
        raise refused(
            f"This charge ({charge['id']}) was not successful and cannot be refunded.",
            param="charge",
        )
    if charge.get("_charged_back"):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise StripeError(400, message=message, code="charge_disputed")
    left = charge["amount"] - charge["amount_refunded"]
    if not left:
        message = f"Charge {charge['id']} has already been refunded."
        raise StripeError(400, message=message, code="charge_already_refunded")
    amount = int(params.get("amount", left))
    if amount < 1:
        raise bad_parameter("Invalid positive integer", "amount", "parameter_invalid_integer")
    money.check_step(amount, charge["currency"], "amount")
    if amount > left:
        wanted, rest = (
            money.shown(amount, charge["currency"]),
            money.shown(left, charge["currency"]),
        )
        what = "unrefunded amount on charge" if charge["amount_refunded"] else "charge amount"
        raise refused(f"Refund amount ({wanted}) is greater than {what} ({rest})", param="amount")
    return amount


def _count(world: World, charge: Obj, amount: int) -> None:
    total = charge["amount_refunded"] + amount
    world.save(charge, amount_refunded=total, refunded=total == charge["amount"])


def _of_charge(world: World, seen: Obj) -> Obj:
    found = [each for each in world.store.newest("refund") if each["charge"] == seen["id"]]
    url = f"/v1/charges/{seen['id']}/refunds"
    return shown_list(world, url, found[: lists.DEFAULT], len(found) > lists.DEFAULT)


LISTS["charge"] = {"refunds": _of_charge}
