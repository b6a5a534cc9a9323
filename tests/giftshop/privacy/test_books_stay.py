"""Whatever gifts have lived through, erasing their recipients or clearing them by age moves no money and
leaves no name."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.gift_page.open import open_gift
from giftshop.gift_page.thanks import say_thanks
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.privacy import clear
from giftshop.privacy.erase import erase_recipients
from redemption.codes import refund
from redemption.ledger.verify import CHECKS, differences
from redemption.models import Code, Device
from redemption.redeem.redeem import redeem
from redemption.redeem.reverse import reverse
from tests.cast import Place, line, pay, put_on_hold, symbols
from tests.giftshop.privacy.conftest import found
from tests.giftshop.privacy.test_erase import books

pytestmark = pytest.mark.django_db

Act = Callable[[Gift, Device], Any]
NOW = timezone.now()


def opened(gift: Gift, device: Device) -> None:
    open_gift(gift_id=gift.pk)


def thanked(gift: Gift, device: Device) -> None:
    open_gift(gift_id=gift.pk)
    say_thanks(gift_id=gift.pk, words="quixley thanks")


def redeemed(gift: Gift, device: Device) -> None:
    assert gift.code is not None
    redeem(device=device, text=symbols(gift.code), key=str(gift.pk), picks={"flavour": "mint"})


def reversed_(gift: Gift, device: Device) -> None:
    redeemed(gift, device)
    done = gift.code.redemptions.first() if gift.code else None
    if done:
        reverse(redemption_id=done.pk, device=device, reason="a wrong tap")


def voided(gift: Gift, device: Device) -> None:
    assert gift.code is not None
    refund.take_off(
        brand=gift.order.brand, refund=f"refund:{gift.pk}", amounts={gift.code.pk: 650}, now=NOW
    )


def held(gift: Gift, device: Device) -> None:
    assert gift.code is not None
    put_on_hold(gift.code)


def untouched(gift: Gift, device: Device) -> None:
    """Still wrapped."""


LIVES: list[Act] = [opened, thanked, redeemed, reversed_, voided, held, untouched]


@dataclass
class Counter:
    """Where gifts are sent from and handed over."""

    brand: Brand
    place: Place
    treat: Treat
    device: Device


@pytest.fixture
def counter(brand: Brand, place: Place, treat: Treat, device: Device) -> Counter:
    return Counter(brand, place, treat, device)


@pytest.mark.parametrize("erased", [LIVES[:3], LIVES[3:]])
def test_no_money_moves_and_no_name_stays(counter: Counter, erased: list[Act]) -> None:
    """Each life once erased and once cleared."""
    _end(counter, erased, cleared=[life for life in LIVES if life not in erased])


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(30))
def test_nor_after_any_lives_together(counter: Counter, seed: int) -> None:
    chance = random.Random(seed)
    _end(counter, chance.choices(LIVES, k=3), chance.choices(LIVES, k=4))


def _end(counter: Counter, erased: list[Act], cleared: list[Act]) -> None:
    """Gifts of one order live so, and then their people are forgotten in one way or the other."""
    brand, lives = counter.brand, [*erased, *cleared]
    lines = [
        line(
            counter.treat,
            f"Quixley{n}",
            recipient_email=f"q{n}@quixley.example",
            message="quixley!",
        )
        for n in range(len(lives))
    ]
    order = pay(counter.place(lines=lines))
    relay.drain()
    with scope(brand=brand):
        gifts = list(order.gifts.with_everything())
        for gift, live in zip(gifts, lives, strict=True):
            live(gift, counter.device)
    kept, states = books(), _states()
    first, second = gifts[: len(erased)], gifts[len(erased) :]
    with scope(brand=brand):
        erase_recipients([gift.pk for gift in first], now=NOW)
    assert books() == kept
    assert _states() == states
    with scopes_disabled():
        left = set(Gift.objects.exclude(recipient__name="").values_list("pk", flat=True))
    assert left == {gift.pk for gift in second}
    assert found("quixley"), "the control"

    clear.run(now=NOW + timedelta(days=1930))
    assert found("quixley") == set()
    assert books() == kept
    assert _states() == states
    with scopes_disabled():
        assert [each for check in CHECKS for each in differences(check)] == []


def _states() -> dict[Any, Any]:
    return {code.pk: (code.state, code.balance) for code in Code._base_manager.all()}
