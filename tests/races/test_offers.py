"""Sixty-four phones ask for the last one at one moment: exactly one has it (I30)."""

from collections import Counter
from datetime import timedelta
from threading import Barrier, BoundedSemaphore
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from giftshop.accounts.models import User
from giftshop.handouts import send_list
from giftshop.handouts.hand_out import FewerLeft
from giftshop.handouts.models import Handout
from giftshop.offers import purchase, use
from giftshop.offers.discount import Basket
from giftshop.offers.models import Offer, OfferQuerySet, OfferUse
from giftshop.offers.use import UseRefused
from giftshop.outbox.models import Message
from redemption.models import Account, Code, Posting
from tests.cast import make_user
from tests.figures import Figure
from tests.giftshop.handouts.made import make_sheet
from tests.giftshop.handouts.test_list import keep, send
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


def ask_for_what_a_budget_has(brand: Brand, *, rounds: int) -> int:
    """How many were had in all; four of five dollars each time, and never a cent more."""
    for number in range(rounds):
        heard = ask_at_once(brand, f"Budget {number}", PHONES, uses_max=None, budget=2499)
        assert heard["given"] == 4
    return 4 * rounds


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
    type_at_once(brand, "LAST1", **caps)


BUDGETS = [999, 1999]


def type_for_the_last(brand: Brand, *, rounds: int) -> int:
    """Rounds in which a code was typed for the last discount; and as many for what is left of a budget. How
    many discounts were taken in all."""
    taken = 0
    for number in range(rounds):
        taken += type_at_once(brand, f"LAST{number}", uses_max=1)
        budget = BUDGETS[number % len(BUDGETS)]
        taken += type_at_once(brand, f"PART{number}", uses_max=None, budget=budget)
    return taken


def type_at_once(brand: Brand, typed: str, **caps: Any) -> int:
    """As their payment pages are made, each of an amount of its own: how many got their discount."""
    offer = percent_off(brand, name=typed, promo_code=typed, **caps)
    heard: Counter[str] = Counter()
    ready, room = Barrier(PHONES), BoundedSemaphore(AT_THE_DATABASE)

    def reserve(n: int) -> None:
        ready.wait(60)
        with room:
            try:
                with scope(brand=brand), transaction.atomic():
                    basket = Basket(1, 500 + 5 * n)
                    earned = purchase.by_code(typed=typed.lower(), basket=basket, now=NOW)
                    about = {"offer_id": earned.offer.pk, "discount": earned.discount}
                    purchase.reserve(order_id=uuid7(), **about, now=NOW)
                heard["kept"] += 1
            except (UseRefused, purchase.PromoRefused):
                heard["refused"] += 1
            finally:
                connection.close()

    at_once(reserve, PHONES)
    with scope(brand=brand):
        offer.refresh_from_db()
        costs = [use.cost for use in OfferUse.objects.filter(offer=offer)]
    assert offer.used == len(costs) == heard["kept"] == PHONES - heard["refused"]
    assert offer.spent == sum(costs)
    budget = caps.get("budget")
    if budget is None:
        assert len(costs) == 1
    else:  # what is left would have been too little for some that were refused
        assert budget - (100 + PHONES) < sum(costs) <= budget
    return len(costs)


def test_lists_at_once_take_turns_to_leave(brand: Brand, marketer: User) -> None:
    """Of two offers, so that no offer makes them wait for one another."""
    now, crowd = timezone.now(), 4
    text = "\n".join(f"a{n}@friends.example" for n in range(send_list.A_SECOND))
    users = [
        marketer,
        *(make_user(brand, f"m{n}@frosty.example", "marketer") for n in range(crowd - 1)),
    ]
    drafts = [keep(make_offer(brand, name=f"No. {n}"), user, text) for n, user in enumerate(users)]
    ready = Barrier(crowd)

    def go(n: int) -> None:
        ready.wait(60)
        try:
            send(drafts[n], now=now)
        finally:
            connection.close()

    at_once(go, crowd)
    due = Message.objects.filter(topic="handout.due").values_list("available_at", flat=True)
    assert Counter(due) == {now + timedelta(seconds=n): send_list.A_SECOND for n in range(crowd)}
