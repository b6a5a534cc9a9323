"""What other rooms ask is what the dashboard shows, and leads to the rows behind it."""

from datetime import timedelta

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.dashboard.of_period import address_of, figures_of, first_day_of
from campaigns.dashboard.period import Period
from campaigns.models import Fact, Link
from tests.campaigns.conftest import NOON, new_fact, record

DAYS = Period.week_of(NOON.date())


def test_figures_are_those_of_their_grain_and_days(
    in_brand: Brand, link: Link, store: Store, store_b: Store
) -> None:
    by = {"campaign": link.campaign, "link": link}
    record(new_fact(in_brand, quantity=2, amount=1300, **by))
    record(new_fact(in_brand, quantity=5, amount=3250))
    record(new_fact(in_brand, quantity=9, amount=9000, occurred_at=NOON - timedelta(days=7), **by))
    for place, of in ((store, by), (store, {}), (store_b, by)):
        record(new_fact(in_brand, Fact.Topic.CODE_REDEEMED, store=place, **of))
    sold = {
        "brand": figures_of(DAYS),
        "campaign": figures_of(DAYS, campaign=link.campaign),
        "link": figures_of(DAYS, link=link),
        "store": figures_of(DAYS, stores=[store.pk]),
        "both": figures_of(DAYS, stores=[store.pk, store_b.pk]),
        "at": figures_of(DAYS, campaign=link.campaign, stores=[store.pk]),
    }
    assert {name: (each.gifts_sold, each.redeemed) for name, each in sold.items()} == {
        "brand": (7, 3),
        "campaign": (2, 2),
        "link": (2, 2),
        "store": (0, 2),
        "both": (0, 3),
        "at": (0, 1),
    }
    assert first_day_of() == (NOON - timedelta(days=7)).date()
    assert first_day_of(stores=[store.pk]) == NOON.date()
    assert first_day_of(stores=[]) is None
    assert figures_of(DAYS, stores=[]).nothing_happened


def test_an_address_leads_to_the_rows_of_its_figure(
    owner_client: Client, brand: Brand, link: Link, store: Store
) -> None:
    with scope(brand=brand):
        record(new_fact(brand, Fact.Topic.CODE_REDEEMED, store=store, campaign=link.campaign))
        figures = figures_of(DAYS, campaign=link.campaign, stores=[store.pk])
        address = address_of(
            "redeemed", brand=brand, period=DAYS, campaign=link.campaign, store=store
        )
        with pytest.raises(KeyError):
            address_of("luck", brand=brand, period=DAYS)
    page = owner_client.get(address)
    assert len(page.context["page"].rows) == figures.redeemed == 1
