"""The recipient would rather not have a gift: nobody asks why, and its sender gets the money, or a credit, as
the brand has it."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from brands.models import Returns
from core.refused import Refused
from giftshop.orders.models import Gift
from giftshop.refunds.ask import ask, lock
from giftshop.refunds.credit.give import give_credit
from giftshop.refunds.models import Refund
from giftshop.refunds.withdraw import used_codes
from redemption.audit.actors import SYSTEM
from redemption.codes.acts import lock_all
from redemption.codes.own_reasons import OwnReason
from redemption.models import Code


class GiveBackRefusal(models.TextChoices):
    USED = "used", _("It was used, if only in part, so it can't be given back.")
    NOT_GOOD = "not_good", _("It can't be given back now.")


class GiveBackRefused(Refused[GiveBackRefusal]):
    pass


def barrier(gift: Gift, now: datetime) -> GiveBackRefusal | None:
    """Why it can't be given back, if something keeps it. Expects its code. One query at most."""
    code = gift.code
    if code is None or code.state != Code.State.ACTIVE or code.expires_at <= now:
        is_used = code is not None and code.state == Code.State.REDEEMED
        return GiveBackRefusal.USED if is_used else GiveBackRefusal.NOT_GOOD
    return GiveBackRefusal.USED if used_codes([gift]) else None


def give_back(*, gift: Gift, may_tell: bool, now: datetime) -> Refund:
    """`may_tell`: the sender may hear that the recipient gave it back; else only that it could not be used.
    Expects the brand's scope. Raises GiveBackRefused, AskRefused, ActRefused."""
    with transaction.atomic():
        payment = lock(gift.order)
        lock_all([gift.code_id] if gift.code_id else [])
        found = Gift.objects.with_everything().get(pk=gift.pk)
        if no := barrier(found, now):
            raise GiveBackRefused(no)
        if found.order.brand.returns_as == Returns.CREDIT:
            return give_credit(gift=found, payment=payment, may_tell=may_tell, now=now)
        made = ask(
            order=found.order,
            amounts={found.pk: None},
            origin=Refund.Origin.RECIPIENT,
            actor=SYSTEM,
            reason=OwnReason.GIVEN_BACK,
            now=now,
        )
        made.may_tell_sender = may_tell
        made.save(update_fields=["may_tell_sender"])
    return made
