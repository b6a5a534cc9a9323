"""The disputes of a charge. While one is open its gifts are held; lost, what is left of them is void."""

from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.payments.stripe.charge_state import DisputeState
from giftshop.refunds import lost
from giftshop.refunds.charge.case import Case
from giftshop.refunds.models import Dispute
from redemption.codes import dispute
from redemption.codes.own_reasons import OwnReason
from redemption.models import Hold

RELEASES = {Dispute.Status.WON, Dispute.Status.PREVENTED, Dispute.Status.INQUIRY_CLOSED}


def read(case: Case) -> None:
    """No query for a charge that was never disputed: Stripe forgets none."""
    if not case.state.disputes:
        return
    for told in case.state.disputes:
        row, before = _row(case, told)
        for line in told.lines:
            if line.id not in case.booked:
                dispute.book(brand=case.brand, line=line, now=case.now)
        if row.status in Dispute.OPEN:
            hold_gifts(case, row.subject, Hold.Cause.DISPUTE)
        elif row.status in RELEASES and not row.is_unclear:
            release_gifts(case, row.subject, OwnReason.DISPUTE_OVER)
        if row.status != before:
            emit(
                topic=Topic.DISPUTE_MOVED,
                brand_id=row.brand_id,
                payload={"dispute_id": str(row.pk), "status": row.status},
                now=case.now,
            )
    if any(row.is_unclear for row in case.disputes.values()):
        lost.void_what_is_left(payment=case.payment, code_ids=case.code_ids, now=case.now)
        case.forget()


def hold_gifts(case: Case, subject: str, cause: Hold.Cause) -> None:
    """What is left of them, unless it is held for that already."""
    held = case.holds.get(subject, set())
    if any(left.balance and code not in held for code, left in case.left.items()):
        dispute.hold_gifts(code_ids=case.code_ids, subject=subject, cause=cause, now=case.now)
        case.forget()


def release_gifts(case: Case, subject: str, reason: str) -> None:
    """Those that are held for that."""
    if case.holds.get(subject):
        dispute.release_gifts(code_ids=case.code_ids, subject=subject, reason=reason, now=case.now)
        case.forget()


def _row(case: Case, told: DisputeState) -> tuple[Dispute, str]:
    """It as Stripe has it now, and its status before."""
    row = case.disputes.get(told.id)
    before = row.status if row else ""
    if row is None:
        row = case.disputes[told.id] = Dispute(
            brand=case.brand, payment=case.payment, dispute_id=told.id, opened_at=told.made_at
        )
    if before in Dispute.INQUIRIES and told.status not in Dispute.INQUIRIES:
        # What answered the question answers no dispute: the bank takes another.
        row.answered_at = None
    row.status, row.reason, row.due_by = told.status, told.reason[:60], told.due_by
    row.amount, row.currency = told.amount, told.currency
    row.withdrawn_at = told.withdrawn_at
    row.over_at = None if row.status in Dispute.OPEN else row.over_at or case.now
    row.is_unclear = _is_lost(told) and row.decided_at is None
    case.save(row)
    return row, before


def _is_lost(told: DisputeState) -> bool:
    """The payer has the money for good. So it is with a dispute that was prevented by giving it to them."""
    if told.status == Dispute.Status.PREVENTED:
        return sum(line.amount for line in told.lines) < 0
    return told.status == Dispute.Status.LOST
