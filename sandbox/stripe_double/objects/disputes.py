"""Disputes: a bank asks about a paid charge, or takes its money back."""

from __future__ import annotations

from sandbox.stripe_double import money
from sandbox.stripe_double.errors import bad_parameter, refused
from sandbox.stripe_double.objects import radar, refunds, values
from sandbox.stripe_double.objects.events import emit
from sandbox.stripe_double.objects.ledger import book
from sandbox.stripe_double.objects.views import shown
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World

DAY = 24 * 60 * 60
DAYS_TO_ANSWER = 9
DAYS_OF_AN_INQUIRY = 120
CASES = {
    "chargeback": "needs_response",
    "inquiry": "warning_needs_response",
    "resolution": "prevented",
    "block": "prevented",
}
"""The card networks' cases and how each begins. Of what is prevented, a resolution gives the buyer the money
before it becomes a chargeback, a block stops the claim and moves none."""
CODES = {
    "credit_not_processed": "13.7", "duplicate": "12.6.1", "fraudulent": "10.4",
    "general": None, "product_not_received": "13.1", "product_unacceptable": "13.3",
    "subscription_canceled": "13.2", "unrecognized": "10.4",
}  # fmt: skip
"""Reasons that a cardholder gives, and Visa's code for each."""
OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")
NO_CLAIM = ("won", "warning_closed")


def open_(
    world: World,
    charge: Obj,
    *,
    amount: int | None = None,
    reason: str = "fraudulent",
    case: str = "chargeback",
) -> Obj:
    """The buyer's bank asks (inquiry), or takes the money back for now (chargeback)."""
    values.one_of({"reason": reason}, "reason", tuple(CODES))
    values.one_of({"case_type": case}, "case_type", tuple(CASES))
    if charge["status"] != "succeeded":
        raise refused("Only a paid charge can be disputed.", param="charge")
    claimed = sum(
        each["amount"] for each in of_charge(world, charge) if each["status"] not in NO_CLAIM
    )
    amount = charge["amount"] - claimed if amount is None else amount
    if not 0 < amount <= charge["amount"] - claimed:
        message = "A charge cannot be disputed for more than is not yet disputed."
        raise refused(message, param="amount")
    money.check_step(amount, charge["currency"], "amount")
    dispute = world.make(
        "dispute",
        "du",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        is_charge_refundable=case in ("inquiry", "block"),
        payment_intent=charge["payment_intent"],
        reason=reason,
        status=CASES[case],
    )
    if card := charge["payment_method_details"].get("card"):
        dispute["payment_method_details"]["card"] |= {
            "brand": card["brand"],
            "case_type": case,
            "network": card["brand"],
            "network_reason_code": CODES[reason],
        }
    else:
        dispute["payment_method_details"] = None
    world.save(charge, disputed=True)
    if case in ("chargeback", "inquiry"):
        dispute["evidence_details"]["due_by"] = world.now() + DAYS_TO_ANSWER * DAY
        world.later(dispute, "lose_unanswered", dispute["evidence_details"]["due_by"])
    if case == "inquiry":
        world.later(dispute, "close_inquiry", world.now() + DAYS_OF_AN_INQUIRY * DAY)
    emit(world, "charge.dispute.created", dispute)
    radar.look_again(world, charge, "disputed")
    if case in ("chargeback", "resolution"):
        _withdraw(world, dispute, charge)
    if case in ("resolution", "block"):
        emit(world, "charge.dispute.closed", dispute)
    return dispute


def of_charge(world: World, charge: Obj) -> list[Obj]:
    return [each for each in world.store.newest("dispute") if each["charge"] == charge["id"]]


def escalate(world: World, dispute: Obj) -> Obj:
    """The bank is not content with the answer to its inquiry: now it takes the money back."""
    if not dispute["status"].startswith("warning_") or dispute["status"] not in OPEN:
        raise refused("Only an open inquiry can become a chargeback.")
    before = dispute["status"]
    if details := dispute["payment_method_details"]:
        details["card"]["case_type"] = "chargeback"
    due_by = world.now() + DAYS_TO_ANSWER * DAY
    dispute["evidence_details"] |= {"due_by": due_by, "submission_count": 0}
    world.later(dispute, "lose_unanswered", due_by)
    world.save(dispute, status="needs_response", is_charge_refundable=False)
    emit(world, "charge.dispute.updated", dispute, previous={"status": before})
    _withdraw(world, dispute, world.store.get("charge", dispute["charge"]))
    return dispute


def close(world: World, dispute: Obj, outcome: str) -> Obj:
    """It is decided: a chargeback "won" or "lost", an inquiry "warning_closed"."""
    is_inquiry = dispute["status"].startswith("warning_")
    if dispute["status"] not in OPEN:
        raise refused("This dispute is already closed.")
    if is_inquiry != (outcome == "warning_closed"):
        raise bad_parameter(f"A dispute that is {dispute['status']} cannot be {outcome}.")
    before = dispute["status"]
    world.save(dispute, status=outcome)
    emit(world, "charge.dispute.updated", dispute, previous={"status": before})
    if outcome == "won":
        _reinstate(world, dispute, world.store.get("charge", dispute["charge"]))
    emit(world, "charge.dispute.closed", dispute)
    return dispute


def accept(world: World, dispute: Obj) -> Obj:
    """POST /v1/disputes/{id}/close: there is nothing to say against it."""
    is_inquiry = dispute["status"].startswith("warning_")
    return close(world, dispute, "warning_closed" if is_inquiry else "lost")


def lose_unanswered(world: World, dispute: Obj) -> None:
    """The day to answer by is over."""
    if dispute["status"] == "needs_response":
        close(world, dispute, "lost")


def close_inquiry(world: World, dispute: Obj) -> None:
    """Nothing came of it."""
    if dispute["status"] in OPEN and dispute["status"].startswith("warning_"):
        close(world, dispute, "warning_closed")


def after_refund(world: World, charge: Obj) -> None:
    """A charge was given back, or such a refund failed: an inquiry about all of it is answered so."""
    reasons = {
        each["reason"] for each in world.store.newest("refund") if each["charge"] == charge["id"]
    }
    radar.look_again(world, charge, "refunded_as_fraud" if "fraudulent" in reasons else "refunded")
    if charge["refunded"]:
        for dispute in of_charge(world, charge):
            close_inquiry(world, dispute)


def _withdraw(world: World, dispute: Obj, charge: Obj) -> None:
    """The money leaves; a refund that is still on its way goes no further."""
    line = book(
        world, dispute, kind="adjustment", category="dispute", amount=-dispute["amount"],
        fee=money.dispute_fee(dispute["currency"]),
        description=f"Chargeback withdrawal for {charge['id']}", available_in=0,
    )  # fmt: skip
    world.save(charge, _charged_back=True)
    world.save(dispute, balance_transactions=[*dispute["balance_transactions"], shown(world, line)])
    emit(world, "charge.dispute.funds_withdrawn", dispute)
    for refund in list(world.store.newest("refund")):
        if refund["charge"] == charge["id"] and refund["status"] == "pending":
            refunds.fail(world, refund, "charge_for_pending_refund_disputed")


def _reinstate(world: World, dispute: Obj, charge: Obj) -> None:
    """The amount comes back, the fee does not."""
    line = book(
        world, dispute, kind="adjustment", category="dispute_reversal", amount=dispute["amount"],
        description=f"Chargeback reversal for {charge['id']}", available_in=0,
    )  # fmt: skip
    still = any(
        each["balance_transactions"] and each["status"] not in NO_CLAIM
        for each in of_charge(world, charge)
    )
    world.save(charge, _charged_back=still)
    world.save(dispute, balance_transactions=[*dispute["balance_transactions"], shown(world, line)])
    emit(world, "charge.dispute.funds_reinstated", dispute)
