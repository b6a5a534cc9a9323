"""A sheet of cards: within the offer's caps or not at all, each card good once, and taken back as a whole."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.handouts import end, hand_out
from giftshop.handouts.counts import Standing, standings
from giftshop.handouts.hand_out import FewerLeft
from giftshop.handouts.models import Handout
from giftshop.offers import write
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import UseRefusal, UseRefused, use
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from redemption.models import AuditEntry, Code, Device
from redemption.redeem.redeem import redeem
from tests.cast import symbols
from tests.giftshop.handouts.made import LATER, codes_of, make_sheet
from tests.giftshop.offers.made import MIA, NOW, make_offer

pytestmark = pytest.mark.django_db


def redeemed(code: Code, device: Device, now: Any = LATER) -> Any:
    with scope(brand=device.brand):
        return redeem(
            device=device,
            text=symbols(code),
            key=str(uuid4()),
            picks={"flavour": "mint"},
            staff=None,
            now=now,
        ).outcome


def test_each_card_is_a_code_of_the_treat_and_a_use_of_the_offer(
    brand: Brand, treat: Treat, device: Device
) -> None:
    offer = make_offer(brand, treat, budget=100_000)
    made = make_sheet(offer, 4, terms="One for each person.")
    codes = codes_of(made)
    assert {(code.amount, code.label, code.origin) for code in codes} == {
        (650, "Double scoop, Regular", "promotional")
    }
    assert {code.last_day for code in codes} == {date(2026, 6, 30)}
    assert (made.number, made.amount, made.cost) == (4, 650, 2600)
    offer.refresh_from_db()
    assert (offer.used, offer.spent, offer.used_that_day) == (4, 2600, 4)
    assert redeemed(codes[0], device).label == "Double scoop, Regular"
    call_command("verify_ledger")


@pytest.mark.parametrize(
    ("caps", "left"),
    [
        ({"uses_max": 3}, 3),
        ({"uses_max": 50, "budget": 1400}, 2),
        ({"uses_a_day_max": 1}, 1),
        ({"budget": 650}, 1),
    ],
)
def test_all_of_it_or_nothing(brand: Brand, treat: Treat, caps: dict[str, int], left: int) -> None:
    offer = make_offer(brand, treat, **caps)
    with pytest.raises(FewerLeft) as refused:
        make_sheet(offer, left + 1)
    assert refused.value.left == left
    with scope(brand=brand):
        assert not Handout.objects.exists()
        assert not OfferUse.objects.exists()
        assert not Code.objects.exists()
    make_sheet(offer, left)
    offer.refresh_from_db()
    assert (offer.used, offer.spent) == (left, 650 * left)
    with pytest.raises(UseRefused):
        make_sheet(offer, 1)


@pytest.mark.parametrize("whom", ["sender", "recipient"])
def test_not_of_what_is_earned(brand: Brand, treat: Treat, whom: str) -> None:
    asked = {"least_gifts": 2} if whom == "sender" else {}
    with pytest.raises(Offer.DoesNotExist):
        make_sheet(make_offer(brand, treat, whom=whom, **asked))


def test_not_while_it_rests(brand: Brand, treat: Treat) -> None:
    offer = make_offer(brand, treat)
    with scope(brand=brand):
        write.pause(offer, by=MIA, now=NOW)
    with pytest.raises(UseRefused) as refused:
        make_sheet(offer)
    assert refused.value.reason == UseRefusal.PAUSED


def test_the_same_form_makes_one(brand: Brand, treat: Treat) -> None:
    offer, key = make_offer(brand, treat), uuid4()
    assert make_sheet(offer, 2, key=key) == make_sheet(offer, 2, key=key)
    assert make_sheet(offer, 2) != make_sheet(offer, 2, key=key)
    offer.refresh_from_db()
    assert offer.used == 4


def test_it_is_good_within_its_days(brand: Brand, treat: Treat, device: Device) -> None:
    first, last = date(2026, 5, 9), date(2026, 5, 10)
    made = make_sheet(make_offer(brand, treat), 3, first_day=first, last_day=last)
    one, two, three = codes_of(made)
    midnight = one.valid_from
    assert timezone.localtime(midnight, brand.tz).date() == first
    assert redeemed(one, device, midnight - timedelta(seconds=1)).reason == "not_yet_valid"
    assert redeemed(one, device, midnight).label
    ends = midnight + timedelta(days=2)
    assert redeemed(two, device, ends - timedelta(seconds=1)).label
    assert redeemed(three, device, ends).reason == "expired"


def test_taken_back_as_a_whole_what_was_used_stays(
    brand: Brand, treat: Treat, device: Device
) -> None:
    offer = make_offer(brand, treat)
    made, other = make_sheet(offer, end.AT_ONCE + 3), make_sheet(offer, 2)
    codes = codes_of(made)
    assert redeemed(codes[0], device).label
    with scope(brand=brand):
        for _twice in range(2):
            end.end(handout_id=made.pk, reason="It was stolen", by=MIA, now=LATER)
    relay.drain()
    with scope(brand=brand):
        stand = standings([made.pk, other.pk], LATER)
        assert stand[made.pk] == Standing(redeemed=1, taken_back=len(codes) - 1)
        assert stand[other.pk] == Standing(good=2)
        told = AuditEntry.objects.filter(subject=f"handout:{made.pk}").order_by("number")
        assert [(each.act, each.actor_name) for each in told] == [
            ("handout.made", "Mia"),
            ("handout.ended", "Mia"),
        ]
        assert end.take_back(handout_id=made.pk, now=LATER) == 0
    assert redeemed(codes[1], device).reason == "voided"
    offer.refresh_from_db()
    assert offer.used == end.AT_ONCE + 5, "what was given is given"
    call_command("verify_ledger")
    call_command("verify_audit")


def test_who_plans_hears_that_it_is_used_up(brand: Brand, treat: Treat) -> None:
    make_sheet(make_offer(brand, treat, uses_max=10), 9)
    offer = make_offer(brand, treat, name="Plenty")
    make_sheet(offer, 5)
    with scope(brand=brand):
        use(offer_id=offer.pk, holder="browser:a", now=NOW)
    levels = Message.objects.filter(topic=Topic.HANDOUT_MADE).order_by("occurred_at", "pk")
    assert [each.payload["level"] for each in levels] == ["low", ""]
    used = Message.objects.filter(topic=Topic.OFFER_USED, subscriber="reminders.offer_used")
    assert used.count() == 9 + 5 + 1
    assert {each.payload["cost"] for each in used} == {650}


def test_500_cost_no_more_statements_than_5(
    brand: Brand, treat: Treat, django_assert_max_num_queries: Any
) -> None:
    offer = make_offer(brand, treat, uses_max=1000)
    for number in (5, 500):
        with django_assert_max_num_queries(30):
            make_sheet(offer, number)
    with scope(brand=brand):
        ids = list(Handout.objects.values_list("pk", flat=True))
    with scope(brand=brand), django_assert_max_num_queries(1):
        assert sum(each.good for each in standings(ids, LATER).values()) == 505


def test_what_is_left_is_said(brand: Brand, treat: Treat) -> None:
    offer = make_offer(brand, treat, uses_max=8, budget=4000)
    with scope(brand=brand):
        given, left = hand_out.left_of(offer, NOW)
        assert given is not None
        assert (given.cost, left) == (650, 6)
        assert hand_out.left_of(offer, NOW - timedelta(days=400))[1] == 0
