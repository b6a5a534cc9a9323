"""Payouts: what goes to the shop's bank, and what comes back from there."""

from __future__ import annotations

from sandbox.stripe_double.errors import refused
from sandbox.stripe_double.objects.events import emit
from sandbox.stripe_double.objects.ledger import book
from sandbox.stripe_double.state.store import Obj, new_id
from sandbox.stripe_double.state.world import World

DAYS_UNDER_WAY = 2
FAILURE = "The bank account has been closed."


def create(world: World, currency: str = "usd") -> Obj:
    """Send everything not yet paid out, settled or not, and say what it was made of."""
    lines = [
        line
        for line in world.store.newest("balance_transaction")
        if not line["_payout"] and line["currency"] == currency.lower()
    ]
    total = sum(line["net"] for line in lines)
    if total <= 0:
        raise refused(
            f"Nothing to pay out in {currency}: the balance is {total}.",
            code="balance_insufficient",
        )
    payout = world.make(
        "payout",
        "po",
        amount=total,
        arrival_date=world.now() + DAYS_UNDER_WAY * 24 * 60 * 60,
        currency=currency.lower(),
        destination=new_id("ba"),
    )
    own = book(
        world, payout, kind="payout", category="payout", amount=-total,
        description="STRIPE PAYOUT", available_in=0,
    )  # fmt: skip
    for line in [*lines, own]:
        world.save(line, _payout=payout["id"], available_on=min(line["available_on"], world.now()))
    world.save(payout, balance_transaction=own["id"])
    emit(world, "payout.created", payout)
    return payout


def arrive(world: World, payout: Obj) -> Obj:
    """It is at the bank."""
    if payout["status"] != "in_transit":
        raise refused(f"This payout is {payout['status']}.")
    world.save(payout, status="paid")
    emit(world, "payout.paid", payout)
    world.save(payout, reconciliation_status="completed")
    emit(world, "payout.reconciliation_completed", payout)
    return payout


def fail(world: World, payout: Obj) -> Obj:
    """The bank sends it back, though it may have looked paid; the next one takes it along."""
    if payout["status"] not in ("in_transit", "paid"):
        raise refused(f"This payout is {payout['status']}.")
    line = book(
        world, payout, kind="payout_failure", category="payout_reversal", amount=payout["amount"],
        description="PAYOUT FAILURE", available_in=0,
    )  # fmt: skip
    world.save(
        payout,
        status="failed",
        failure_code="account_closed",
        failure_message=FAILURE,
        failure_balance_transaction=line["id"],
    )
    emit(world, "payout.failed", payout)
    return payout
