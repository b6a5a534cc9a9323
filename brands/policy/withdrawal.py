"""Until when a sender may take a gift back, and by which rule: the longest of those that hold."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from brands.models import Brand
from brands.policy.countries import law_of
from core import validity

SATURDAY = 5


class Basis(StrEnum):
    DAYS = "days"
    """So many from the day of paying: the law's, or the brand's where these are more."""
    UNOPENED = "unopened"
    """Until it is opened: where we know no law."""
    SCHEDULED = "scheduled"
    """Until it goes out."""


@dataclass(frozen=True)
class Window:
    """Open now."""

    basis: Basis
    until: datetime | None
    """When it ends; None: when the gift is opened."""


def withdrawal_window(
    *,
    brand: Brand,
    paid_at: datetime,
    deliver_at: datetime | None,
    opened_at: datetime | None,
    now: datetime,
) -> Window | None:
    """What lets the sender take this gift back, if anything does. No query.

    Days are the brand's, and the last of them is whole. What was used, or is on hold, is not asked here.
    """
    if opened_at is None and law_of(brand.country).withdrawal_days is None:
        return Window(Basis.UNOPENED, None)
    ends = []
    days = ends_after_days(brand, paid_at)
    if days:
        ends.append((days, Basis.DAYS))
    if deliver_at:
        ends.append((deliver_at, Basis.SCHEDULED))
    until, basis = max(ends, default=(now, Basis.DAYS))
    return Window(basis, until) if until > now else None


def ends_after_days(brand: Brand, paid_at: datetime) -> datetime | None:
    """The midnight after the last of the days that law or brand give; None: neither does.

    The day of paying is not counted. A last day that the law gives goes on over Saturday and Sunday
    (Regulation (EEC) No 1182/71, art. 3; BGB § 193); of public holidays we know nothing.
    """
    law = law_of(brand.country).withdrawal_days
    ends = []
    if law:
        ends.append(_working_day(_day(paid_at, law.value, brand.tz)))
    if brand.withdrawal_days is not None:
        ends.append(_day(paid_at, brand.withdrawal_days, brand.tz))
    return validity.end_of(max(ends), brand.tz) if ends else None


def _day(paid_at: datetime, days: int, zone: tzinfo) -> date:
    return paid_at.astimezone(zone).date() + timedelta(days=days)


def _working_day(day: date) -> date:
    """The Monday after a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day
