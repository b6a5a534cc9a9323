"""Somebody opens a brand for themselves: one that is not open yet for each person, and some in a day."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.refused import Refused
from giftshop.accounts import second_factor
from giftshop.accounts.models import Membership, User
from giftshop.operator.brands.open import BrandFacts, open_brand
from redemption import rate_limits


class OpeningRefusal(models.TextChoices):
    DAY = "day", _("Many shops were opened here today. Please come back tomorrow.")


class OpeningRefused(Refused[OpeningRefusal]):
    """`reason` in words for whoever wants to open one."""


def is_on() -> bool:
    """Whether anybody may open a brand here."""
    return settings.SELF_SERVICE


def own_unopened(user: User) -> Brand | None:
    """The brand of theirs that does not sell yet."""
    return (
        Brand.objects.filter(
            opened_at=None, memberships__user=user, memberships__role=Membership.Role.OWNER
        )
        .order_by("pk")
        .first()
    )


def open_own_brand(*, facts: BrandFacts, by: User, now: datetime) -> Brand:
    """A brand with this person as its owner; the one that they are opening already, if there is one. Raises
    OpeningRefused where there were too many today."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        if begun := own_unopened(by):
            return begun
        today = {rate_limits.key("own_brand", "all", "a day"): settings.SELF_SERVICE_PER_DAY}
        if rate_limits.count(today, now=now, window=timedelta(days=1)):
            raise OpeningRefused(OpeningRefusal.DAY)
        brand = open_brand(
            facts=facts, by=by, now=now, awaits_approval=settings.SELF_SERVICE_APPROVAL
        )
        Membership.objects.create(
            user=by,
            brand=brand,
            role=Membership.Role.OWNER,
            grace_from=second_factor.begin(by, now=now),
        )
    return brand
