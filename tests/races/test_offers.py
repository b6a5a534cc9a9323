"""Sixty-four phones ask for the last one at one moment: exactly one has it (I30)."""

from collections import Counter
from threading import Barrier, BoundedSemaphore
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from giftshop.handouts.hand_out import FewerLeft
from giftshop.handouts.models import Handout
from giftshop.offers import purchase, use
from giftshop.offers.models import Offer, OfferQuerySet, OfferUse
from giftshop.offers.use import UseRefused
from redemption.models import Account, Code, Posting
from tests.figures import Figure
from tests.giftshop.handouts.made import make_sheet
from tests.giftshop.offers.made import NOW, make_offer, percent_off
from tests.races.crowd import at_once

PHONES = 64
ROUNDS = 24
"""`make stress` has two hundred (tests/stress/test_long_races.py)."""
AT_THE_DATABASE = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]

pytestmark = pytest.mark.django_db(transaction=True)


def ask_for_the_last(brand: Brand, *, rounds: int, phones: int = PHONES) -> Counter[int]:
    """In how many rounds how many phones had the one that was left."""
    return Counter(ask_at_once(brand, f"Round {n}", phones)["given"] for n in range(rounds))


def ask_at_once(brand: Brand, name: str, phones: int, **caps: Any) -> Counter[str]:
    offer = make_offer(brand, name=name, **{"uses_max": 1, **caps})
    heard: Counter[str] = Counter()
    ready, room = Barrier(phones), BoundedSemaphore(AT_THE_DATABASE)

    def ask(n: int) -> None:
        ready.wait(60)
        with room:
            try:
                with scope(brand=brand):
                    use.use(offer_id=offer.pk, holder=f"browser:{n}", now=NOW)
                heard["given"] += 1
            except UseRefused as refused:
                heard[refused.reason.value] += 1
            finally:
                connection.close()

    at_once(ask, phones)
    with scope(brand=brand):
        offer.refresh_from_db()
        assert offer.used == OfferUse.objects.filter(offer=offer).count() == heard["given"]
    return heard


def test_one_has_the_last(brand: Brand, figure: Figure) -> None:
    assert ask_for_the_last(brand, rounds=ROUNDS) == {1: ROUNDS}
    tell(figure, ROUNDS)


def tell(figure: Figure, rounds: int) -> None:
    figure(
        "I30",
        f"the last of an offer, {PHONES} phones at once",
        size=f"{rounds} rounds",
        result="0 given twice",
        zero_in=rounds,
    )


def test_a_budget_holds_a_crowd(brand: Brand) -> None:
    heard = ask_at_once(brand, "Budget", PHONES, uses_max=None, budget=2499)
    assert heard == {"given": 4, "used_up": PHONES - 4}
    with scope(brand=brand):
        spent = [each.amount for each in Posting.objects.filter(account=Account.PROMO_EXPENSE)]
        assert sum(spent) == sum(code.amount for code in Code.objects.all()) == 2000


def test_one_phone_that_taps_many_times_has_one(brand: Brand) -> None:
    offer = make_offer(brand)
    had: list[Any] = []

    def tap(n: int) -> None:
        try:
            with scope(brand=brand):
                had.append(use.use(offer_id=offer.pk, holder="browser:a", now=NOW).pk)
        finally:
            connection.close()

    at_once(tap, AT_THE_DATABASE)
    assert len(set(had)) == 1


def test_without_the_guard_several_have_it(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: who reads a count and writes it back without a turn counts what was there before."""
    crowd = 4
    looked = Barrier(crowd)

    def count_as_read(offer: Offer, *asked: Any) -> None:
        looked.wait(30)
        Offer.objects.filter(pk=offer.pk).update(used=1)

    monkeypatch.setattr(OfferQuerySet, "locked", lambda rows: rows)
    monkeypatch.setattr(use, "count", count_as_read)
    offer = make_offer(brand, uses_max=1)
    given: list[int] = []

    def ask(n: int) -> None:
        try:
            with scope(brand=brand):
                use.use(offer_id=offer.pk, holder=f"browser:{n}", now=NOW)
            given.append(n)
        finally:
            connection.close()

    at_once(ask, crowd)
    assert len(given) == crowd


def test_sheets_and_phones_share_what_is_left(brand: Brand) -> None:
    """Each sheet has all of its cards or none, whoever else takes one at that moment."""
    offer = make_offer(brand, uses_max=10)
    crowd = AT_THE_DATABASE
    heard: Counter[str] = Counter()
    ready = Barrier(crowd)

    def ask(n: int) -> None:
        ready.wait(60)
        try:
            if n % 2:
                make_sheet(offer, 4)
                heard["sheet"] += 1
            else:
                with scope(brand=brand):
                    use.use(offer_id=offer.pk, holder=f"browser:{n}", now=NOW)
                heard["phone"] += 1
        except (UseRefused, FewerLeft):
            heard["refused"] += 1
        finally:
            connection.close()

    at_once(ask, crowd)
    with scope(brand=brand):
        offer.refresh_from_db()
        sheets = Handout.objects.count()
        assert offer.used == OfferUse.objects.count() == Code.objects.count()
        assert offer.used == 4 * sheets + heard["phone"] <= 10
        assert sheets == heard["sheet"]
        assert OfferUse.objects.filter(handout_id__isnull=False).count() == 4 * sheets
    assert sum(heard.values()) == crowd


@pytest.mark.parametrize("caps", [{"uses_max": 1}, {"uses_max": None, "budget": 999}])
def test_orders_at_once_take_no_discount_too_many(brand: Brand, caps: dict[str, Any]) -> None:
    """As their payment pages are made, each of an amount of its own."""
    offer = percent_off(brand, **caps)
    heard: Counter[str] = Counter()
    ready, room = Barrier(PHONES), BoundedSemaphore(AT_THE_DATABASE)

    def reserve(n: int) -> None:
        ready.wait(60)
        with room:
            try:
                with scope(brand=brand), transaction.atomic():
                    about = {"order_id": uuid7(), "offer_id": offer.pk, "discount": 100 + n}
                    purchase.reserve(**about, now=NOW)
                heard["kept"] += 1
            except UseRefused as refused:
                heard[refused.reason.value] += 1
            finally:
                connection.close()

    at_once(reserve, PHONES)
    with scope(brand=brand):
        offer.refresh_from_db()
        costs = [use.cost for use in OfferUse.objects.filter(offer=offer)]
    assert offer.used == len(costs) == heard["kept"] == PHONES - heard["used_up"]
    assert offer.spent == sum(costs)
    assert len(costs) == 1 if "budget" not in caps else sum(costs) <= 999
    assert "budget" not in caps or 999 - sum(costs) < 100 + PHONES
