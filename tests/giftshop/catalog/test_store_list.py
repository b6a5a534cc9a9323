"""Where gifts are handed over, when a brand has more stores than fit on a page."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.catalog import sold_out, store_list
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift
from redemption.audit.actors import SYSTEM
from tests.cast import make_store

ALWAYS, NEVER = ["00:00-23:59"] * 7, [""] * 7
TOWNS = ("Seattle", "Portland", "Tacoma")


@pytest.fixture
def chain(brand: Brand) -> list[Store]:
    """Thirty stores, of which the tenth to the twelfth are open."""
    with scope(brand=brand):
        return [
            make_store(
                brand,
                f"branch-{number:02}",
                name=f"Branch {number:02}",
                city=TOWNS[number % 3],
                postal_code=f"98{number:03}",
                hours=ALWAYS if number in (10, 11, 12) else NEVER,
            )
            for number in range(30)
        ]


@pytest.fixture
def unwrapped(client: Client, gift: Gift) -> Client:
    client.post(f"/gift/{gift.link_token()}/opening/")
    return client


def names_on(page: Any) -> list[str]:
    return [
        part.split("</bdi>")[0] for part in page.content.decode().split('store-name"><bdi>')[1:]
    ]


def test_a_shop_of_many_stores_shows_three_that_are_open_and_finds_the_rest(
    client: Client, brand: Brand, treat: Treat, chain: list[Store]
) -> None:
    page = client.get(f"/shop/{brand.slug}/")
    assert names_on(page) == ["Branch 10", "Branch 11", "Branch 12"]
    assert "These are 3 of 30 stores." in page.content.decode()
    assert f'action="/stores/{brand.slug}/"' in page.content.decode()


def test_a_shop_of_few_stores_shows_them_all_and_no_search(
    client: Client, brand: Brand, store: Store, store_b: Store, treat: Treat
) -> None:
    page = client.get(f"/shop/{brand.slug}/")
    assert names_on(page) == ["Ballard", "Pike Street"]
    assert "/stores/" not in page.content.decode()


def test_stores_are_found_by_town_postal_code_and_several_words(
    client: Client, brand: Brand, chain: list[Store], other_store: Store
) -> None:
    address = f"/stores/{brand.slug}/"
    assert names_on(client.get(address, {"q": "98007"})) == ["Branch 07"]
    assert names_on(client.get(address, {"q": "  branch   SEATTLE "}))[:2] == [
        "Branch 00",
        "Branch 03",
    ]
    assert names_on(client.get(address, {"q": "98007 seattle"})) == []
    nothing = client.get(address, {"q": "<b>nowhere</b>"}).content.decode()
    assert "No store fits “<bdi>&lt;b&gt;nowhere" in nothing
    assert other_store.name not in client.get(address, {"q": "pier"}).content.decode()


def test_what_was_looked_for_goes_on_to_the_next_page(
    client: Client, brand: Brand, chain: list[Store]
) -> None:
    address = f"/stores/{brand.slug}/"
    first = client.get(address, {"q": "branch 1 street"})
    assert "?page=2&amp;q=branch%201%20street" in first.content.decode()
    again = client.get(address, {"q": "branch 1 street", "page": "2"})
    both = names_on(first) + names_on(again)
    assert len(names_on(first)) == store_list.PER_PAGE
    assert both == sorted(set(both))


def test_a_store_that_is_off_is_not_found(client: Client, brand: Brand, chain: list[Store]) -> None:
    Store._base_manager.filter(pk=chain[7].pk).update(is_active=False)
    assert names_on(client.get(f"/stores/{brand.slug}/", {"q": "98007"})) == []


def test_a_gift_shows_three_open_stores_of_many_and_finds_the_rest(
    unwrapped: Client, gift: Gift, chain: list[Store], brand: Brand
) -> None:
    with scope(brand=brand):
        sold_out.mark_sold_out(store=chain[10], things=[gift.treat], by=SYSTEM)
        sold_out.mark_sold_out(store=chain[7], things=[gift.treat], by=SYSTEM)
    here = f"/gift/{gift.link_token()}/"
    page = unwrapped.get(here)
    assert names_on(page) == ["Branch 11", "Branch 12", "Branch 00"]
    assert "Enjoy it at any of 30 stores" in page.content.decode()
    found = unwrapped.get(f"{here}stores/", {"q": "98007"})
    assert names_on(found) == ["Branch 07"]
    assert "Sold out here today" in found.content.decode()
    assert found["Referrer-Policy"] == "no-referrer"


def test_only_stores_that_take_the_gift_are_found(
    unwrapped: Client, gift: Gift, chain: list[Store], brand: Brand
) -> None:
    assert gift.code is not None
    gift.code.store_ids = [store.pk for store in chain[:20]]
    gift.code.save(update_fields=["store_ids"])
    here = f"/gift/{gift.link_token()}/stores/"
    assert names_on(unwrapped.get(here, {"q": "98025"})) == []
    assert names_on(unwrapped.get(here, {"q": "98015"})) == ["Branch 15"]


def test_the_stores_of_a_gift_that_is_wrapped_or_past_are_not_told(
    client: Client, gift: Gift, chain: list[Store]
) -> None:
    here = f"/gift/{gift.link_token()}/"
    assert client.get(f"{here}stores/")["Location"] == here
    client.post(f"{here}opening/")
    assert client.get(f"{here}stores/").status_code == 200
    assert gift.code is not None
    gift.code.expires_at = timezone.now()
    gift.code.save(update_fields=["expires_at"])
    assert client.get(f"{here}stores/")["Location"] == here


def test_a_treat_is_gone_when_each_of_many_stores_has_told_so(
    in_brand: Brand, chain: list[Store], treat: Treat, django_assert_num_queries: Any
) -> None:
    now = timezone.now()
    for store in chain[1:]:
        sold_out.mark_sold_out(store=store, things=[treat], by=SYSTEM, now=now)
    treat = Treat.objects.prefetch_related("prices").get(pk=treat.pk)
    with django_assert_num_queries(1):
        assert sold_out.nowhere([treat], 30, now).treats == frozenset()
    sold_out.mark_sold_out(store=chain[0], things=[treat], by=SYSTEM, now=now)
    with django_assert_num_queries(1):
        assert sold_out.nowhere([treat], 30, now).treats == {treat.pk}
