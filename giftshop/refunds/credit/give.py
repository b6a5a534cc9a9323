"""A credit in place of money: what the sender gets for a gift that came back, where the brand has it so."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from giftshop.orders.models import Gift
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.payments.models import Payment
from giftshop.refunds.ask import refuse_unless_free
from giftshop.refunds.models import Refund, RefundLine, asked_by
from redemption.audit.actors import SYSTEM
from redemption.codes.credit import move_to_credit
from redemption.codes.own_reasons import OwnReason


def give_credit(*, gift: Gift, payment: Payment, may_tell: bool, now: datetime) -> Refund:
    """What was paid for the gift. The caller holds the order, and has seen that nothing of it was used.
    Expects the gift's order and code, and the brand's scope. Raises AskRefused, ActRefused."""
    order = gift.order
    refuse_unless_free(payment, [gift.pk])
    assert gift.code_id  # nosec B101  # it was paid for
    made = Refund(
        brand=order.brand,
        payment=payment,
        origin=Refund.Origin.RECIPIENT,
        state=Refund.State.CREDITED,
        currency=payment.currency,
        reason=OwnReason.GIVEN_BACK,
        may_tell_sender=may_tell,
        asked_at=now,
        over_at=now,
        **asked_by(SYSTEM),
    )
    with translation.override(order.brand.language):  # for staff: whoever has it hands in the code
        label = _("Credit")
    made.credit = move_to_credit(
        code_id=gift.code_id,
        reference=f"credit:{made.pk}",
        label=label,
        reason=OwnReason.GIVEN_BACK,
        now=now,
    )
    made.amount = made.credit.amount
    made.save(force_insert=True)
    RefundLine.objects.create(refund=made, gift=gift, amount=made.amount)
    emit(
        topic=Topic.REFUND_MOVED,
        brand_id=made.brand_id,
        payload={"refund_id": str(made.pk), "state": made.state},
        now=now,
    )
    return made
