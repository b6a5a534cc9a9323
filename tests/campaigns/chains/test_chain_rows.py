"""What a number of how far gifts travel leads to: rows that add up to it, of nobody's name, and nothing of
few."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.chains import figures, rows
from campaigns.links import counter_visits
from core.ids import uuid7
from giftshop.orders.models import Gift
from tests.campaigns.chains.test_chains import ALL, FROM, lived
from tests.cast import Place
from tests.page_words import plain_text

DAYS = {"from": "2026-04-30", "to": "2026-07-30"}


@pytest.fixture
def grown(brand: Brand, place: Place) -> Brand:
    lived(brand, place, random.Random(5), orders=45)
    with scope(brand=brand):
        issued = Gift.objects.filter(code__isnull=False)
        issued.update(opened_at=FROM + timedelta(days=50))
        store = Store.objects.order_by("slug").first()
        assert store
        for number in range(6):
            counter_visits.record(
                store=store, redemption_id=uuid7(), visitor_id=str(number), now=FROM
            )
    return brand


def seen(kind: str, key: object) -> Any:
    found = rows.of(kind, str(key), ALL)
    assert found
    return found


def test_rows_add_up_to_every_number_that_is_told(grown: Brand) -> None:
    told = 0
    with scope(brand=grown):
        groups = [("generation", each) for each in figures.by_generation(ALL)]
        groups += [("way", each) for each in figures.by_way(ALL)]
        for kind, group in groups:
            found = seen(kind, group.key)
            assert found.is_hidden is group.is_hidden
            of = [(row.given, row.total) for row in found.rows]
            assert len(of) == group.orders
            assert [sum(each) for each in zip(*of, strict=True)] == [group.gifts, group.revenue]
            told += not group.is_hidden
        for place in figures.at_counters(ALL):
            found = seen("counter", place.store.slug)
            assert (found.is_hidden, len(found.rows)) == (place.orders_are_hidden, place.orders)
            assert sum(row.total for row in found.rows) == place.revenue
            found = seen("counter-visits", place.store.slug)
            assert (found.is_hidden, len(found.rows)) == (place.visits_are_hidden, place.visits)
            told += not place.visits_are_hidden
        for length in figures.by_length(ALL):
            found = seen("length", length.generations)
            assert len(found.rows) == length.chains
            assert sum(row["revenue"] for row in found.rows) == length.revenue
            assert found.is_hidden or not length.is_hidden
        opened, led = figures.sent_on(ALL)
        assert len(seen("sent-on", "gifts").rows) == led > 4
        assert opened > led
    assert told > 4


def test_a_page_names_nobody_and_of_few_says_nothing(
    owner_client: Client, grown: Brand, django_assert_max_num_queries: Any
) -> None:
    with scope(brand=grown):
        groups = figures.by_generation(ALL)
        few = figures.hidden({each.key: each.orders for each in groups})
    for group in groups:
        with django_assert_max_num_queries(16):
            page = owner_client.get(f"/studio/{grown.slug}/chains/generation/{group.key}/", DAYS)
        main = page.content.decode().partition("<main")[2].partition("</main>")[0]
        words = plain_text(main)
        for name in ("Amy", "Ben", "Cleo", "Dora", "@"):
            assert name not in words
        assert ("They are fewer than five" in words) == (group.key in few)
        assert ("$" in words) == (group.key not in few)


def test_there_is_no_other_number(owner_client: Client, brand: Brand) -> None:
    for address in ("generation/4", "way/post", "names/all", "counter/none", "length/99"):
        assert owner_client.get(f"/studio/{brand.slug}/chains/{address}/", DAYS).status_code == 404
    for address in ("sent-on/x", "counter-visits/none"):
        assert owner_client.get(f"/studio/{brand.slug}/chains/{address}/", DAYS).status_code == 404


def test_chains_of_few_orders_are_not_counted_out(owner_client: Client, grown: Brand) -> None:
    with scope(brand=grown):
        lengths = [each for each in figures.by_length(ALL) if not each.is_hidden]
    for length in lengths:
        page = owner_client.get(f"/studio/{grown.slug}/chains/length/{length.generations}/", DAYS)
        told = [row["orders"] for row in page.context["page"].object_list]
        text = plain_text(page.content.decode())
        assert ("fewer than five" in text) == any(count < 5 for count in told)
