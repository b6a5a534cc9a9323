"""Every figure leads on: to rows that add up to it under any filter, to a file, to what each is about."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.dashboard.figures import FIGURES
from campaigns.dashboard.period import Period
from campaigns.links import links
from campaigns.models import Campaign, Fact, Link, Rollup
from campaigns.rows.asked import NEW, RETURNING, RowsAsked
from giftshop.accounts.models import Membership, User
from giftshop.accounts.store_sets import EVERYWHERE
from giftshop.orders.models import Gift, Order
from redemption.models import Device
from redemption.redeem import redeem as redeem_code
from tests.campaigns.conftest import hear, new_fact, record
from tests.cast import Place, line, make_treat, make_user, pay, symbols

STUDIO = "/studio/frosty-spoon/"


@pytest.fixture
def gifts(in_brand: Brand, link: Link, place: Place, device: Device, store_b: Store) -> list[Gift]:
    """Three orders of two gifts, one by the link; the first of each is redeemed, one is undone."""
    now = timezone.now() - timedelta(minutes=9)
    links.follow(link=link, visitor_id="amy", now=now - timedelta(hours=1))
    links.follow(link=link, visitor_id="ben", now=now - timedelta(hours=2))
    given = []
    for number, visitor in enumerate(("amy", "", "")):
        order = pay(place(visitor_id=visitor, now=now), now=now)
        first = order.gifts.with_everything()[0]
        assert first.code
        answer = redeem_code.redeem(
            device=device,
            text=symbols(first.code),
            key=str(first.pk),
            picks={"flavour": ["mint"]},
            basket_total=900 + number,
            now=now + timedelta(minutes=number),
        )
        assert answer.status_code == 201, answer.body
        given += list(order.gifts.with_everything())
    given[1].code.void(now)  # type: ignore[union-attr]
    hear()
    return given


def get(client: Client, name: str, **query: str) -> Any:
    return client.get(f"{STUDIO}figures/{name}/", {"days": "7", **query})


def test_rows_add_up_to_the_figure_under_every_filter(
    in_brand: Brand, gifts: list[Gift], link: Link, store: Store, store_b: Store
) -> None:
    today = timezone.now().astimezone(in_brand.tz).date()
    days, seen = Period.ending(today, days=7), 0
    filters: dict[str, tuple[Any, ...]] = {
        "campaign": (None, link.campaign),
        "link": (None, link),
        "store": (None, store, store_b),
        "treat": (None, gifts[0].treat),
        "guests": ("", NEW, RETURNING),
    }
    for figure in FIGURES.values():
        for values in product(*filters.values()):
            given = dict(zip(filters, values, strict=True))
            if given["store"] and not figure.is_by_store:
                continue
            if (given["treat"] and not figure.is_by_treat) or (
                given["guests"] and not figure.is_by_guest
            ):
                continue
            asked = RowsAsked(figure, in_brand, EVERYWHERE, days, **given)
            rows = asked.rows()
            assert asked.total() == sum(row.part for row in rows), (figure.name, given)
            seen += bool(rows)
    assert seen > 100


def test_filters_stand_in_the_address_and_can_be_taken_off(
    owner_client: Client, gifts: list[Gift], link: Link, store: Store
) -> None:
    page = get(owner_client, "redeemed", store=store.slug, campaign=link.campaign.slug)
    assert page.context["facts_query"] == (
        f"days=7&campaign={link.campaign.slug}&store={store.slug}"
    )
    chosen = {each["label"]: each["without"] for each in page.context["chosen"]}
    assert chosen["Store"] == f"days=7&campaign={link.campaign.slug}"
    assert len(page.context["page"].rows) == 1
    assert get(owner_client, "redeemed", store="no-such-store").status_code == 404
    assert get(owner_client, "orders", link="no-such-link").status_code == 404


@pytest.mark.parametrize("name", FIGURES)
def test_a_file_holds_the_rows_of_its_page(
    owner_client: Client, gifts: list[Gift], name: str
) -> None:
    page = get(owner_client, name)
    answer = owner_client.get(f"{STUDIO}figures/{name}/rows.csv", {"days": "7"})
    told = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(told) == 1 + len(page.context["page"].rows)
    if not FIGURES[name].is_of_visits and not FIGURES[name].is_money:
        assert sum(int(row[-1]) for row in told[1:]) == page.context["asked"].total()


def test_a_file_for_excel_is_one(owner_client: Client, gifts: list[Gift]) -> None:
    sheet = owner_client.get(f"{STUDIO}figures/redeemed/rows.xlsx", {"days": "7"})
    assert sheet.content[:2] == b"PK"


def test_a_long_file_leaves_line_by_line_and_whole(
    owner_client: Client, brand: Brand, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaigns.dashboard.files.AT_ONCE", 3)
    monkeypatch.setattr("campaigns.rows.views.AT_ONCE", 4)
    now = timezone.now()
    with scope(brand=brand):
        for number in range(11):
            at = now - timedelta(seconds=number // 2)  # two at the same moment
            record(new_fact(brand, Fact.Topic.CODE_REDEEMED, store=store, occurred_at=at))
    answer = owner_client.get(f"{STUDIO}figures/redeemed/rows.csv", {"days": "7"})
    assert answer.streaming
    text = b"".join(answer).decode("utf-8-sig")
    assert len(text.splitlines()) == 12
    monkeypatch.setattr("campaigns.dashboard.files.ROWS_MAX", {"csv": 5, "xlsx": 5})
    bounded = owner_client.get(f"{STUDIO}figures/redeemed/rows.csv", {"days": "7"})
    lines = b"".join(bounded).decode().splitlines()
    assert len(lines) == 7
    assert lines[-1] == "Only the first 5 rows of the list are in this file."
    monkeypatch.setattr("campaigns.rows.views.SHOWN", 2)
    page = owner_client.get(f"{STUDIO}figures/redeemed/", {"days": "7"}).content.decode()
    assert "CSV: Only the first 5 rows of the list are in this file." in page
    assert "XLSX: Only the first 5 rows of the list are in this file." in page


def test_a_franchisee_sees_the_rows_of_their_own_stores_alone(
    client_of: Callable[[User], Client],
    brand: Brand,
    gifts: list[Gift],
    store: Store,
    store_b: Store,
    link: Link,
) -> None:
    theirs = client_of(make_user(brand, "b@x.example", Membership.Role.READER, stores=[store_b]))
    ours = client_of(make_user(brand, "a@x.example", Membership.Role.READER, stores=[store]))
    assert get(theirs, "guests").context["page"].rows == []
    assert len(get(ours, "guests").context["page"].rows) == 3
    assert get(theirs, "guests", store=store.slug).status_code == 404
    for name in ("revenue", "orders", "visits", "taken_back", "opened"):
        assert get(ours, name).status_code == 404
    assert get(ours, "guests", link=link.slug).status_code == 404
    file = theirs.get(f"{STUDIO}figures/guests/rows.csv", {"days": "7"}).content.decode()
    assert len(file.splitlines()) == 1
    ours_file = ours.get(f"{STUDIO}figures/guests/rows.csv", {"days": "7"}).content.decode()
    for name in (link.name, link.campaign.name, "Campaign", "Link"):
        assert name not in ours_file
    [fact, *_others] = Fact.objects.filter(topic="code.redeemed")
    assert theirs.get(f"{STUDIO}facts/{fact.pk}/").status_code == 404
    page = ours.get(f"{STUDIO}facts/{fact.pk}/")
    assert page.status_code == 200
    assert page.context["entry"] is None
    assert link.name not in page.content.decode()
    words = ours.get(f"{STUDIO}figures/").content.decode()
    assert "Guests at the counter" in words
    assert "Revenue from gifts" not in words


def test_a_row_leads_to_its_order_its_gifts_and_its_entry_in_the_ledger(
    owner_client: Client, gifts: list[Gift], link: Link
) -> None:
    for topic in ("order.paid", "code.redeemed", "code.voided"):
        fact = Fact.objects.filter(topic=topic, link=link).first()
        if topic == "code.voided":
            fact = Fact.objects.get(topic=topic)
        assert fact
        page = owner_client.get(f"{STUDIO}facts/{fact.pk}/")
        text = page.content.decode()
        assert f"/money/orders/{fact.order_id}/" in text
        assert gifts[0].label in text
        entry = page.context["entry"]
        if topic == "code.voided":  # by hand, without its posting
            assert entry is None
        else:
            assert entry is not None
            assert sum(posting.amount for posting in entry.postings) == 0
            assert "In the ledger" in text


def test_an_order_of_another_brand_is_nobodys(
    client_of: Callable[[User], Client], eve: User, gifts: list[Gift]
) -> None:
    fact = Fact.objects.first()
    assert fact
    assert client_of(eve).get(f"/studio/harbor-bean/facts/{fact.pk}/").status_code == 404


def test_what_an_order_is_of_two_treats_is_counted_by_treat(
    owner_client: Client, in_brand: Brand, place: Place
) -> None:
    scoop, waffle = make_treat(in_brand, "scoop", 650), make_treat(in_brand, "waffle", 900)
    order: Order = pay(place(lines=[line(scoop, "Ben"), line(waffle, "Cleo"), line(waffle, "Dee")]))
    hear()
    rows = Rollup.objects.seen_by(Rollup.Grain.TREAT).values_list("treat__slug", "sold", "revenue")
    assert sorted(rows) == [("scoop", 1, 650), ("waffle", 2, 1800)]
    assert order.total == 2450


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)])
def test_a_day_on_which_the_clock_changes_has_all_its_rows_and_no_others(
    in_brand: Brand, campaign: Campaign, day: date
) -> None:
    """In Los Angeles 8 March has 23 hours, 1 November 25."""
    begins = datetime(day.year, day.month, day.day, 8 if day.month == 3 else 7, tzinfo=UTC)
    for hours in range(-1, 26):
        record(new_fact(in_brand, occurred_at=begins + timedelta(hours=hours)))
    asked = RowsAsked(FIGURES["orders"], in_brand, EVERYWHERE, Period(day, day))
    assert len(asked.rows()) == asked.total() == (23 if day.month == 3 else 25)
