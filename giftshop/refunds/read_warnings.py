"""The warnings of a charge: its gifts are held while Stripe or a card scheme takes it for fraud, unless an
owner has set the warning aside."""

from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.refunds.case import Case
from giftshop.refunds.models import FraudWarning
from redemption.codes import dispute
from redemption.models import Hold


def read(case: Case) -> None:
    for told in case.state.warnings:
        row = FraudWarning.objects.filter(warning_id=told.id).first()
        is_new = row is None
        row = row or FraudWarning(
            brand=case.brand, payment=case.payment, warning_id=told.id, made_at=told.made_at
        )
        row.is_open = told.is_open
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
                reason="the warning is over",
                now=case.now,
            )
        if is_new:
            emit(
                topic=Topic.WARNING_RAISED,
                brand_id=row.brand_id,
                payload={"warning_id": str(row.pk)},
                now=case.now,
            )
