"""Who reads a Monday letter: a brand's owners, and of a store those who run it and no whole brand. Each may
stop it for themselves, from the letter without signing in."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse
from django_scopes import scopes_disabled

from brands.models import Brand, Store
from campaigns.models import Letter, LetterStop
from giftshop.accounts import permissions
from giftshop.accounts.models import Membership, User
from giftshop.accounts.permissions import Permission

_signer = signing.Signer(salt="campaigns.letter.stop")


class Reader(NamedTuple):
    user: User
    brand: Brand


def of(brand: Brand, store: Store | None) -> list[User]:
    """In a fixed order, without those who stopped it. Expects the brand's scope. Two queries."""
    stopped = set(LetterStop.objects.values_list("user", flat=True))
    if store is None:
        found = list(User.objects.owning(brand))
    else:
        found = [each.user for each in _runners(brand).filter(stores=store) if _runs(each)]
    return [user for user in found if user.pk not in stopped]


def is_one(letter: Letter, user: User) -> bool:
    """Whether they read it still, as far as is known now. Expects the brand's scope. Two queries."""
    return user in of(letter.brand, letter.store)


def stores_with_readers(brand: Brand) -> list[Store]:
    """That are on. Two queries at most."""
    ids = {
        pk
        for each in _runners(brand).prefetch_related("stores")
        if _runs(each)
        for pk in _ids(each)
    }
    return list(Store.objects.open_for_gifts().filter(pk__in=ids).order_by("pk")) if ids else []


def _runners(brand: Brand) -> "QuerySet[Membership]":
    found = Membership.objects.filter(brand=brand, all_stores=False, user__is_active=True)
    return found.select_related("user").order_by("pk")


def _runs(member: Membership) -> bool:
    return Permission.RUN_STORES in permissions.of_member(member)


def _ids(member: Membership) -> list[UUID]:
    return [store.pk for store in member.stores.all()]


def is_stopped(reader: Reader) -> bool:
    """Expects the brand's scope."""
    return LetterStop.objects.filter(user=reader.user).exists()


def stop(reader: Reader, *, now: datetime) -> None:
    """No Monday letter of this brand to them from now on. Repeatable."""
    LetterStop.objects.get_or_create(
        brand=reader.brand, user=reader.user, defaults={"created_at": now}
    )


def start_again(reader: Reader) -> None:
    """Repeatable."""
    LetterStop.objects.filter(user=reader.user).delete()


def switch_path(reader: Reader) -> str:
    """Of the page on which they stop it. It opens nothing else."""
    return reverse("letter_switch", args=[_signer.sign(f"{reader.user.pk}.{reader.brand.pk}")])


def switch_url(reader: Reader) -> str:
    return settings.BASE_URL + switch_path(reader)


def find(signed: str) -> Reader | None:
    """Whose link it is; None for a forged one, and for somebody who works there no more. One query."""
    try:
        user, brand = map(UUID, _signer.unsign(signed).split("."))
    except (signing.BadSignature, ValueError):
        return None
    with scopes_disabled():
        rows = Membership.objects.select_related("user", "brand")
        member = rows.filter(user=user, brand=brand, user__is_active=True).first()
    return Reader(member.user, member.brand) if member else None
