"""What a sender says of a gift that nobody opened: their money back, or that it shall stay. Silence is the
second, unless they were told a day from which it is the first (return_unopened.py)."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core.refused import Refused
from giftshop.orders.models import Gift, Order
from giftshop.refunds.ask import ask, lock
from giftshop.refunds.models import Refund
from giftshop.reminders.schedule import Kind, is_wanted
from redemption.audit.actors import SYSTEM
from redemption.codes.acts import lock_all
from redemption.codes.own_reasons import OwnReason


class AnswerRefusal(models.TextChoices):
    OVER = (
        "over",
        _("It was opened or used meanwhile, or its time has passed, so it stays as it is."),
    )


class AnswerRefused(Refused[AnswerRefusal]):
    pass


def is_asked(gift: Gift, now: datetime) -> bool:
    """Whether the question still stands. Expects its code and recipient. No query."""
    return gift.asked_at is not None and is_wanted(gift, Kind.ASK_SENDER, now)


def money_back(*, order: Order, gift: Gift, now: datetime) -> Refund:
    """All of it, whatever the time for taking gifts back: the brand asked. Expects the brand's scope. Raises
    AnswerRefused, AskRefused, ActRefused."""
    with transaction.atomic():
        lock(order)
        lock_all([gift.code_id] if gift.code_id else [])
        found = order.gifts.with_everything().get(pk=gift.pk)
        if not is_asked(found, now):
            raise AnswerRefused(AnswerRefusal.OVER)
        return ask(
            order=order,
            amounts={found.pk: None},
            origin=Refund.Origin.SENDER,
            actor=SYSTEM,
            reason=OwnReason.UNOPENED,
            now=now,
        )


def leave(*, gift: Gift) -> None:
    """Not asked any more, and nothing goes back by itself. Expects the brand's scope."""
    Gift.objects.filter(pk=gift.pk).update(asked_at=None, returns_at=None)
