"""Who runs the installation, and no longer does."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from brands.models import Brand
from core.refused import Refused
from giftshop.accounts import browser_sessions
from giftshop.accounts.models import Invitation, User
from giftshop.team.invitations import hold_team, may_manage, withdraw, withdraw_earlier
from redemption.audit.actors import SYSTEM


class OperatorRefusal(models.TextChoices):
    NOBODY = "nobody", _("Nobody with this address runs the installation or is invited to.")


class OperatorRefused(Refused[OperatorRefusal]):
    """`reason` in words for whoever sits at the server."""


def remove(*, email: str, now: datetime) -> list[Brand]:
    """Take the operator's pages from whoever signs in with this address, and say in whose teams they still
    are. They are signed out everywhere, an address that waits to make them an operator ends, and so do
    their own invitations to brands that they don't own.

    Raises OperatorRefused where nobody is or waits to be one. Their account stays: they may work for a brand.
    """
    email = email.strip().lower()
    with transaction.atomic():
        waited = withdraw_earlier(None, email, now)
        removed = User.objects.filter(email=email, is_staff=True).first()
        if removed is None:
            if not waited:
                raise OperatorRefused(OperatorRefusal.NOBODY)
            return []
        User.objects.filter(pk=removed.pk).update(is_staff=False, is_superuser=False)
        browser_sessions.end_all(removed)
    # Committed by now, so that whoever holds a team sees that they may no longer invite.
    _withdraw_invitations(removed, now)
    return list(Brand.objects.filter(memberships__user=removed).order_by("slug"))


def _withdraw_invitations(inviter: User, now: datetime) -> None:
    """Nobody comes in by the word of somebody who may no longer give it."""
    own = Invitation.objects.waiting(now).filter(invited_by=inviter)
    for brand in Brand.objects.filter(pk__in=own.values("brand")).order_by("pk"):
        with transaction.atomic(), scope(brand=brand):
            hold_team(brand.pk)
            if not may_manage(brand, inviter):
                for invited in own.filter(brand=brand):
                    withdraw(invited, by=SYSTEM, now=now)
