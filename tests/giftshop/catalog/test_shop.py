"""The pages before a gift begins."""

from typing import Any

import pytest
from django.test import Client

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from tests.cast import make_store, make_treat

pytestmark = pytest.mark.django_db


def test_the_only_brand_has_the_first_page(client: Client, brand: Brand, treat: Treat) -> None:
    page = client.get("/").content.decode()
    assert "Double scoop" in page
    assert f'action="/shop/{brand.slug}/give/"' in page


def test_several_brands_share_it(client: Client, brand: Brand, other_brand: Brand) -> None:
    page = client.get("/").content.decode()
    assert f"/shop/{brand.slug}/" in page
    assert f"/shop/{other_brand.slug}/" in page


def test_no_brand_at_all_is_a_kind_page(client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "No shop has opened yet" in page.content.decode()


def test_a_shop_shows_treats_sizes_prices_and_choices(
    client: Client, brand: Brand, treat: Treat
) -> None:
    page = client.get(f"/shop/{brand.slug}/").content.decode()
    for words in ("Double scoop", "from $6.50", "Large", "Friend's choice: Flavour"):
        assert words in page


def test_a_shop_shows_its_stores_only(
    client: Client, brand: Brand, store: Store, other_store: Store
) -> None:
    make_store(brand, "closed-for-good", is_active=False)
    page = client.get(f"/shop/{brand.slug}/").content.decode()
    assert "Pike Street" in page
    assert "Pier" not in page
    assert "Closed For Good" not in page


def test_another_brands_treat_is_not_on_the_menu(
    client: Client, brand: Brand, other_brand: Brand, treat: Treat
) -> None:
    make_treat(other_brand, "flat-white")
    assert "Flat white" not in client.get(f"/shop/{brand.slug}/").content.decode()


def test_a_shop_without_treats_says_so(client: Client, brand: Brand) -> None:
    page = client.get(f"/shop/{brand.slug}/").content.decode()
    assert "The menu is being written" in page
    assert "Give a treat" not in page


def test_an_unknown_shop_is_not_there(client: Client, brand: Brand) -> None:
    assert client.get("/shop/nowhere/").status_code == 404


def test_a_shop_can_be_found_and_shared(client: Client, brand: Brand, treat: Treat) -> None:
    page = client.get(f"/shop/{brand.slug}/").content.decode()
    assert 'property="og:title"' in page
    german = client.get(f"/shop/{brand.slug}/", headers={"Accept-Language": "de"})
    assert '<meta property="og:locale" content="de_DE">' in german.content.decode()
    assert f'rel="canonical" href="http://127.0.0.1:8000/shop/{brand.slug}/"' in page
    assert "noindex" not in page


def test_visitors_copies_are_their_own(client: Client, brand: Brand) -> None:
    assert "private" in client.get(f"/shop/{brand.slug}/")["Cache-Control"]


def test_looking_changes_nothing(client: Client, brand: Brand, treat: Treat) -> None:
    assert client.get(f"/shop/{brand.slug}/give/").status_code == 405
    told = client.get(f"/shop/{brand.slug}/give/")
    assert "This page only takes what a form sends" in told.content.decode()
    assert told["Allow"] == "POST"
    assert client.post(f"/shop/{brand.slug}/").status_code == 405


def test_the_page_stays_within_its_queries(
    client: Client, brand: Brand, store: Store, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        make_treat(brand, f"treat-{number}")
    with django_assert_max_num_queries(9):
        client.get(f"/shop/{brand.slug}/")
