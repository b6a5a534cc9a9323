"""Who comes for the first time, by the address that the gift was for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from brands.models import Brand
from campaigns.dashboard.of_period import figures_of
from campaigns.dashboard.period import Period
from campaigns.models import Fact
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift, Recipient
from redemption.models import Device
from redemption.redeem import redeem as redeem_code
from redemption.redeem import reverse
from tests.campaigns.conftest import NOON, hear
from tests.cast import Place, line, pay, symbols

HOUR = timedelta(hours=1)
Come = Callable[[str, datetime], UUID]


@pytest.fixture
def come(in_brand: Brand, place: Place, treat: Treat, device: Device) -> Come:
    """Somebody whose gift was sent to that address has it at the counter; the redemption."""

    def comes(address: str, at: datetime) -> UUID:
        way = Gift.Channel.EMAIL if address else Gift.Channel.LINK
        ben = line(treat, "Ben", recipient_email=address, channel=way)
        if is_number := address.startswith("+"):
            ben = line(treat, "Ben", recipient_email="ben@x.example")
        order = pay(place(lines=[ben], now=NOON), now=NOON)
        [gift] = order.gifts.with_everything()
        if is_number:
            Recipient.objects.filter(pk=gift.recipient_id).update(email="", phone=address)
        assert gift.code
        answer = redeem_code.redeem(
            device=device,
            text=symbols(gift.code),
            key=str(gift.pk),
            picks={"flavour": ["mint"]},
            now=at,
        )
        assert answer.status_code == 201, answer.body
        return UUID(answer.body["id"])

    return comes


def said() -> list[bool | None]:
    rows = Fact.objects.filter(topic="code.redeemed").order_by("occurred_at")
    return list(rows.values_list("is_returning", flat=True))


def test_an_address_comes_for_the_first_time_once(come: Come) -> None:
    for number, address in enumerate(("Ben@x.example", "ben@X.example", "cleo@x.example", "")):
        come(address, NOON + number * HOUR)
    hear()
    assert said() == [False, True, False, None]
    figures = figures_of(Period(NOON.date(), NOON.date()))
    assert (figures.guests, figures.first_time, figures.came_back) == (4, 2, 1)


def test_a_number_is_an_address(come: Come) -> None:
    come("+12065550101", NOON)
    come("+12065550101", NOON + HOUR)
    hear()
    assert said() == [False, True]


def test_what_was_undone_is_no_visit_and_takes_away_what_it_had_said(
    come: Come, device: Device
) -> None:
    first = come("ben@x.example", NOON)
    reverse.reverse(
        device=device, redemption_id=first, reason="slip", now=NOON + timedelta(seconds=9)
    )
    come("ben@x.example", NOON + HOUR)
    hear()
    figures = figures_of(Period(NOON.date(), NOON.date()))
    assert (figures.guests, figures.first_time, figures.came_back) == (1, 1, 0)
    undone = Fact.objects.get(topic="redemption.reversed")
    assert undone.is_returning is False


def test_what_was_said_once_is_said_again_when_the_address_is_gone(
    come: Come, device: Device
) -> None:
    come("ben@x.example", NOON)
    second = come("ben@x.example", NOON + HOUR)
    hear()
    Recipient.objects.update(name="", email="", language="", time_zone="", erased_at=NOON)
    reverse.reverse(
        device=device, redemption_id=second, reason="slip", now=NOON + HOUR + timedelta(seconds=9)
    )
    hear()
    figures = figures_of(Period(NOON.date(), NOON.date()))
    assert (figures.guests, figures.first_time, figures.came_back) == (1, 1, 0)
