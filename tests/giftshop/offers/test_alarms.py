"""Who plans campaigns hears once that an offer is nearly used up, and once that it has ended."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import transaction
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from giftshop.offers import purchase
from giftshop.offers.models import Offer
from giftshop.offers.use import HELD_OUT, is_held_out, use
from giftshop.offers.write import facts_of, rewrite
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from tests.cast import make_user
from tests.giftshop.offers.made import MIA, NOW, make_offer, on_top


def take(offer: Offer, who: int) -> None:
    with scope(brand=offer.brand):
        use(offer_id=offer.pk, holder=f"browser:{who}", now=NOW)
    relay.drain()


def letters() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in mail.outbox:
        found.setdefault(each.to[0], []).append(str(each.subject))
    return found


def test_at_four_fifths_and_at_the_end(brand: Brand, owner: User, marketer: User) -> None:
    make_user(brand, "finance@frosty.example", "finance")
    offer = make_offer(brand, budget=2600)  # five of 5.00
    for who in range(5):
        take(offer, who)
        if who == 3:
            assert letters() == {}, "20.00 is less than four fifths"
    ended = "An offer of Frosty Spoon Creamery has ended"
    assert letters() == {owner.email: [ended], marketer.email: [ended]}


def test_once_each(brand: Brand, owner: User) -> None:
    offer = make_offer(brand, uses_max=10)
    for who in range(10):
        take(offer, who)
        take(offer, who)
    assert [subject.split(" ", 5)[-1] for subject in letters()[owner.email]] == [
        "Creamery is nearly used up",
        "Creamery has ended",
    ]
    assert "8 of 10 are taken" in str(mail.outbox[0].body)


def test_not_again_when_it_goes_down_and_up(brand: Brand, treat: Treat, owner: User) -> None:
    """What was kept free is let go, and the cap is raised: each level is told of once all the same."""
    offer = on_top(brand, treat, uses_max=10)

    def pay_for(orders: list[UUID]) -> None:
        with scope(brand=brand), transaction.atomic():
            for order in orders:
                purchase.give(order_id=order, offer_id=offer.pk, now=NOW)
        relay.drain()

    def keep_free() -> UUID:
        with scope(brand=brand), transaction.atomic():
            purchase.reserve(order_id=(order := uuid4()), offer_id=offer.pk, now=NOW)
        return order

    pay_for([uuid4() for _ in range(7)])
    kept = [keep_free() for _ in range(3)]
    pay_for(kept[:1])  # of ten that are counted
    with scope(brand=brand), transaction.atomic():
        for order in kept[1:]:
            purchase.let_go(order_id=order)
    pay_for([uuid4()])
    with scope(brand=brand):
        facts = replace(facts_of(offer), uses_max=20)
        assert rewrite(offer, facts=facts, by=MIA, now=NOW)
    pay_for([uuid4() for _ in range(11)])
    ended, low = (f"Creamery {words}" for words in ("has ended", "is nearly used up"))
    assert sorted(each.split(" ", 5)[-1] for each in letters()[owner.email]) == [ended, low]


def test_each_use_is_told_with_its_cost(brand: Brand, treat: Treat) -> None:
    take(make_offer(brand, treat), 1)
    with scopes_disabled():
        message = Message.objects.filter(topic=Topic.OFFER_USED).first()
    assert message is not None
    assert message.payload.keys() == {
        *("offer_id", "use_id", "code_id", "cost", "is_discount", "currency", "level")
    }
    assert (message.payload["cost"], message.payload["currency"]) == (650, "USD")


@pytest.mark.usefixtures("in_brand")
class TestHeldOut:
    def test_a_tenth_of_the_people_and_always_the_same(self, brand: Brand) -> None:
        offer = make_offer(brand, whom="sender", least_gifts=1, holds_out=True)
        people = [f"sender{n}@example.com" for n in range(3000)]
        out = [who for who in people if is_held_out(offer, who)]
        assert 220 < len(out) < 390, "some 300"
        assert out == [who for who in people if is_held_out(offer, who)]
        for who in (out[0], next(each for each in people if each not in out)):
            found = purchase.best(brand=brand, gifts=1, total=650, sender=who, now=NOW)
            assert (found is None) == (who == out[0])
            shouted = purchase.best(brand=brand, gifts=1, total=650, sender=who.upper(), now=NOW)
            assert (shouted is None) == (who == out[0]), "whatever spelling"
        Offer.objects.update(holds_out=False)
        assert purchase.best(brand=brand, gifts=1, total=650, sender=out[0], now=NOW)

    def test_nobody_can_tell_who_without_the_key(self, brand: Brand, settings: Any) -> None:
        offer = make_offer(brand, whom="sender", least_gifts=1, holds_out=True)
        people = [f"sender{n}@example.com" for n in range(300)]
        out = [who for who in people if is_held_out(offer, who)]
        settings.CODE_PEPPERS = {9: bytes(32)}
        assert out != [who for who in people if is_held_out(offer, who)]

    def test_a_page_that_promises_it_holds_nobody_out(self, brand: Brand) -> None:
        offer = make_offer(brand, holds_out=True)
        assert not any(is_held_out(offer, str(n)) for n in range(HELD_OUT * 20))
