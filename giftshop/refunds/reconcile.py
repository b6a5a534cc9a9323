"""Holding our refunds and disputes against Stripe's own lists, both ways, with what is booked of each."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from giftshop.payments.models import Payment
from giftshop.payments.reconcile import Difference, Tally
from giftshop.payments.stripe import charge_state
from giftshop.payments.stripe.charge_state import DisputeState, OfCharge, RefundState
from giftshop.refunds.models import Dispute, Refund
from redemption.ledger.stripe_lines import StripeLine
from redemption.models import JournalEntry

State = Refund.State
SAYS = {
    "pending": {State.PENDING},
    "requires_action": {State.PENDING},
    "succeeded": {State.SUCCEEDED},
    "failed": {State.FAILED, State.RETURNED},
    "canceled": {State.FAILED, State.RETURNED},
}
SENT_WITHIN = timedelta(hours=1)


def differences(*, since: datetime, now: datetime, tally: Tally) -> Iterator[Difference]:
    """What Stripe and we see differently of refunds and disputes made since then. Expects scopes to be
    disabled. Raises StripeUnavailable."""
    refunds = Refund.objects.filter(asked_at__gte=since).select_related("payment")
    ours = {row.refund_id: row for row in refunds.exclude(refund_id=None)}
    for charge, told in charge_state.refunds_since(since):
        row = ours.pop(told.id, None) or Refund.objects.filter(refund_id=told.id).first()
        if row or _is_ours(charge):
            tally.add()
            yield from _compare_refund(charge, told, row)
    disputes = Dispute.objects.filter(opened_at__gte=since).select_related("payment")
    open_here = {row.dispute_id: row for row in disputes}
    for charge, case in charge_state.disputes_since(since):
        dispute = open_here.pop(case.id, None) or Dispute.objects.filter(dispute_id=case.id).first()
        if dispute or _is_ours(charge):
            tally.add()
            yield from _compare_dispute(charge, case, dispute)
    for gone in ours.values():
        # Asked for here and made at Stripe a moment before `since` by its clock, or not at all.
        state = charge_state.retrieve(gone.payment.charge_id)
        if state is None or gone.refund_id not in {each.id for each in state.refunds}:
            tally.add()
            yield Difference(gone.payment.charge_id, f"Stripe has no refund {gone.refund_id}")
    for lost in open_here.values():
        tally.add()
        yield Difference(lost.payment.charge_id, f"Stripe has no dispute {lost.dispute_id}")
    for late in refunds.filter(state=State.ASKED, asked_at__lt=now - SENT_WITHIN):
        tally.add()
        yield Difference(late.payment.charge_id, f"we owe {late}, Stripe was not told")


def _is_ours(charge: OfCharge) -> bool:
    """An account may serve more than this shop."""
    return bool(charge.order_id) or Payment.objects.filter(charge_id=charge.id).exists()


def _compare_refund(
    charge: OfCharge, told: RefundState, row: Refund | None
) -> Iterator[Difference]:
    said = f"{told.amount} {told.currency}"
    if row is None:
        yield Difference(charge.id, f"Stripe has refund {told.id} of {said}, we have none")
        return
    if (row.amount, row.currency) != (told.amount, told.currency):
        ours = f"{row.amount} {row.currency}"
        yield Difference(charge.id, f"refund {told.id} is of {said}, ours of {ours}")
    if row.state not in SAYS.get(told.status, {row.state}):
        yield Difference(charge.id, f"refund {told.id} is {told.status}, ours {row.state}")
    yield from _compare_lines(charge, told.lines)


def _compare_dispute(
    charge: OfCharge, told: DisputeState, row: Dispute | None
) -> Iterator[Difference]:
    said = f"{told.amount} {told.currency}, {told.status}"
    if row is None:
        yield Difference(charge.id, f"Stripe has dispute {told.id} of {said}, we have none")
        return
    ours = f"{row.amount} {row.currency}, {row.status}"
    if said != ours:
        yield Difference(charge.id, f"dispute {told.id} is of {said}, ours of {ours}")
    yield from _compare_lines(charge, told.lines)


def _compare_lines(charge: OfCharge, lines: Iterable[StripeLine]) -> Iterator[Difference]:
    for line in lines:
        posted = JournalEntry.objects.filter(
            kind=JournalEntry.Kind.STRIPE_LINE, reference=f"line:{line.id}"
        )
        if not posted.exists():
            moved = f"{line.amount - line.fee} {line.currency}"
            yield Difference(
                charge.id, f"Stripe's balance moved by {moved} ({line.id}), not posted"
            )
