"""The sums kept ready equal the sums of the facts, to the unit, after any history."""

import random
from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models.functions import Coalesce
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.facts import record as record_facts
from campaigns.facts import rollups
from campaigns.facts.counters import NAMES
from campaigns.links import links
from campaigns.models import Campaign, Fact, Link, Rollup, Visit
from campaigns.planning import campaigns as plans
from core.ids import uuid7
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import use
from giftshop.orders.models import Gift
from tests.campaigns.conftest import new_fact, record
from tests.cast import make_brand, make_store, make_treat
from tests.giftshop.offers.made import NOW as OFFERED
from tests.giftshop.offers.made import make_offer

Row = tuple[Any, ...]
TOPIC = Fact.Topic
DAY = timedelta(days=1)
NEW_YEAR = datetime(2026, 3, 1, tzinfo=UTC)
"""A stretch of days from here holds the night on which Los Angeles loses an hour."""


def stored() -> dict[Row, tuple[int, ...]]:
    place = Coalesce("store_id", "treat_id", "offer_id")
    rows = Rollup.objects.annotate(place=place).values_list(
        "grain", "campaign_id", "link_id", "place", "day", "hour", *NAMES
    )
    return {row[:6]: row[6:] for row in rows}


def counted(fact: Fact) -> dict[str, int]:
    """What one fact adds to each counter that it moves, when it happened."""
    match fact.topic:
        case TOPIC.ORDER_PAID:
            sold = fact.quantity
            told = {"gifts_sold": sold, "sold": sold, "revenue": fact.amount, "sales": fact.amount}
            return {"orders": 1, **told}
        case TOPIC.GIFT_SENT | TOPIC.GIFT_OPENED:
            return {}
        case TOPIC.OFFER_USED if fact.code_id is None:
            return {"discounts": fact.quantity, "discount_cost": fact.amount}
        case TOPIC.OFFER_USED:
            return {"coupons": fact.quantity, "coupon_cost": fact.amount}
        case TOPIC.CODE_VOIDED if fact.offer_id:
            return {"coupon_cost": fact.amount}
        case TOPIC.PROMOTION_MOVED:
            return {"coupon_cost" if fact.code_id else "discount_cost": fact.amount}
        case TOPIC.CODE_VOIDED:
            return {"gifts_sold": fact.quantity, "taken_back": -fact.quantity}
        case TOPIC.REFUND_ARRIVED | TOPIC.REFUND_RETURNED | TOPIC.DISPUTE_LOST:
            return {"revenue": fact.amount, "went_back": -fact.amount}
        case _:
            given = fact.is_promotional
            given = fact.order_id is None if given is None else given
            guests = fact.quantity if fact.gifts is None else fact.gifts
            told = fact.basket_total is not None or fact.extra_amount != 0
            is_coupon = fact.offer_id is not None
            return {
                "coupons_used": guests * is_coupon,
                "coupons_used_amount": fact.amount * is_coupon,
                "coupon_over": fact.spend_over * is_coupon,
                "coupon_baskets": fact.quantity * told * is_coupon,
                "redeemed": fact.quantity,
                "redeemed_amount": fact.amount,
                "spend_over": fact.spend_over,
                "baskets": fact.quantity * told,
                "given_away": fact.quantity * given,
                "guests": guests,
                "given_guests": guests * given,
                "first_time": guests * (fact.is_returning is False),
                "came_back": guests * (fact.is_returning is True),
            }


def counted_of_sold(fact: Fact) -> dict[str, int]:
    """What it adds to the day of the sale."""
    match fact.topic:
        case TOPIC.ORDER_PAID | TOPIC.REFUND_ARRIVED | TOPIC.REFUND_RETURNED | TOPIC.DISPUTE_LOST:
            return {}
        case TOPIC.OFFER_USED | TOPIC.PROMOTION_MOVED:
            return {}
        case TOPIC.CODE_VOIDED:
            return {"taken_back_of_sold": -fact.quantity}
        case TOPIC.GIFT_SENT:
            return {"delivered": fact.quantity}
        case TOPIC.GIFT_OPENED:
            return {"opened": fact.quantity}
        case _:
            return {"redeemed_of_sold": fact.quantity if fact.gifts is None else fact.gifts}


def naive(brand: Brand) -> dict[Row, tuple[int, ...]]:
    """Straight from facts and visits, one by one, in the words of the definition."""
    sums: dict[Row, dict[str, int]] = defaultdict(lambda: dict.fromkeys(NAMES, 0))
    sales = {fact.subject_id: fact.occurred_at for fact in Fact.objects.filter(topic="order.paid")}
    for fact in Fact.objects.all():
        by, sold_at = (fact.campaign_id, fact.link_id), sales.get(fact.order_id or fact.subject_id)
        for name, value in counted(fact).items():
            for key in keys(brand, fact.occurred_at, *by, fact.store_id, fact.offer_id):
                sums[key][name] += value
        for name, value in counted_of_sold(fact).items() if sold_at else ():
            for key in keys(brand, sold_at, *by, None):
                sums[key][name] += value
        for treat, one in gift_by_gift(fact):
            for name, value in counted(one).items():
                for key in keys_of_treat(brand, fact.occurred_at, fact.campaign_id, treat):
                    sums[key][name] += value * (name != "orders")
            for name, value in counted_of_sold(one).items() if sold_at else ():
                for key in keys_of_treat(brand, sold_at, fact.campaign_id, treat):
                    sums[key][name] += value
    for visit in Visit.objects.all():
        for key in keys(brand, visit.at, visit.campaign_id, visit.link_id, None):
            if not visit.said_yes:
                sums[key]["repeats" if visit.is_repeat else "visits"] += 1
    return {key: tuple(row.values()) for key, row in sums.items()}


def gift_by_gift(fact: Fact) -> Iterable[tuple[Any, Fact]]:
    """Of each gift that it tells of, the treat, and the fact as if it told of that gift alone."""
    if fact.topic != TOPIC.ORDER_PAID:
        for gift in Gift.objects.filter(pk=fact.gift_id):
            if fact.topic != TOPIC.PROMOTION_MOVED:  # of an order, and of no treat
                yield gift.treat_id, fact
        if fact.offer_id:
            for had in OfferUse.objects.filter(code=fact.code_id, treat__isnull=False):
                yield had.treat_id, fact
        return
    for gift in Gift.objects.filter(order_id=fact.subject_id):
        one = copy(fact)
        one.quantity, one.amount = 1, gift.amount
        yield gift.treat_id, one


def keys_of_treat(brand: Brand, at: datetime, campaign: Any, treat: Any) -> Iterable[Row]:
    day = at.astimezone(brand.tz).date()
    yield ("treat", None, None, treat, day, None)
    if campaign:
        yield ("of_treat", campaign, None, treat, day, None)


def without_zeros(sums: dict[Row, tuple[int, ...]]) -> dict[Row, tuple[int, ...]]:
    """A rebuild makes no row that says nothing."""
    return {key: row for key, row in sums.items() if any(row)}


def keys(
    brand: Brand, at: datetime, campaign: Any, link: Any, store: Any, offer: Any = None
) -> Iterable[Row]:
    local = at.astimezone(brand.tz)
    yield ("brand", None, None, None, local.date(), None)
    yield ("hour", None, None, None, local.date(), local.hour)
    if campaign:
        yield ("campaign", campaign, None, None, local.date(), None)
    if link:
        yield ("link", campaign, link, None, local.date(), None)
    if store:
        yield ("store", None, None, store, local.date(), None)
    if campaign and store:
        yield ("at_store", campaign, None, store, local.date(), None)
    if offer:
        yield ("offer", None, None, offer, local.date(), None)
    if campaign and offer:
        yield ("of_offer", campaign, None, offer, local.date(), None)


def live_through(brand: Brand, stores: list[Store], seed: int, events: int = 120) -> None:
    """A random history: orders, deliveries, openings, redemptions, some undone, visits, coupons, and links
    that are put into another campaign meanwhile."""
    chance = random.Random(seed)
    offers = [make_offer(brand, treat) for treat in (make_treat(brand, f"scoop-{seed}"), None)]
    campaigns = [
        plans.plan(brand=brand, name=f"Campaign {n}", starts_on=NEW_YEAR.date()) for n in (1, 2)
    ]
    ways = [
        links.add(campaign=campaign, channel=Link.Channel.POSTER, name=name)
        for campaign in campaigns
        for name in (f"Window {campaign.name}", f"Door {campaign.name}")
    ]
    for _ in range(events):
        at = NEW_YEAR + timedelta(seconds=chance.randrange(20 * 24 * 3600))
        link = chance.choice([None, *ways])
        campaign: Campaign | None = link.campaign if link else chance.choice([None, *campaigns])
        by = {"campaign": campaign, "link": link, "occurred_at": at}
        quantity, amount = chance.randint(1, 20), chance.randint(1, 99_999)
        if chance.random() < 0.1:
            moved = chance.choice(ways)
            with transaction.atomic():
                links.move(moved, to=chance.choice(campaigns))
            moved.refresh_from_db()
        match chance.randrange(5):
            case 4:
                coupon(brand, chance.choice(offers), chance, chance.choice(stores), **by)
            case 0 | 1:
                sold = new_fact(brand, TOPIC.ORDER_PAID, quantity=quantity, amount=amount, **by)
                become = partial(live_on, brand, sold, chance, amount, stores)
                lives = [lambda sold=sold: record(sold), become]
                for act in chance.sample(lives, 2):  # messages come in any order
                    act()
            case 2:
                redeem_and_perhaps_reverse(brand, chance, amount, store=chance.choice(stores), **by)
            case _:
                way = chance.choice(ways)
                links.follow(link=way, visitor_id=chance.choice(("amy", "ben")), now=at)
                if chance.random() < 0.5:
                    links.follow(link=way, visitor_id="amy", now=at + timedelta(minutes=10))
                if chance.random() < 0.5:  # of a browser that is not known again, till it says yes
                    links.follow(link=way, visitor_id="", now=at)
                    if chance.random() < 0.5:
                        links.know_again(link=way, visitor_id=f"yes {at}", now=at)


def coupon(brand: Brand, offer: Offer, chance: random.Random, store: Store, **by: Any) -> None:
    """Taken, and then used, perhaps undone, or taken back."""
    had = use(offer_id=offer.pk, holder=f"browser:{chance.random()}", now=OFFERED)
    of = {"offer": offer, "code_id": had.code_id, **by}
    record(new_fact(brand, TOPIC.OFFER_USED, subject_id=had.pk, amount=had.cost, **of))
    if chance.random() < 0.4:
        off = {"amount": chance.randint(1, 999), "offer": offer}
        record(new_fact(brand, TOPIC.OFFER_USED, **off, **by))
        back = {"quantity": 0, "amount": -chance.randint(1, off["amount"]), "offer": offer}
        record(new_fact(brand, TOPIC.PROMOTION_MOVED, **back, **by))
    if chance.random() < 0.6:
        redeem_and_perhaps_reverse(brand, chance, had.cost, store=store, **of)
    else:
        back = {"quantity": -1, "amount": -had.cost}
        record(new_fact(brand, TOPIC.CODE_VOIDED, **back, **of))
    if chance.random() < 0.3:
        moved = {"quantity": 0, "amount": chance.choice([-had.cost, had.cost])}
        record(new_fact(brand, TOPIC.PROMOTION_MOVED, **moved, **of))


def live_on(
    brand: Brand, sold: Fact, chance: random.Random, amount: int, stores: list[Store]
) -> None:
    """What becomes of a gift of the order, days later. Facts of old do not say when it was sold."""
    by = {"campaign": sold.campaign, "link": sold.link, "order_id": sold.subject_id}
    sold_at = sold.occurred_at
    for topic in (TOPIC.GIFT_SENT, TOPIC.GIFT_OPENED):
        later = sold_at + timedelta(hours=chance.randrange(99))
        record(new_fact(brand, topic, occurred_at=later, sold_at=sold_at, **by))
    if chance.random() < 0.3:
        later = {"occurred_at": sold_at + timedelta(hours=9), "sold_at": sold_at}
        taken_back(brand, chance, amount, **later, **by)
    elif chance.random() < 0.6:
        at = sold_at + timedelta(hours=chance.randrange(200))
        place = {"store": chance.choice(stores), "occurred_at": at, "sold_at": sold_at}
        redeem_and_perhaps_reverse(brand, chance, amount, **place, **by)


def taken_back(brand: Brand, chance: random.Random, amount: int, **by: Any) -> None:
    """Its gift is void and its money goes back, by a refund that may come back, or by a dispute."""
    record(new_fact(brand, TOPIC.CODE_VOIDED, quantity=-1, amount=-amount, **by))
    lost = {**by, "quantity": 0, "amount": -amount, "subject_id": uuid7()}
    record(new_fact(brand, chance.choice([TOPIC.REFUND_ARRIVED, TOPIC.DISPUTE_LOST]), **lost))
    if chance.random() < 0.5:
        record(new_fact(brand, TOPIC.REFUND_RETURNED, **{**lost, "amount": amount}))


def redeem_and_perhaps_reverse(brand: Brand, chance: random.Random, amount: int, **by: Any) -> None:
    basket = chance.choice([None, 0, amount, amount + 575])
    over = record_facts.spend_over(amount=amount, extra_amount=50, basket_total=basket)
    told = {"amount": amount, "extra_amount": 50, "basket_total": basket, "spend_over": over}
    guest = {
        "is_promotional": chance.choice([None, True, False]),
        "is_returning": chance.choice([None, True, False]),
    }
    by = {**by, **guest}
    redeemed = new_fact(brand, TOPIC.CODE_REDEEMED, **told, **by)
    record(redeemed)
    if chance.random() < 0.4:
        undone = {name: None if value is None else -value for name, value in told.items()}
        later = {**by, "occurred_at": by["occurred_at"] + timedelta(seconds=chance.randrange(60))}
        again = {"subject_id": redeemed.subject_id, "quantity": -1}
        record(new_fact(brand, TOPIC.REDEMPTION_REVERSED, **undone, **later, **again))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Kathmandu"])
def test_sums_equal_the_naive_aggregate_and_survive_a_rebuild(
    db: None, seed: int, zone: str
) -> None:
    brand = make_brand("frosty-spoon", time_zone=zone)
    with scope(brand=brand):
        live_through(brand, [make_store(brand, slug) for slug in ("pike", "ballard")], seed)
        expected = naive(brand)
        assert all(map(any, zip(*expected.values(), strict=True)))  # every counter moved
        assert stored() == expected
        assert rollups.rebuild(brand=brand) == 0
        Rollup.objects.all().delete()
        assert rollups.rebuild(brand=brand) == len(without_zeros(expected))
        assert stored() == without_zeros(expected)


def test_a_rebuild_mends_what_was_damaged(in_brand: Brand, store: Store) -> None:
    live_through(in_brand, [store], seed=1, events=30)
    expected = without_zeros(stored())
    Rollup.objects.filter(grain="brand").update(revenue=1)
    Rollup.objects.filter(grain="link").delete()
    Rollup.objects.create(brand=in_brand, grain="brand", day=NEW_YEAR.date() - 99 * DAY, visits=9)
    call_command("rebuild_rollups", "--brand", in_brand.slug)
    assert stored() == expected


def test_a_rebuild_leaves_other_brands_alone(
    in_brand: Brand, store: Store, other_brand: Brand
) -> None:
    with scope(brand=other_brand):
        record(new_fact(other_brand))
        theirs = stored()
    call_command("rebuild_rollups", "--brand", in_brand.slug)
    with scope(brand=other_brand):
        assert stored() == theirs


def test_an_unknown_brand_is_said_kindly(db: None) -> None:
    with pytest.raises(CommandError, match="no brand called"):
        call_command("rebuild_rollups", "--brand", "nobody")


def test_sums_that_an_older_version_counted_are_counted_anew(in_brand: Brand, store: Store) -> None:
    """Its facts did not say when a gift was sold, and what became of it stood on the day it did."""
    live_through(in_brand, [store], seed=2, events=30)
    sold_at, order_id = NEW_YEAR, uuid7()
    for topic in (TOPIC.GIFT_SENT, TOPIC.CODE_REDEEMED):
        record(new_fact(in_brand, topic, occurred_at=sold_at + 3 * DAY, order_id=order_id))
    record(new_fact(in_brand, TOPIC.ORDER_PAID, occurred_at=sold_at, subject_id=order_id))
    Rollup.objects.update(delivered=7, redeemed_of_sold=0, given_away=0, baskets=1)
    assert rollups.rebuild(brand=in_brand) > 0
    assert stored() == without_zeros(naive(in_brand))
    assert rollups.rebuild(brand=in_brand) == 0
