"""Brands that were begun and never opened: their owners are told, and a while later they are closed, unless
somebody came back. The row and its audit log stay, without anybody's address; its shop is gone."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.accounts import second_factor
from giftshop.accounts.models import AccountLetter, Invitation, Membership, User
from giftshop.orders.models import Order
from giftshop.sign_in import letters
from giftshop.team.invitations import hold_team
from redemption.audit.actors import SYSTEM
from redemption.audit.log import Act, record
from redemption.models import Device
from redemption.till import devices

QUIET = timedelta(days=60)
"""So long nobody of an unopened brand signed in: then they are told."""
NOTICE = timedelta(days=14)
"""So long after that it is closed."""
BATCH = 100
"""Of one run, for each of the two; each brand is a transaction of its own."""
FORGOTTEN = (
    "support_email",
    "support_phone",
    "reply_email",
    "legal_name",
    "representative",
    "legal_address",
    "register_entry",
    "tax_id",
)
"""Columns that may say who somebody is."""


def run(*, now: datetime) -> tuple[int, int]:
    """How many were told, and how many closed."""
    _spare_whose_people_came_back()
    told = sum(_tell(brand, now) for brand in to_tell(now)[:BATCH])
    closed = sum(_close(brand, now) for brand in to_close(now)[:BATCH])
    return told, closed


def to_tell(now: datetime) -> "QuerySet[Brand]":
    """Begun so long ago, and nobody of theirs signed in since."""
    lately = Membership.objects.filter(brand=OuterRef("pk"), user__last_login__gt=now - QUIET)
    return (
        _unopened()
        .filter(Q(created_at__lt=now - QUIET) & ~Exists(lately), closing_told_at=None)
        .order_by("pk")
    )


def to_close(now: datetime) -> "QuerySet[Brand]":
    return _unopened().filter(closing_told_at__lt=now - NOTICE).order_by("pk")


def _unopened() -> "QuerySet[Brand]":
    with scopes_disabled():
        sold = Order.objects.filter(brand=OuterRef("pk"))
        return Brand.objects.filter(~Exists(sold), opened_at=None, closed_at=None)


def _spare_whose_people_came_back() -> None:
    back = Membership.objects.filter(
        brand=OuterRef("pk"), user__last_login__gt=OuterRef("closing_told_at")
    )
    _unopened().filter(Exists(back)).update(closing_told_at=None)


def _tell(brand: Brand, now: datetime) -> bool:
    with transaction.atomic():
        told = Brand.objects.filter(pk=brand.pk, closing_told_at=None).update(closing_told_at=now)
        for owner in User.objects.owning(brand) if told else ():
            kind, day = AccountLetter.Kind.BRAND_CLOSES, (now + NOTICE).date()
            letters.write(owner, kind=kind, secret=f"{brand.pk} {day}", now=now, by_brand=False)
    return bool(told)


def _close(brand: Brand, now: datetime) -> bool:
    """Unless its shop opened in this moment."""
    with transaction.atomic(), scope(brand=brand):
        hold_team(brand.pk)
        forgotten = dict.fromkeys(FORGOTTEN, "")
        unopened = Brand.objects.filter(pk=brand.pk, opened_at=None, closed_at=None)
        if not unopened.update(closed_at=now, **forgotten):
            return False
        Invitation.objects.waiting(now).filter(brand=brand).update(
            withdrawn_at=now, token_ciphertext=None
        )
        for member in Membership.objects.filter(brand=brand).select_related("user"):
            second_factor.end(member)
            member.delete()
        for device in Device.objects.filter(revoked_at=None):
            devices.revoke(device=device, actor=SYSTEM, now=now)
        record(
            brand=brand, actor=SYSTEM, act=Act.BRAND_CLOSED, subject=f"brand:{brand.pk}", now=now
        )
    return True
