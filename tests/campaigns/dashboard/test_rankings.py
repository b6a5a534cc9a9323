"""All stores and all links by what they brought, and the page of one store."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.dashboard.rankings import PER_PAGE
from campaigns.models import Campaign, Link, Rollup
from giftshop.accounts.models import User
from tests.cast import make_store

STUDIO = "/studio/frosty-spoon/"


@pytest.fixture
def chain(brand: Brand) -> list[Store]:
    """Thirty stores; yesterday the one numbered n handed over n gifts."""
    yesterday = timezone.now().astimezone(brand.tz).date() - timedelta(days=1)
    with scope(brand=brand):
        stores = [
            make_store(brand, f"branch-{number:02}", name=f"Branch {number:02}", city="Tacoma")
            for number in range(30)
        ]
        Rollup.objects.bulk_create(
            Rollup(
                brand=brand,
                grain=Rollup.Grain.STORE,
                store=store,
                day=yesterday,
                redeemed=number,
                redeemed_amount=650 * number,
            )
            for number, store in enumerate(stores)
        )
        Rollup.objects.create(
            brand=brand, grain=Rollup.Grain.BRAND, day=yesterday, redeemed=435, gifts_sold=500
        )
    return stores


@pytest.fixture
def posters(brand: Brand, campaign: Campaign) -> list[Link]:
    yesterday = timezone.now().astimezone(brand.tz).date() - timedelta(days=1)
    with scope(brand=brand):
        links = [
            Link.objects.create(
                brand=brand,
                campaign=campaign,
                slug=f"poster-{number:02}",
                name=f"Poster {number:02}",
                channel=Link.Channel.POSTER,
            )
            for number in range(30)
        ]
        Rollup.objects.bulk_create(
            Rollup(
                brand=brand,
                grain=Rollup.Grain.LINK,
                campaign=campaign,
                link=link,
                day=yesterday,
                visits=2 * number,
                redeemed=number,
                revenue=number * 100,
            )
            for number, link in enumerate(links)
            if number
        )
    return links


def told(answer: Any) -> list[list[str]]:
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_overview_shows_ten_and_says_how_many_there_are(
    owner_client: Client, chain: list[Store], posters: list[Link]
) -> None:
    page = owner_client.get(STUDIO)
    dashboard = page.context["dashboard"]
    assert [row.store for row in dashboard.stores.rows] == chain[:19:-1]
    assert dashboard.stores.count == 30
    assert dashboard.stores_answer is not None
    assert [row.link for row in dashboard.links.rows] == posters[:19:-1]
    assert dashboard.links.count == 29  # one of them did nothing
    assert dashboard.links.together.revenue == 43_500
    text = page.content.decode()
    assert "The 10 that redeemed most, of 30 stores." in text
    assert f"{STUDIO}by-store/?days=28" in text
    assert f"{STUDIO}by-link/?days=28" in text


def test_all_stores_are_listed_most_first_and_found(
    owner_client: Client, chain: list[Store]
) -> None:
    first = owner_client.get(f"{STUDIO}by-store/", {"days": "7"})
    last = owner_client.get(f"{STUDIO}by-store/", {"days": "7", "page": "2"})
    shown = [row.store for page in (first, last) for row in page.context["ranking"].rows]
    assert shown == chain[::-1]
    assert len(first.context["ranking"].rows) == PER_PAGE
    assert "?page=2&amp;days=7" in first.content.decode()
    found = owner_client.get(f"{STUDIO}by-store/", {"q": "branch 07"})
    assert [row.store for row in found.context["ranking"].rows] == [chain[7]]
    nothing = owner_client.get(f"{STUDIO}by-store/", {"q": "<x-none>"}).content.decode()
    assert "Nothing fits" in nothing
    assert "<x-none>" not in nothing


@pytest.mark.parametrize("page", ["0", "99999999", "-1", "x", "9" * 50])
def test_a_page_that_is_none_does_no_harm(
    owner_client: Client, chain: list[Store], page: str
) -> None:
    assert owner_client.get(f"{STUDIO}by-store/", {"page": page}).status_code == 200


def test_all_links_are_listed_and_found_by_their_campaign_too(
    owner_client: Client, posters: list[Link], campaign: Campaign
) -> None:
    page = owner_client.get(f"{STUDIO}by-link/")
    assert [row.link for row in page.context["ranking"].rows] == posters[: 29 - PER_PAGE : -1]
    words = f"{campaign.name} 07"
    found = owner_client.get(f"{STUDIO}by-link/", {"q": words})
    assert [row.link for row in found.context["ranking"].rows] == [posters[7]]
    of_it = owner_client.get(f"{STUDIO}by-link/", {"campaign": campaign.slug, "days": "28"})
    assert of_it.context["ranking"].count == 30  # also the one that did nothing
    assert owner_client.get(f"{STUDIO}by-link/", {"campaign": "none"}).status_code == 404


def test_a_campaign_of_many_links_leads_to_all(
    owner_client: Client, posters: list[Link], campaign: Campaign
) -> None:
    page = owner_client.get(f"{STUDIO}campaigns/{campaign.slug}/?days=28").content.decode()
    assert page.count("link-card") == 0
    assert "All 30 links" in page
    assert f"{STUDIO}by-link/?days=28&amp;campaign={campaign.slug}" in page


def test_the_tables_hold_every_row_and_numbers_that_add_up(
    owner_client: Client, chain: list[Store], posters: list[Link]
) -> None:
    stores = told(owner_client.get(f"{STUDIO}by-store/stores.csv"))
    assert stores[0] == ["Store", "City", "Redeemed", "Worth (USD)"]
    assert len(stores) == 31
    assert sum(int(row[2]) for row in stores[1:]) == 435
    assert stores[1] == ["Branch 29", "Tacoma", "29", "188.50"]
    links = told(owner_client.get(f"{STUDIO}by-link/links.csv", {"q": "poster 0"}))
    assert [row[0] for row in links[1:]] == [
        f"Poster {number:02}" for number in (20, 10, *range(9, 0, -1))
    ]


def test_a_store_has_a_page_of_its_own(owner_client: Client, chain: list[Store]) -> None:
    page = owner_client.get(f"{STUDIO}stores/branch-29/figures/?days=7")
    values = [tile.value for tile in page.context["tiles"]]
    assert values == ["29", "$188.50", ""]
    assert sum(moment.figures.redeemed for moment in page.context["moments"]) == 29
    assert "store=branch-29" in page.content.decode()
    assert owner_client.get(f"{STUDIO}stores/none/figures/").status_code == 404


def test_finance_sees_a_stores_figures_and_is_not_led_where_they_may_not(
    client_of: Callable[[User], Client], finance: User, chain: list[Store]
) -> None:
    page = client_of(finance).get(f"{STUDIO}stores/branch-03/figures/")
    assert page.status_code == 200
    assert f'{STUDIO}stores/branch-03/"' not in page.content.decode()


def test_no_other_brand_is_read(
    client_of: Callable[[User], Client], eve: User, chain: list[Store], other_brand: Brand
) -> None:
    mine = client_of(eve)
    for path in ("by-store/", "by-link/", "by-store/stores.csv", "stores/branch-03/figures/"):
        assert mine.get(STUDIO + path).status_code == 404
    assert mine.get(f"/studio/{other_brand.slug}/by-store/").context["ranking"].count == 0
    assert mine.get(f"/studio/{other_brand.slug}/stores/branch-03/figures/").status_code == 404
