"""A colleague who lost their passkeys, their app and their recovery codes signs in by e-mail alone again."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.refused import Refused
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import Membership, User
from giftshop.sign_in.factors import factors


class ResetRefusal(models.TextChoices):
    OWN = "own", _("You change your own on the page of your account.")
    ELSEWHERE = (
        "elsewhere",
        _(
            "They work for others, too. Whoever runs the installation can reset their second factors."
        ),
    )


class ResetRefused(Refused[ResetRefusal]):
    """`reason` in words for the owner who asked."""


def reset(member: Membership, *, by: User, now: datetime) -> bool:
    """Whether they had any. Raises ResetRefused where it is not this owner's to say: it would open another
    brand, or the installation, by their word."""
    user = member.user
    if user.pk == by.pk:
        raise ResetRefused(ResetRefusal.OWN)
    if user.is_staff or user.memberships.exclude(brand=member.brand).exists():
        raise ResetRefused(ResetRefusal.ELSEWHERE)
    return factors.reset(user, by=actor_of(by), now=now)
