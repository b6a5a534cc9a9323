"""Until when a sender may take a gift back: the kindest of what law, brand and delivery give."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from brands.models import Brand
from brands.policy.withdrawal import Basis, Window, withdrawal_window

PAID = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
"""A Monday in UTC, and in Berlin Tuesday already."""


def brand(country: str, days: int | None = None, zone: str = "UTC") -> Brand:
    return Brand(country=country, withdrawal_days=days, time_zone=zone)


def window(brand: Brand, now: datetime, **fields: Any) -> Window | None:
    said = {"paid_at": PAID, "deliver_at": None, "opened_at": None, **fields}
    return withdrawal_window(brand=brand, now=now, **said)


@pytest.mark.parametrize(
    ("of", "ends"),
    [
        (brand("FR"), datetime(2026, 3, 17, tzinfo=UTC)),
        (brand("DE", zone="Europe/Berlin"), datetime(2026, 3, 17, 23, tzinfo=UTC)),
        (brand("GB"), datetime(2026, 3, 17, tzinfo=UTC)),
        (brand("NO"), datetime(2026, 3, 17, tzinfo=UTC)),
        (brand("KR"), datetime(2026, 3, 10, tzinfo=UTC)),
        (brand("FR", 30), datetime(2026, 4, 2, tzinfo=UTC)),
        (brand("FR", 3), datetime(2026, 3, 17, tzinfo=UTC)),
        (brand("JP", 3), datetime(2026, 3, 6, tzinfo=UTC)),
    ],
)
def test_the_last_day_is_whole_and_the_brands(of: Brand, ends: datetime) -> None:
    opened = PAID + timedelta(hours=1)
    last = ends - timedelta(microseconds=1)
    assert window(of, last, opened_at=opened) == Window(Basis.DAYS, ends)
    assert window(of, ends, opened_at=opened) is None


def test_a_last_day_of_the_law_goes_on_over_the_weekend() -> None:
    saturday = PAID + timedelta(days=5)
    for paid in (saturday, saturday + timedelta(days=1)):
        found = window(brand("FR"), paid, paid_at=paid)
        assert found
        assert found.until
        assert (found.until - timedelta(days=1)).weekday() == 0
    kind = window(brand("JP", 14), saturday, paid_at=saturday, opened_at=saturday)
    assert kind == Window(Basis.DAYS, datetime(2026, 3, 22, tzinfo=UTC))


def test_without_a_law_it_is_open_until_it_is_opened() -> None:
    year_later = PAID + timedelta(days=400)
    assert window(brand("US"), year_later) == Window(Basis.UNOPENED, None)
    assert window(brand("US", 14), year_later) == Window(Basis.UNOPENED, None)
    assert window(brand("US"), PAID, opened_at=PAID) is None
    assert window(brand("FR"), year_later) is None


def test_what_is_for_later_may_be_taken_back_until_it_goes_out() -> None:
    later = PAID + timedelta(days=60)
    of = brand("DE")
    assert window(of, later - timedelta(seconds=1), deliver_at=later) == Window(
        Basis.SCHEDULED, later
    )
    assert window(of, later, deliver_at=later) is None
    soon = window(of, PAID, deliver_at=PAID + timedelta(days=1))
    assert soon
    assert soon.basis == Basis.DAYS
