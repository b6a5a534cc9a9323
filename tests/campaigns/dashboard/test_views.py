"""The studio's first page, and the facts behind its tiles."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.dashboard.cursor_pages import ROWS
from campaigns.dashboard.figures import TILES
from campaigns.links import links
from campaigns.models import Fact, Link
from giftshop.accounts.models import User
from tests.campaigns.conftest import new_fact, record

DASHBOARD = "/studio/frosty-spoon/"


def live(brand: Brand, link: Link, store: Store, *, orders: int) -> None:
    """So many orders of two gifts today, half of them by the link; each has one gift redeemed."""
    now = timezone.now()
    with scope(brand=brand):
        for number in range(orders):
            by = {"link": link, "campaign": link.campaign} if number % 2 else {}
            bought = new_fact(brand, quantity=2, amount=1300, occurred_at=now, **by)
            record(bought)
            seen = {"store": store, "basket_total": 900, "spend_over": 250, **by}
            redeemed = new_fact(brand, Fact.Topic.CODE_REDEEMED, occurred_at=now, **seen)
            record(redeemed)
            links.follow(link=link, visitor_id=str(number), now=now)


@pytest.fixture
def lived(brand: Brand, link: Link, store: Store) -> None:
    live(brand, link, store, orders=60)
    with scope(brand=brand):
        record(
            new_fact(
                brand,
                Fact.Topic.REDEMPTION_REVERSED,
                quantity=-1,
                amount=-650,
                basket_total=-900,
                spend_over=-250,
                store=store,
                occurred_at=timezone.now(),
            )
        )


def test_it_shows_what_happened(owner_client: Client, lived: None) -> None:
    page = owner_client.get(DASHBOARD)
    dashboard = page.context["dashboard"]
    assert [tile.value for tile in dashboard.tiles] == [
        "120",
        "$780.00",
        "59",
        "$383.50",
        "60",
        "$147.50",
    ]
    text = page.content.decode()
    assert "How many gifts reached a store?" in text
    assert "Sold in these days: 120, so far 0 of them redeemed (0%)." in text
    assert "Redeemed in these days: 59, whenever they were sold; 59 of them were" in text
    assert "told by the till in 59 of 59, $2.50 on average" in text
    assert "Friday post: 30 gifts redeemed, 100% of all that came by a link." in text


def test_a_brand_without_history_is_invited(owner_client: Client) -> None:
    assert "Your first gift will show here" in owner_client.get(DASHBOARD).content.decode()


def test_few_figures_are_told_as_few(
    owner_client: Client, brand: Brand, link: Link, store: Store
) -> None:
    live(brand, link, store, orders=2)
    assert owner_client.get(DASHBOARD).content.decode().count("Cannot tell yet") == 3


def test_a_stranger_finds_nothing(
    client_of: Callable[[User], Client], brand: Brand, eve: User
) -> None:
    assert client_of(eve).get(DASHBOARD).status_code == 404
    assert client_of(eve).get(DASHBOARD + "figures/revenue/").status_code == 404


def test_nobody_in_particular_is_asked_to_sign_in(client: Client, brand: Brand) -> None:
    answer = client.get(DASHBOARD)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_finance_and_marketers_may_look(
    client_of: Callable[[User], Client], finance: User, marketer: User, lived: None
) -> None:
    for user in (finance, marketer):
        assert client_of(user).get(DASHBOARD).status_code == 200


def test_other_brands_figures_do_not_show(
    owner_client: Client, other_brand: Brand, lived: None
) -> None:
    with scope(brand=other_brand):
        record(new_fact(other_brand, amount=999_900, occurred_at=timezone.now()))
    assert "9,999" not in owner_client.get(DASHBOARD).content.decode()


def test_days_that_make_no_sense_are_explained(owner_client: Client, lived: None) -> None:
    page = owner_client.get(DASHBOARD, {"from": "2026-02-31", "to": "soon"})
    assert page.status_code == 200
    assert "here are the last 28" in page.content.decode()


def test_the_part_is_the_same_as_in_the_page(owner_client: Client, lived: None) -> None:
    whole = owner_client.get(DASHBOARD, {"days": 7}).content.decode()
    part = owner_client.get(DASHBOARD, {"days": 7}, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="figures"')
    assert part.strip() in whole


def test_going_back_gets_the_whole_page(owner_client: Client, lived: None) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    page = owner_client.get(DASHBOARD, headers=headers)
    assert "<!doctype html>" in page.content.decode()
    assert "HX-Request" in page["Vary"]


def queries(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


def test_few_queries_however_many_orders_and_none_on_an_order(
    owner_client: Client, brand: Brand, link: Link, store: Store
) -> None:
    live(brand, link, store, orders=2)
    few = queries(owner_client, DASHBOARD)
    live(brand, link, store, orders=120)
    many = queries(owner_client, DASHBOARD)
    assert len(few) == len(many) <= 22  # one of them whether the team is asked why people come
    for sql in many:
        assert not re.search(r"orders_|campaigns_fact|campaigns_visit|redemption_redemption", sql)


@pytest.mark.parametrize("name", TILES)
def test_the_facts_behind_a_tile_add_up_to_it(
    owner_client: Client, brand: Brand, lived: None, name: str
) -> None:
    rows: list[Any] = []
    address, pages = f"{DASHBOARD}figures/{name}/?days=7", 0
    while address:
        page = owner_client.get(address)
        assert page.status_code == 200
        rows += page.context["page"].rows
        cursor = page.context["page"].next_cursor
        address = f"{DASHBOARD}figures/{name}/?days=7&cursor={cursor}" if cursor else ""
        pages += 1
    together = sum(row.part for row in rows)
    dashboard = owner_client.get(DASHBOARD, {"days": 7}).context["dashboard"]
    assert together == getattr(dashboard.now, name)
    assert pages == -(-len(rows) // ROWS) > 1
    assert len({row.pk for row in rows}) == len(rows)


@pytest.mark.parametrize("cursor", ["x", "1.", ".1", "12.nonsense", "9" * 30 + ".1", "17\u00b2.3"])
def test_a_cursor_written_by_hand_does_no_harm(
    owner_client: Client, lived: None, cursor: str
) -> None:
    page = owner_client.get(DASHBOARD + "figures/visits/", {"cursor": cursor})
    assert page.status_code in {200, 404}


def test_an_unknown_figure_is_not_found(owner_client: Client, brand: Brand) -> None:
    assert owner_client.get(DASHBOARD + "figures/likes/").status_code == 404


def test_a_single_day_is_drawn_by_the_hour(owner_client: Client, brand: Brand, lived: None) -> None:
    now = timezone.now().astimezone(brand.tz)
    today = now.date().isoformat()
    dashboard = owner_client.get(DASHBOARD, {"from": today, "to": today}).context["dashboard"]
    assert len(dashboard.moments) == len(dashboard.drawing["sold"]) == now.hour + 1
    assert len(dashboard.drawing["labels"]) == 24
    assert dashboard.drawing["unfinished"] == now.hour
    assert sum(moment.figures.gifts_sold for moment in dashboard.moments) == 120


def test_a_long_period_is_drawn_by_the_week(
    owner_client: Client, brand: Brand, lived: None
) -> None:
    today = timezone.now().astimezone(brand.tz).date()
    query = {"from": (today - timedelta(days=99)).isoformat(), "to": today.isoformat()}
    dashboard = owner_client.get(DASHBOARD, query).context["dashboard"]
    assert len(dashboard.moments) in {15, 16}
    assert sum(moment.figures.redeemed for moment in dashboard.moments) == 59


def test_a_day_that_is_over_is_drawn_whole(owner_client: Client, brand: Brand, lived: None) -> None:
    day = (timezone.now().astimezone(brand.tz) - timedelta(days=1)).date().isoformat()
    page = owner_client.get(DASHBOARD, {"from": day, "to": day})
    dashboard = page.context["dashboard"]
    assert len(dashboard.moments) == 24
    assert dashboard.drawing["unfinished"] is None
    assert "Today is not over" not in page.content.decode()


def test_today_is_drawn_as_unfinished(owner_client: Client, brand: Brand, lived: None) -> None:
    page = owner_client.get(DASHBOARD, {"days": 7})
    assert page.context["dashboard"].drawing["unfinished"] == 6
    assert "Today is not over" in page.content.decode()


def test_what_becomes_of_sold_gifts_is_counted_on_the_day_of_the_sale(
    owner_client: Client, brand: Brand, store: Store
) -> None:
    """Twenty were sold long ago and came today, thirty were sold today; two were given away."""
    now = timezone.now()
    earlier = now - timedelta(days=20)
    with scope(brand=brand):
        for at, count in ((earlier, 20), (now, 30)):
            order = new_fact(brand, quantity=count, occurred_at=at, sold_at=at)
            record(order)
            for number in range(20 if at == earlier else 3):
                of = {"order_id": order.subject_id, "sold_at": at, "store": store}
                record(new_fact(brand, Fact.Topic.GIFT_SENT, occurred_at=now, **of))
                record(new_fact(brand, Fact.Topic.CODE_REDEEMED, occurred_at=now, **of))
                assert number < count
        for _ in range(2):
            record(new_fact(brand, Fact.Topic.CODE_REDEEMED, occurred_at=now, store=store))
    dashboard = owner_client.get(DASHBOARD, {"days": 7}).context["dashboard"]
    assert dashboard.days_answer == (
        "Sold in these days: 30, so far 3 of them redeemed (10%). Redeemed in these days: 25, "
        "whenever they were sold; 2 of them were promotional or goodwill gifts."
    )
    assert [(step.count, step.of_sold) for step in dashboard.reach] == [
        (30, "100%"),
        (3, "10%"),
        (0, "0%"),
        (3, "10%"),
    ]
    assert all(step.count <= dashboard.now.gifts_sold for step in dashboard.reach)
