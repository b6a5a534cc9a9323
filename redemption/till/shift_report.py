"""A day at one store in figures: what was handed over, by whom and when, and what recipients spent beyond.

A day is the store's own, from midnight to midnight on its clock. Money in minor units.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BigIntegerField, Case, Count, F, Q, Sum, When
from django.db.models.functions import ExtractHour, Greatest
from django.utils.translation import gettext as _

from brands.models import Store
from core import opening_hours
from core.bidi import isolated
from redemption.models import Device, GoodwillGift, Redemption, RefusedAttempt

NOBODY = ""
"""The name of whoever redeemed without signing in: a till system."""


@dataclass(frozen=True)
class Tally:
    """Sums of redemptions that stand; `reversals` counts those that do not, `given` goodwill gifts."""

    count: int = 0
    value: int = 0
    extras: int = 0
    over: int = 0
    """Spent beyond the gift: the basket less the gift, or the extras where no till told the basket."""
    reversals: int = 0
    given: int = 0
    """Goodwill gifts, and below what they were worth."""
    given_value: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in NAMES))


NAMES = tuple(field.name for field in fields(Tally))


class Part(NamedTuple):
    """What one person handed over, or gave as goodwill, within one hour."""

    staff_id: UUID | None
    is_label: bool
    """A till system said who it was; nobody signed in."""
    name: str
    hour: int
    tally: Tally

    @property
    def person(self) -> tuple[UUID | None, bool]:
        """Whoever signed in is told apart from whom a till system only named."""
        return self.staff_id, self.is_label

    @property
    def said(self) -> str:
        """The name, with who says so where nobody signed in."""
        return (
            _("%(name)s, says the till system") % {"name": isolated(self.name)}
            if self.is_label
            else self.name
        )


@dataclass(frozen=True)
class Day:
    """One store's day, and what was handed over and given in it."""

    store: Store
    on: date
    parts: tuple["Part", ...]
    goodwill_gifts: tuple[GoodwillGift, ...]
    """Each goodwill gift, with its code and who made it; the first comes first."""

    @cached_property
    def total(self) -> Tally:
        return _sum(self.parts)

    @cached_property
    def by_staff(self) -> list[tuple[str, Tally]]:
        """Name and sums, the busiest first; two of one name stay two."""
        names = {part.person: part.said for part in self.parts}
        rows = [
            (name, _sum(part for part in self.parts if part.person == person))
            for person, name in names.items()
        ]
        return sorted(rows, key=lambda row: (-row[1].count, row[0]))

    @cached_property
    def by_hour(self) -> list[tuple[int, Tally]]:
        """Every hour from opening to closing, and from the first gift to the last."""
        busy = {part.hour for part in self.parts}
        shown = busy | set(_open_hours(self.store, self.on))
        if not shown:
            return []
        return [
            (hour, _sum(part for part in self.parts if part.hour == hour))
            for hour in range(min(shown), max(shown) + 1)
        ]

    @property
    def busiest(self) -> tuple[int, Tally] | None:
        """The hour with most gifts, the first of several; None on a day without any."""
        most = max(self.by_hour, key=lambda row: row[1].count, default=None)
        return most if most and most[1].count else None


def day_of(*, store: Store, on: date) -> Day:
    """Expects the brand's scope. 2 queries."""
    stands = Q(reversal__isnull=True)
    told = Case(
        When(basket_total__isnull=True, then=F("extra_amount")),
        default=Greatest(F("basket_total") - F("amount"), 0, output_field=BigIntegerField()),
        output_field=BigIntegerField(),
    )
    rows = (
        Redemption.objects.filter(store=store, **store.within(on, "redeemed_at"))
        .values(
            "staff_id",
            "device__profile",
            name=F("staff__name"),
            hour=ExtractHour("redeemed_at", tzinfo=store.tz),
        )
        .annotate(
            handed=Count("pk", filter=stands),
            value=Sum("amount", filter=stands, default=0),
            extras=Sum("extra_amount", filter=stands, default=0),
            over=Sum(told, filter=stands, default=0),
            reversals=Count("pk", filter=~stands),
        )
        .order_by()
    )
    gifts = GoodwillGift.objects.filter(store=store, **store.within(on, "given_at"))
    goodwill_gifts = tuple(gifts.select_related("code", "staff").order_by("given_at", "pk"))
    handed_over = [_part(row) for row in rows]
    return Day(
        store, on, (*handed_over, *(_given(gift, store) for gift in goodwill_gifts)), goodwill_gifts
    )


def refusals(*, store: Store, on: date, most: int) -> list[RefusedAttempt]:
    """The latest that were refused that day. Expects the brand's scope. 1 query."""
    return list(
        RefusedAttempt.objects.filter(store=store, **store.within(on, "attempted_at"))
        .select_related("device", "staff", "code")
        .order_by("-attempted_at", "-pk")[:most]
    )


def refusals_by_reason(*, store: Store, on: date) -> list[tuple[str, int]]:
    """Each reason with how often it was given, the most frequent first. 1 query."""
    return list(
        RefusedAttempt.objects.filter(store=store, **store.within(on, "attempted_at"))
        .values_list("reason")
        .annotate(times=Count("pk"))
        .order_by("-times", "reason")
    )


def _part(row: Mapping[str, Any]) -> Part:
    tally = Tally(row["handed"], row["value"], row["extras"], row["over"], row["reversals"])
    named = row["staff_id"] is not None
    is_label = named and row["device__profile"] == Device.Profile.INTEGRATION
    return Part(row["staff_id"], is_label, row["name"] or NOBODY, row["hour"], tally)


def _given(gift: GoodwillGift, store: Store) -> Part:
    hour = gift.given_at.astimezone(store.tz).hour
    return Part(
        gift.staff_id, False, gift.staff.name, hour, Tally(given=1, given_value=gift.amount)
    )


def _sum(parts: Iterable[Part]) -> Tally:
    return sum((part.tally for part in parts), Tally())


def _open_hours(store: Store, on: date) -> range:
    """08:00-18:30 -> 8 to 18; nothing for a closed day, and over midnight up to it."""
    span = opening_hours.read(store.hours_on(on))
    if span is None:
        return range(0)
    first, end = span
    last = end.hour - (end.minute == 0)
    return range(first.hour, (last if end > first else 23) + 1)
