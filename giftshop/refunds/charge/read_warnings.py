"""The warnings of a charge: its gifts are held while Stripe or a card scheme takes it for fraud, unless an
owner has set the warning aside."""

from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.refunds.charge.case import Case
from giftshop.refunds.charge.read_disputes import hold_gifts, release_gifts
from giftshop.refunds.models import FraudWarning
from redemption.codes.own_reasons import OwnReason
from redemption.models import Hold


def read(case: Case) -> None:
    rows = {row.warning_id: case.know(row) for row in case.payment.fraud_warnings.all()}
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
    row.is_open = is_open
    case.save(row)
    if row.holds():
        hold_gifts(case, row.subject, Hold.Cause.WARNING)
    else:
        release_gifts(case, row.subject, OwnReason.WARNING_OVER)
    if is_new:
        emit(
            topic=Topic.WARNING_RAISED,
            brand_id=row.brand_id,
            payload={"warning_id": str(row.pk)},
            now=case.now,
        )
