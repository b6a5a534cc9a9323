"""Coupons in figures, from the real acts: taken, used, undone, taken back; by whom they were brought; and no
figure of what was sold has them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from campaigns.dashboard.figures import FIGURES, Figures
from campaigns.dashboard.of_period import figures_of
from campaigns.dashboard.period import Period
from campaigns.facts import rollups
from campaigns.links import links
from campaigns.models import Campaign, Fact, Link, Rollup
from campaigns.path.coupons import by_campaign, by_offer
from campaigns.path.path import path_of, strips_of
from campaigns.rows.asked import RowsAsked
from giftshop.accounts.store_sets import EVERYWHERE
from giftshop.catalog.models import Treat
from giftshop.offers import come_back
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import use
from redemption.codes import void
from redemption.models import Code, Device
from redemption.redeem import redeem as redeem_code
from redemption.redeem import reverse
from tests.campaigns.conftest import BROWSER, hear
from tests.cast import Place, pay, symbols, today
from tests.giftshop.offers.made import MIA, NOW, amount_off, make_offer

DAYS = Period(NOW.date() - timedelta(days=9), NOW.date() + timedelta(days=9))


def hand_over(device: Device, code: Code, *, basket: int | None = None) -> UUID:
    answer = redeem_code.redeem(
        device=device,
        text=symbols(code),
        key=f"till:{code.pk}",
        picks={"flavour": ["mint"]} if code.kind == Code.Kind.ITEM else {},
        basket_total=basket,
        now=NOW + timedelta(hours=1),
    )
    assert answer.status_code == 201, answer.body
    return UUID(answer.body["id"])


def taken(offer: Offer, who: str = "a", **led: Any) -> Code:
    had = use(offer_id=offer.pk, holder=f"browser:{who}", now=NOW, **led)
    assert had.code
    return had.code


def told(figures: Figures) -> tuple[int, ...]:
    """Coupons, their cost, used, handed over on them, beyond."""
    names = ("coupons", "coupon_cost", "coupons_used", "coupons_used_amount", "coupon_over")
    return tuple(getattr(figures, name) for name in names)


@pytest.fixture
def led(campaign: Campaign, link: Link) -> dict[str, UUID]:
    return {"campaign_id": campaign.pk, "link_id": link.pk}


def test_what_is_taken_and_used_counts_for_its_link_and_its_offer_apart_from_sales(
    in_brand: Brand, treat: Treat, device: Device, link: Link, led: dict[str, UUID]
) -> None:
    offer = make_offer(in_brand, treat)
    code = taken(offer, **led)
    taken(offer, "b")
    hand_over(device, code, basket=900)
    hear()
    assert told(figures_of(DAYS)) == (2, 1300, 1, 650, 250)
    one = (1, 650, 1, 650, 250)
    assert told(figures_of(DAYS, campaign=link.campaign)) == one
    assert told(figures_of(DAYS, link=link)) == one
    assert told(figures_of(DAYS, offer=offer)) == (2, 1300, 1, 650, 250)
    assert told(figures_of(DAYS, offer=offer, campaign=link.campaign)) == one
    figures = figures_of(DAYS)
    assert (figures.guests, figures.given_guests, figures.given_away) == (1, 1, 1)
    assert (figures.sold, figures.gifts_sold, figures.orders, figures.revenue) == (0, 0, 0, 0)
    assert figures.redeemed_of_sold == figures.taken_back == 0
    by_treat = Rollup.objects.seen_by(Rollup.Grain.CAMPAIGN_TREAT).filter(treat=treat)
    assert sum(row.guests for row in by_treat) == 1, "its goods cost something, too"
    assert rollups.rebuild(brand=in_brand) == 0


def test_an_undone_one_was_not_used_and_one_taken_back_costs_nothing(
    in_brand: Brand, device: Device
) -> None:
    offer = make_offer(in_brand)
    code, other = taken(offer), taken(offer, "b")
    redemption = hand_over(device, code, basket=700)
    at = NOW + timedelta(hours=1, seconds=9)
    reverse.reverse(device=device, redemption_id=redemption, reason="slip", now=at)
    void.take_back(code_id=other.pk, reason="paid_back", now=NOW + timedelta(hours=2))
    hear()
    hear()
    assert told(figures_of(DAYS)) == (2, 500, 0, 0, 0)
    assert figures_of(DAYS).gifts_sold == figures_of(DAYS).taken_back == 0
    assert figures_of(DAYS).coupon_baskets == 0


def test_a_part_of_an_amount_is_one_guest(in_brand: Brand, device: Device) -> None:
    code = taken(make_offer(in_brand))
    for number, basket in enumerate((200, 800)):
        answer = redeem_code.redeem(
            device=device,
            text=symbols(code),
            key=f"part:{number}",
            basket_total=basket,
            now=NOW + timedelta(hours=1 + number),
        )
        assert answer.status_code == 201, answer.body
    hear()
    assert told(figures_of(DAYS)) == (1, 500, 1, 500, 500)


def test_one_that_an_order_earned_is_of_the_link_that_brought_the_order(
    in_brand: Brand, treat: Treat, device: Device, link: Link, place: Place
) -> None:
    offer = make_offer(in_brand, treat, whom="sender", least_gifts=2)
    links.follow(link=link, visitor_id="amy", now=NOW - timedelta(hours=1))
    order = place(visitor_id="amy", now=NOW)
    type(order).objects.filter(pk=order.pk).update(offer=offer.pk)
    order.refresh_from_db()
    pay(order, now=NOW)
    [had] = OfferUse.objects.select_related("code")
    assert had.code
    hand_over(device, had.code)
    hear()
    assert told(figures_of(DAYS, link=link)) == (1, 650, 1, 650, 0)
    figures = figures_of(DAYS, link=link)
    assert (figures.gifts_sold, figures.revenue, figures.coupon_spend_is_known) == (2, 1300, False)


def test_one_to_come_back_with_is_of_the_link_that_brought_its_gift(
    in_brand: Brand, device: Device, link: Link, place: Place
) -> None:
    offer = make_offer(in_brand, whom="recipient")
    links.follow(link=link, visitor_id="amy", now=NOW - timedelta(hours=1))
    order = pay(place(visitor_id="amy", now=NOW), now=NOW)
    gift = order.gifts.with_everything()[0]
    assert gift.code
    hand_over(device, gift.code)
    come_back.take(
        brand=in_brand,
        gift_id=gift.pk,
        recipient="ben@x.example",
        offer_id=offer.pk,
        used_at=NOW + timedelta(hours=1),
        now=NOW + timedelta(hours=2),
    )
    hear()
    assert told(figures_of(DAYS, link=link)) == (1, 500, 0, 0, 0)
    assert figures_of(DAYS, link=link).guests == 1


def test_one_that_ends_because_its_gift_was_not_used_after_all_takes_away_where_it_was_counted(
    in_brand: Brand, device: Device, link: Link, place: Place
) -> None:
    offer = make_offer(in_brand, whom="recipient")
    links.follow(link=link, visitor_id="amy", now=NOW - timedelta(hours=1))
    order = pay(place(visitor_id="amy", now=NOW), now=NOW)
    gift = order.gifts.with_everything()[0]
    assert gift.code
    hand_over(device, gift.code)
    used_at, later = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    come_back.take(
        brand=in_brand,
        gift_id=gift.pk,
        recipient="",
        offer_id=offer.pk,
        used_at=used_at,
        now=later,
    )
    hear()
    come_back.end([gift.pk], now=later)
    hear()
    assert told(figures_of(DAYS, link=link)) == told(figures_of(DAYS)) == (1, 0, 0, 0, 0)


def test_its_use_at_the_counter_may_be_heard_of_first(
    in_brand: Brand, device: Device, link: Link, led: dict[str, UUID]
) -> None:
    code = taken(make_offer(in_brand), **led)
    hand_over(device, code, basket=500)
    hear("code.redeemed")
    hear("offer.used")
    assert set(Fact.objects.values_list("link", "is_promotional", "order_id")) == {
        (link.pk, True, None),
        (link.pk, None, None),
    }


@pytest.mark.parametrize("unknown", ["campaign_id", "link_id"])
def test_what_is_not_there_by_then_is_nobodys(
    in_brand: Brand, led: dict[str, UUID], unknown: str
) -> None:
    taken(make_offer(in_brand), **{**led, unknown: MIA.id})
    hear()
    fact = Fact.objects.get()
    assert fact.link is None
    assert (fact.campaign is None) == (unknown == "campaign_id")


def test_a_phone_that_followed_a_link_and_tapped_is_of_that_link(
    client: Client, brand: Brand, campaign: Campaign
) -> None:
    offer = make_offer(brand)
    with scope(brand=brand):
        link = links.add(campaign=campaign, channel="poster", name="Window", offer=offer)
    page = client.get(f"/l/{link.slug}/", headers=BROWSER)["Location"]
    client.get(page)
    assert client.post(page).status_code == 303
    with scope(brand=brand):
        hear()
        fact = Fact.objects.get(topic="offer.used")
        assert (fact.link, fact.campaign, fact.offer) == (link, campaign, offer)


COUNT = """
SELECT
  (SELECT count(*) FROM offers_offeruse WHERE state = 'used' AND {of}),
  (SELECT coalesce(sum(cost), 0) FROM offers_offeruse WHERE state = 'used' AND {of})
   - (SELECT coalesce(sum(p.amount), 0) FROM redemption_posting p
             JOIN redemption_journalentry e ON e.id = p.entry_id AND e.kind = 'void'
             JOIN offers_offeruse use ON use.code_id = p.code_id
       WHERE p.account = 'gift_liability' AND {of}),
  (SELECT count(DISTINCT r.code_id) FROM redemption_redemption r
          JOIN offers_offeruse use ON use.code_id = r.code_id
          LEFT JOIN redemption_reversal v ON v.redemption_id = r.id
    WHERE v.id IS NULL AND {of}),
  (SELECT coalesce(sum(r.amount), 0) FROM redemption_redemption r
          JOIN offers_offeruse use ON use.code_id = r.code_id
          LEFT JOIN redemption_reversal v ON v.redemption_id = r.id
    WHERE v.id IS NULL AND {of}),
  (SELECT coalesce(sum(greatest(r.basket_total - r.amount, 0)), 0) FROM redemption_redemption r
          JOIN offers_offeruse use ON use.code_id = r.code_id
          LEFT JOIN redemption_reversal v ON v.redemption_id = r.id
    WHERE v.id IS NULL AND {of})
"""


def recounted(of: str = "true", **given: Any) -> tuple[int, ...]:
    """From uses, postings and redemptions, and no fact."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(of=of), given)
        [row] = cursor.fetchall()
    return tuple(map(int, row))


def test_every_figure_of_coupons_equals_a_recount_and_its_rows(
    in_brand: Brand, treat: Treat, device: Device, link: Link, led: dict[str, UUID]
) -> None:
    offers = [make_offer(in_brand, treat), make_offer(in_brand, name="Five dollars")]
    for number in range(9):
        code = taken(offers[number % 2], str(number), **(led if number % 3 else {}))
        if number in (1, 2, 5, 6):
            done = hand_over(device, code, basket=500 + 111 * number)
        if number == 5:
            at = NOW + timedelta(hours=1, seconds=5)
            reverse.reverse(device=device, redemption_id=done, reason="slip", now=at)
        if number in (5, 7):
            void.take_back(code_id=code.pk, reason="paid_back", now=NOW + timedelta(hours=3))
    hear()
    assert told(figures_of(DAYS)) == recounted()
    for row in by_offer(link.campaign, period=DAYS):
        by = "offer_id = %(offer)s AND link_id = %(link)s"
        assert told(row.figures) == recounted(by, offer=row.offer.pk, link=link.pk)
        [campaign] = by_campaign(row.offer, period=DAYS)
        assert campaign.figures == row.figures
    [strip] = strips_of(link.campaign, period=DAYS, part=slice(9)).rows
    assert told(strip.path.figures) == recounted("link_id = %(link)s", link=link.pk)
    for name in [each for each in FIGURES if each.startswith("coupon")]:
        for filters in (
            {},
            {"offer": offers[0]},
            {"offer": offers[1], "campaign": link.campaign},
            {"offer": offers[1], "link": link},
            {"treat": treat},
            {"link": link},
            {"offer": offers[0], "treat": treat},
        ):
            asked = RowsAsked(FIGURES[name], in_brand, EVERYWHERE, DAYS, **filters)
            assert sum(row.part for row in asked.rows()) == asked.total(), (name, filters)


def test_the_path_tells_them_apart_from_revenue_and_cost(
    owner_client: Client,
    brand: Brand,
    treat: Treat,
    device: Device,
    link: Link,
    led: dict[str, UUID],
) -> None:
    offer = make_offer(brand, treat)
    with scope(brand=brand):
        code = taken(offer, **led)
        taken(offer, "b", **led)
        hand_over(device, code, basket=900)
        hear()
        Campaign.objects.filter(pk=link.campaign_id).update(spent=500)
        link.campaign.refresh_from_db()
        day = today(brand)
        period = Period(link.campaign.starts_on, day)
        path = path_of(link.campaign, period=period, today=day)
    assert (path.per_coupon, path.figures.each_coupon, path.came_in) == (500, 650, 250)
    page = owner_client.get("/studio/frosty-spoon/campaigns/two-for-the-weekend/path/")
    text = page.content.decode()
    for words in ("What did its coupons do?", "50% of those taken", "$0.39 · $3.60", "$13.00"):
        assert words in text, words
    own = owner_client.get(f"/studio/frosty-spoon/offers/{offer.pk}/path/")
    assert told(own.context["figures"]) == (2, 1300, 1, 650, 250)
    assert "From the coupon to the counter" in own.content.decode()
    led_to = f"/studio/frosty-spoon/offers/{offer.pk}/path/"
    assert led_to in owner_client.get(f"/studio/frosty-spoon/offers/{offer.pk}/").content.decode()
    csv = owner_client.get("/studio/frosty-spoon/campaigns/two-for-the-weekend/path/links.csv")
    assert ",2,1,13.00,2.50" in csv.content.decode()


def test_what_is_taken_off_an_order_is_promotion_and_no_coupon(
    in_brand: Brand, link: Link, place: Place
) -> None:
    offer = amount_off(in_brand)
    links.follow(link=link, visitor_id="amy", now=NOW - timedelta(hours=1))
    pay(place(visitor_id="amy", offer=offer, discount=300, now=NOW), now=NOW)
    hear()
    figures = figures_of(DAYS, link=link)
    assert (figures.discounts, figures.discount_cost, figures.coupons) == (1, 300, 0)
    assert (figures.revenue, figures.sales, figures.gifts_sold) == (1000, 1000, 2)
    assert told(figures) == (0, 0, 0, 0, 0)
    by_treat = Rollup.objects.seen_by(Rollup.Grain.TREAT)
    assert sum(row.sales for row in by_treat) == 1000
    asked = RowsAsked(FIGURES["discount_cost"], in_brand, EVERYWHERE, DAYS, offer=offer)
    assert [row.part for row in asked.rows()] == [asked.total()] == [300]
