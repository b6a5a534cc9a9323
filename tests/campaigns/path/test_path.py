"""The path of a campaign: every number is an independent count, and what is not known is said."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.links import links
from campaigns.models import Campaign, Link, LinkDay, Rollup, TreatCost
from campaigns.path import link_days
from campaigns.path.path import path_of, strips_of
from campaigns.path.words import coverage_of_links, in_a_line
from giftshop.accounts.models import User
from giftshop.catalog.models import Treat
from tests.campaigns.conftest import new_fact, record
from tests.cast import make_treat
from tests.giftshop.offers.made import make_offer
from tests.page_words import plain_text

PATH = "/studio/frosty-spoon/campaigns/two-for-the-weekend/path/"
COSTS = "/studio/frosty-spoon/treat-costs/"


def typed_at(link: Link) -> str:
    return f"/studio/frosty-spoon/links/{link.slug}/typed/"


@pytest.fixture
def lived(brand: Brand, link: Link, store: Store) -> Link:
    """12 visits of 11 browsers, 11 gifts, 8 guests of whom 5 are first-time, 61 dollars beyond, for 120."""
    now = timezone.now()
    by = {"campaign": link.campaign, "link": link, "occurred_at": now}
    with scope(brand=brand):
        for number in range(12):
            at = now - timedelta(hours=number)
            links.follow(link=link, visitor_id=f"visitor {number % 11}", now=at)
        record(new_fact(brand, quantity=11, amount=7150, sold_at=now, **by))
        for number in range(8):
            seen = {"store": store, "basket_total": 900, "order_id": link.pk, "sold_at": now}
            over = 825 if number else 325
            known = {"is_returning": number >= 5, "is_promotional": False}
            record(new_fact(brand, "code.redeemed", spend_over=over, **seen, **known, **by))
        link_days.put(
            link,
            day=now.astimezone(brand.tz).date(),
            said={"likes": 1240, "comments": 30, "cost": 12_000},
        )
    return link


def test_it_says_in_a_line_what_it_came_to(owner_client: Client, lived: Link) -> None:
    page = owner_client.get(PATH)
    line = page.context["line"]
    assert line.steps == ["1,240 likes", "12 visits", "11 gifts", "8 guests"]
    assert line.end == "$61.00 beyond the gift, for $120.00"
    path = page.context["path"]
    assert (path.visitors, path.typed.reactions, path.per_guest) == (11, 1270, 1500)
    assert (path.came_in, path.left) == (7150 + 6100, 7150 + 6100 - 12_000)
    assert page.context["coverage"] == "11 of 11 gifts came by a link we know."
    text = page.content.decode()
    for words in ("by 11 visitors", "of 8 of whom we know", "$0.39", "$3.60", "14%", "0.02%"):
        assert words in text


def test_every_number_leads_to_rows_that_add_up_to_it(owner_client: Client, lived: Link) -> None:
    page = owner_client.get(PATH)
    path, led = page.context["path"], set()
    for address in set(re.findall(r'href="([^"]*/figures/\w+/\?[^"]*)"', page.content.decode())):
        address = address.replace("&amp;", "&")
        name = re.search(r"figures/(\w+)/", address)[1]  # type: ignore[index]
        rows = owner_client.get(address)
        assert rows.status_code == 200
        told = sum(row.part for row in rows.context["page"].rows)
        assert told == getattr(path.figures, name), address
        led.add(name)
    assert led == {
        *("visits", "orders", "gifts_sold", "revenue", "opened", "guests"),
        *("spend_over", "first_time", "came_in", "baskets", "known_guests", "sold"),
    }


def test_few_queries_however_many_links_and_days(
    owner_client: Client, lived: Link, brand: Brand
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert owner_client.get(PATH).status_code == 200
        return len(captured)

    few = asked()
    with scope(brand=brand):
        for number in range(15):
            more = links.add(campaign=lived.campaign, channel="poster", name=f"Poster {number}")
            link_days.put(more, day=date(2026, 1, 1), said={"cost": 5})
    assert asked() == few <= 24


def test_costs_are_those_typed_by_day_and_else_what_the_campaign_says(
    in_brand: Brand, campaign: Campaign, link: Link
) -> None:
    from campaigns.dashboard.period import Period

    today = date(2026, 5, 14)
    since, week = Period(campaign.starts_on, today), Period.ending(today, days=7)
    assert path_of(campaign, period=since, today=today).spent is None
    campaign.spent = 5_000
    path = path_of(campaign, period=since, today=today)
    assert (path.spent, path.is_spent_in_all) == (5_000, True)
    assert path_of(campaign, period=week, today=today).spent is None
    link_days.put(link, day=today, said={"cost": 700})
    link_days.put(link, day=today - timedelta(days=20), said={"cost": 300, "likes": 2})
    assert path_of(campaign, period=since, today=today).spent == 1_000
    assert path_of(campaign, period=week, today=today).spent == 700
    [strip] = strips_of(campaign, period=week, part=slice(5)).rows
    assert (strip.path.spent, strip.path.typed.likes) == (700, None)


def test_goods_cost_what_each_treat_costs_by_its_guests(
    owner_client: Client, brand: Brand, campaign: Campaign, treat: Treat
) -> None:
    with scope(brand=brand):
        other = make_treat(brand, "waffle")
        for number, each in enumerate((treat, other), start=2):
            Rollup.objects.create(
                brand=brand,
                grain=Rollup.Grain.CAMPAIGN_TREAT,
                campaign=campaign,
                treat=each,
                day=campaign.starts_on,
                guests=number,
            )
    fields = {f"cost-{treat.pk}": "1.20", f"cost-{other.pk}": ""}
    version = owner_client.get(COSTS).context["form"].initial["version"]
    assert owner_client.post(COSTS, {**fields, "version": version}).status_code == 302
    goods = owner_client.get(PATH).context["path"].goods
    assert (goods.cost, goods.known) == (240, 2)
    late = owner_client.post(COSTS, {**fields, f"cost-{treat.pk}": "9", "version": version})
    assert late.status_code == 409
    assert owner_client.post(COSTS, {}).status_code == 409
    wrong = owner_client.post(COSTS, {**fields, f"cost-{treat.pk}": "lots"})
    assert wrong.status_code == 422
    with scope(brand=brand):
        assert TreatCost.objects.get().amount == 120


@pytest.mark.parametrize(
    ("by_links", "of_all", "said"),
    [(41, 63, "41 of 63 gifts came by a link we know."), (0, 0, ""), (5, 3, ""), (-1, 3, "")],
)
def test_coverage_is_said_where_it_is_one(by_links: int, of_all: int, said: str) -> None:
    assert coverage_of_links(by_links, of_all) == said


def test_nothing_is_said_of_nothing(owner_client: Client, campaign: Campaign) -> None:
    page = owner_client.get(PATH)
    assert page.context["line"].steps == []
    assert "Nothing in these days" in page.content.decode()
    with scope(brand=campaign.brand):
        path = path_of(campaign, period=page.context["period"], today=date(2026, 5, 14))
    assert in_a_line(path, currency="USD").end == ""
    assert path.per_guest is None


class TestTyping:
    def send(self, client: Client, link: Link, **fields: str) -> int:
        page = client.get(typed_at(link), {"day": fields.get("day", "")})
        version = page.context["form"].initial["version"]
        return client.post(typed_at(link), {"version": version, **fields}).status_code

    def test_a_day_is_typed_changed_and_emptied(
        self, owner_client: Client, brand: Brand, link: Link
    ) -> None:
        assert self.send(owner_client, link, day="2026-05-01", likes="12", cost="3.50") == 302
        with scope(brand=brand):
            assert link_days.said_of(link, date(2026, 5, 1))["cost"] == 350
        assert self.send(owner_client, link, day="2026-05-01", likes="14") == 302
        assert self.send(owner_client, link, day="2026-05-01") == 302
        with scope(brand=brand):
            assert not LinkDay.objects.exists()

    @pytest.mark.parametrize(
        "fields",
        [
            {"day": "2026-05-01"},
            {"day": "2999-05-01", "likes": "1"},
            {"day": "1999-05-01", "likes": "1"},
            {"day": "soon", "likes": "1"},
            {"day": "2026-05-01", "likes": "-1"},
            {"day": "2026-05-01", "likes": "1e9"},
            {"day": "2026-05-01", "shares": "1000000001"},
            {"day": "2026-05-01", "cost": "lots"},
        ],
    )
    def test_what_cannot_be_is_said_and_not_kept(
        self, owner_client: Client, brand: Brand, link: Link, fields: dict[str, str]
    ) -> None:
        answer = owner_client.post(typed_at(link), fields)
        assert answer.status_code == 422
        with scope(brand=brand):
            assert not LinkDay.objects.exists()

    def test_an_older_tab_overwrites_nothing(
        self, owner_client: Client, brand: Brand, link: Link
    ) -> None:
        page = owner_client.get(typed_at(link), {"day": "2026-05-01"})
        version = page.context["form"].initial["version"]
        with scope(brand=brand):
            link_days.put(link, day=date(2026, 5, 1), said={"likes": 9})
        sent = {"version": version, "day": "2026-05-01", "likes": "1"}
        assert owner_client.post(typed_at(link), sent).status_code == 409
        with scope(brand=brand):
            assert link_days.said_of(link, date(2026, 5, 1))["likes"] == 9

    def test_finance_reads_and_types_nothing(
        self, client_of: Callable[[User], Client], finance: User, link: Link
    ) -> None:
        client = client_of(finance)
        for address in (typed_at(link), COSTS, PATH, PATH + "links.csv"):
            assert client.get(address).status_code == 200
        assert client.post(typed_at(link), {"day": "2026-05-01", "likes": "1"}).status_code == 404
        assert "Save" not in client.get(typed_at(link)).content.decode()


def test_a_file_has_a_row_for_each_link_and_runs_nothing(
    owner_client: Client, lived: Link, brand: Brand
) -> None:
    with scope(brand=brand):
        links.add(campaign=lived.campaign, channel="poster", name="=1+1")
    text = owner_client.get(PATH + "links.csv").content.decode("utf-8-sig")
    assert "Friday post,Instagram,1240,30,,12,11,12,1,11,0,8,5,71.50,61.00,120.00" in text
    assert "'=1+1" in text
    assert owner_client.get(PATH + "links.xlsx").content[:2] == b"PK"


def test_visitors_are_told_as_at_least_where_some_may_not_be_known(
    owner_client: Client, lived: Link, brand: Brand
) -> None:
    """12 visits of 11 browsers; 6 without an id, of which 2 say yes: 13 browsers, 14 of 18 visits."""
    with scope(brand=brand):
        for number in range(6):
            links.follow(link=lived, visitor_id="", now=timezone.now())
            if number < 2:
                for _tap in range(2):
                    links.know_again(link=lived, visitor_id=f"yes {number}")
    page = owner_client.get(PATH)
    path = page.context["path"]
    assert (path.visitors, path.known_visits, path.figures.visits) == (13, 14, 18)
    words = plain_text(page.content.decode())
    assert "by at least 13 visitors" in words
    assert "14 of 18 can be told apart." in words
    [strip] = page.context["strips"]
    assert (strip.path.visitors, strip.path.known_visits) == (13, 14)
    rows = owner_client.get("/studio/frosty-spoon/figures/visits/?days=7")
    assert plain_text(rows.content.decode()).count("not known") == 6
    table = owner_client.get(f"{PATH}links.csv").content.decode("utf-8-sig")
    assert ",18,13,14," in table
    for guests, count in (("new", 0), ("returning", 12)):  # whose it is not known are in neither
        asked = owner_client.get(f"/studio/frosty-spoon/figures/visits/?days=7&guests={guests}")
        assert len(asked.context["page"].rows) == count


def test_where_nobody_may_be_known_no_number_of_visitors_is_told(
    owner_client: Client, brand: Brand, link: Link
) -> None:
    with scope(brand=brand):
        links.follow(link=link, visitor_id="")
    words = plain_text(owner_client.get(PATH).content.decode())
    assert "0 of 1 can be told apart." in words
    assert "visitor" not in words.split("Step by step")[1].split("Orders")[0]


def test_a_link_whose_orders_had_discounts_says_what_they_cost(
    lived: Link, owner_client: Client, brand: Brand
) -> None:
    words = plain_text(owner_client.get(PATH).content.decode())
    assert "Discounts" not in words
    with scope(brand=brand):
        by = {"campaign": lived.campaign, "link": lived, "occurred_at": timezone.now()}
        of = {"offer": make_offer(brand), **by}
        record(new_fact(brand, "offer.used", amount=400, **of))
        record(new_fact(brand, "promotion.moved", amount=-150, quantity=0, **of))
    page = owner_client.get(PATH).content.decode()
    words = plain_text(page)
    assert "Discounts as promotion" in words
    assert "$2.50" in words
    assert re.search(rf"/figures/discount_cost/[^\"]*link={lived.slug}", page)
    sheet = b"".join(owner_client.get(f"{PATH}links.csv")).decode()
    assert "Discounts as promotion (USD)" in sheet
