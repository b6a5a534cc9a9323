"""The warnings of a charge: its gifts are held while Stripe or a card scheme takes it for fraud, unless an
owner has set the warning aside."""

from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.refunds.charge.case import Case
from giftshop.refunds.models import FraudWarning
from redemption.codes import dispute
from redemption.codes.own_reasons import OwnReason
from redemption.models import Hold


def read(case: Case) -> None:
    rows = {row.warning_id: row for row in case.payment.fraud_warnings.all()}
    for told in case.state.warnings:
        row = rows.get(told.id) or FraudWarning(
            brand=case.brand, payment=case.payment, warning_id=told.id, made_at=told.made_at
        )
        _follow(case, row, is_open=told.is_open)
    # A charge names its review only while that is open.
    for warning_id in rows.keys() - {told.id for told in case.state.warnings}:
        _follow(case, rows[warning_id], is_open=False)


def _follow(case: Case, row: FraudWarning, *, is_open: bool) -> None:
    is_new = row._state.adding
    if is_new or row.is_open != is_open:
        row.is_open = is_open
        row.save()
    if row.holds():
        dispute.hold_gifts(
            code_ids=case.code_ids,
            subject=row.subject,
            cause=Hold.Cause.WARNING,
            now=case.now,
        )
    else:
        dispute.release_gifts(
            code_ids=case.code_ids,
            subject=row.subject,
            reason=OwnReason.WARNING_OVER,
            now=case.now,
        )
    if is_new:
        emit(
            topic=Topic.WARNING_RAISED,
            brand_id=row.brand_id,
            payload={"warning_id": str(row.pk)},
            now=case.now,
        )
