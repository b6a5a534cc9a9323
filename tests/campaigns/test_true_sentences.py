"""Every sentence of the studio is true, and no figure differs from a count in plain SQL, whatever happened.

Random histories (lives.py) around the nights on which Los Angeles loses and gains an hour. The count
(recount.py) asks no fact.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from math import sqrt
from typing import Any

import pytest
from django.db import transaction
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brands.models import Brand, Store
from campaigns.dashboard import queries, sentences
from campaigns.dashboard.figures import FIGURES
from campaigns.dashboard.of_period import figures_of
from campaigns.dashboard.period import Period
from campaigns.links import links
from campaigns.models import Campaign, Link
from campaigns.path.path import path_of
from campaigns.path.words import coverage_of_links, in_a_line
from campaigns.rows.asked import RowsAsked
from giftshop.accounts.store_sets import EVERYWHERE
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift
from redemption.models import Device
from tests.campaigns.lives import ACT, History
from tests.campaigns.recount import promotion, recount, redeemed_by_link
from tests.giftshop.offers.made import make_offer

SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)
WHOLE = Period(date(2026, 1, 1), date(2026, 12, 31))


def numbers(words: str | None) -> list[int]:
    return [
        int(each.replace(",", ""))
        for each in re.findall(r"(?<![\d.$,])\d[\d,]*(?!\d|\.\d|%)", words or "")
    ]


def check(brand: Brand, campaign: Campaign, store: Store, period: Period) -> dict[str, int]:
    figures, true = figures_of(period), recount(brand, period)
    assert {name: getattr(figures, name) for name in true} == true
    for name in true:
        asked = RowsAsked(FIGURES[name], brand, EVERYWHERE, period)
        assert sum(row.part for row in asked.rows()) == asked.total() == true[name], name
    reached = sentences.reached_a_store(figures)
    assert (reached is None) == (true["sold"] <= 0 and true["redeemed"] <= 0)
    if reached:
        back = [true["taken_back_of_sold"]] if true["taken_back_of_sold"] else []
        of_sold = [true["sold"], true["redeemed_of_sold"], *back] if true["sold"] > 0 else []
        given = [true["given_away"]] if true["given_away"] > 0 else []
        assert numbers(reached) == [*of_sold, true["redeemed"], *given], reached
    line_of = in_a_line(path_of(campaign, period=period, today=period.last), currency="USD")
    by_campaign = figures_of(period, campaign=campaign)
    told = [each for each in line_of.steps if "gift" in each]
    assert numbers(" ".join(told)) == [by_campaign.gifts_sold] * (by_campaign.gifts_sold > 0)
    if covered := coverage_of_links(by_campaign.gifts_sold, figures.gifts_sold):
        assert numbers(covered) == [by_campaign.gifts_sold, true["gifts_sold"]]
    stores = queries.by_store(period=period)
    busiest = sentences.busiest_store(stores)
    assert (busiest is not None) == (stores.redeemed >= sentences.ENOUGH)
    assert busiest in (None, f"All of them at {store.name}.")
    return true


def check_links(brand: Brand, period: Period) -> str | None:
    """What it says of links, by what each really brought."""
    said = sentences.best_link(queries.by_link(period=period))
    names = dict(Link.objects.values_list("pk", "name"))
    true = {names[pk]: count for pk, count in redeemed_by_link(brand, period).items()}  # type: ignore[index]
    told = {row.link.name: row.figures.redeemed for row in queries.by_link(period=period).rows}
    assert {name: count for name, count in told.items() if count} == {
        name: count for name, count in true.items() if count
    }
    together = sum(max(count, 0) for count in true.values())
    if together < 10:
        assert said is None
        return said
    assert said
    first, second, *_ = [*sorted(true.values(), reverse=True), 0]
    if second > 0 and first - second <= 2 * sqrt(first + second):
        assert said.endswith("are close; the difference may be luck.")
        return said
    best = max(true, key=lambda name: true[name])
    assert said.replace("\u2068", "").replace("\u2069", "").startswith(f"{best}: ")
    assert numbers(said) == [first]
    assert f"{first / together:.0%} of all" in said
    return said


def check_how_far(lived: History, period: Period, true: dict[str, int]) -> str | None:
    """What it says of gifts that wait, by how far each really got."""
    said = sentences.how_far(figures_of(period))
    if true["sold"] < 10:
        assert said is None
        return said
    sold_then = Gift.objects.filter(order__paid_at__range=moments(lived.brand, period))
    delivered = sold_then.filter(pk__in=lived.sent).count()
    waits = {
        "on their way to a friend": true["sold"] - delivered,
        "delivered but not opened yet": delivered - true["opened"],
        "opened but not redeemed yet": true["opened"] - true["redeemed_of_sold"],
    }
    most = max(waits.values())
    named = [words for words in waits if said and words in said]
    if named:
        assert waits[named[0]] == most
        assert numbers(said) == ([] if true["taken_back_of_sold"] else [most])
    else:
        assert most <= 0 or true["taken_back_of_sold"] > 0
    return said


def moments(brand: Brand, period: Period) -> tuple[datetime, datetime]:
    begin = datetime.combine(period.first, time.min, tzinfo=brand.tz)
    end = datetime.combine(period.last + timedelta(days=1), time.min, tzinfo=brand.tz)
    return begin, end - timedelta(microseconds=1)


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(ACT, min_size=9, max_size=14), crowd=st.sampled_from(["amy", "ben"]))
def test_no_figure_differs_and_no_sentence_is_false(
    brand: Brand,
    treat: Treat,
    device: Device,
    store: Store,
    link: Link,
    day: date,
    acts: list[tuple[Any, ...]],
    crowd: str,
) -> None:
    begins = datetime.combine(day - timedelta(days=1), time(20), tzinfo=UTC)
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]  # durable acts run inside
    with around, scope(brand=brand):
        offer = make_offer(brand, treat, starts_on=day - timedelta(days=3))
        other = links.add(campaign=link.campaign, channel="poster", name="Window")
        off = {"whom": "sender", "gives": "off", "amount": 200, "least_total": 500}
        taken_off = make_offer(brand, name="Two off", starts_on=day - timedelta(days=3), **off)
        lived = History(brand, treat, device, [link, other], offer, taken_off)
        begun = [("visit", 0, "amy", 0), ("visit", 1, "ben", 0), ("order", 3, "amy", 1)]
        begun += [("coupon", 0, True, 2), ("discounted", 2, 100, 3), ("crowd", 3, crowd, 5)]
        lived.live([*begun, *acts], begins)
        assert {name: getattr(figures_of(WHOLE), name) for name in promotion(brand)} == promotion(
            brand
        )
        said = []
        for period in (
            Period(day, day),
            Period(day - timedelta(days=1), day),
            Period(day - timedelta(days=2), day + timedelta(days=3)),
        ):
            true = check(brand, link.campaign, store, period)
            said += [check_links(brand, period), check_how_far(lived, period, true)]
        assert any(said)
        transaction.set_rollback(True)


@pytest.mark.parametrize(("words", "told"), [("1,240 likes, 42% of 8; $61.00", [1240, 8])])
def test_numbers_are_read_out_of_sentences(words: str, told: list[int]) -> None:
    """The control."""
    assert numbers(words) == told
