"""The subtitles say what the figures bear, and no more."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.utils import translation

from brands.models import Store
from campaigns.dashboard import number_formats, sentences
from campaigns.dashboard.comparison import Comparison
from campaigns.dashboard.figures import TILES, Figures, total
from campaigns.dashboard.queries import LinkRow, Ranking, StoreRow
from campaigns.dashboard.sentences import clearly_more
from campaigns.dashboard.tiles import Tile, spark, tiles
from campaigns.models import Campaign, Link


def links(**redeemed: int) -> Ranking[LinkRow]:
    return ranking(
        LinkRow(Link(name=name, campaign=Campaign(name="c")), Figures(redeemed=count))
        for name, count in redeemed.items()
    )


def stores(**redeemed: int) -> Ranking[StoreRow]:
    return ranking(StoreRow(Store(name=name), Figures(redeemed=n)) for name, n in redeemed.items())


def ranking(rows: Iterable[Any]) -> Ranking[Any]:
    found = list(rows)
    together = total([row.figures for row in found])
    return Ranking(found, len(found), together, sum(row.figures.redeemed for row in found))


def test_shares_are_of_all_not_of_the_top() -> None:
    top = stores(Pike=60, Ballard=20)
    in_all = Ranking(top.rows, 3, Figures(redeemed=100), 100)
    assert sentences.busiest_store(in_all) == "Pike handed over most: 60% of them."


@pytest.mark.parametrize(
    ("more", "less", "clear"), [(30, 10, True), (12, 9, False), (100, 80, False), (100, 60, True)]
)
def test_a_difference_counts_only_beyond_luck(more: int, less: int, clear: bool) -> None:
    assert clearly_more(more, less) is clear


def test_the_best_link_is_named_only_when_it_is_clear() -> None:
    clear, close = (
        sentences.best_link(links(Poster=48, Post=20)),
        sentences.best_link(links(Poster=21, Post=20)),
    )
    assert clear is not None
    assert clear.startswith("Poster: 48 gifts redeemed, 71%")
    assert close is not None
    assert "may be luck" in close


def test_too_few_cannot_be_told() -> None:
    assert sentences.best_link(links(Poster=9)) is None
    assert sentences.busiest_store(stores(Pike=5, Ballard=4)) is None
    assert sentences.how_far(Figures(sold=9)) is None
    assert sentences.reached_a_store(Figures()) is None


def test_one_store_alone_has_them_all() -> None:
    assert sentences.busiest_store(stores(Pike=12, Ballard=0)) == "All of them at Pike."


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        (
            Figures(sold=1200, redeemed=900, redeemed_of_sold=500, given_away=24),
            "Sold in these days: 1,200, so far 500 of them redeemed (42%). Redeemed in these days: "
            "900, whenever they were sold; 24 of them were promotional or goodwill gifts.",
        ),
        (
            Figures(sold=1, redeemed=26),
            "Sold in these days: 1, so far 0 of it redeemed. Redeemed in these days: 26, whenever "
            "they were sold.",
        ),
        (
            Figures(sold=3, redeemed=1, redeemed_of_sold=1),
            "Sold in these days: 3, so far 1 of them redeemed. Redeemed in these days: 1, whenever "
            "they were sold.",
        ),
        (
            Figures(redeemed=2),
            "No gift was sold in these days. Redeemed in these days: 2, whenever they were sold.",
        ),
    ],
)
def test_what_was_sold_and_what_was_redeemed_are_told_apart(figures: Figures, told: str) -> None:
    assert sentences.reached_a_store(figures) == told


def test_the_longest_wait_is_named() -> None:
    told = sentences.how_far(Figures(sold=100, delivered=99, opened=60, redeemed_of_sold=55))
    assert told is not None
    assert "delivered but not opened yet: 39" in told


def test_those_taken_back_wait_no_more() -> None:
    far = Figures(sold=100, delivered=99, opened=60, redeemed_of_sold=55, taken_back_of_sold=20)
    assert sentences.how_far(far) == (
        "Most of those still waiting are delivered but not opened yet."
    )
    close = Figures(sold=100, delivered=99, opened=60, redeemed_of_sold=50, taken_back_of_sold=30)
    assert sentences.how_far(close) is None
    told = sentences.reached_a_store(Figures(sold=20, redeemed_of_sold=5, taken_back_of_sold=1))
    assert told is not None
    assert "20, so far 5 of them redeemed (25%). 1 of them was taken back." in told


def shown(now: Figures, compared: Comparison | None = None) -> dict[str, Tile]:
    made = tiles(
        now=now, compared=compared, days=[], currency="USD", addresses=dict.fromkeys(TILES, "/")
    )
    return dict(zip(TILES, made, strict=True))


def test_spend_is_unknown_until_a_till_tells_it() -> None:
    unknown = {name: tile.unknown for name, tile in shown(Figures(redeemed=5)).items()}
    assert unknown == dict.fromkeys(TILES, False) | {"spend_over": True}


def test_spend_says_of_how_many_it_is_known_and_the_mean() -> None:
    figures = Figures(redeemed=230, baskets=136, spend_over=14_688)
    told = shown(figures, Comparison(figures, Figures(spend_over=1), "the day before"))[
        "spend_over"
    ]
    assert (told.value, told.trend) == ("$146.88", "")
    assert told.compare == "told by the till in 136 of 230, $1.08 on average"


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (Figures(gifts_sold=1, revenue=650), "more than in the day before"),
        (Figures(gifts_sold=4, revenue=2600), "more than in the day before"),
        (Figures(gifts_sold=5, revenue=3250), "\u2066+200%\u2069 on the day before"),
        (Figures(gifts_sold=15, revenue=9750), "as in the day before"),
    ],
)
def test_a_share_of_the_money_of_few_gifts_is_not_told(before: Figures, told: str) -> None:
    now = Figures(gifts_sold=15, revenue=9750)
    assert shown(now, Comparison(now, before, "the day before"))["revenue"].compare == told


@pytest.mark.parametrize(
    ("visits", "orders", "told"), [(9, 3, None), (10, 3, 0.3), (12, 13, None), (0, 1, None)]
)
def test_orders_that_go_back_to_other_days_visits_are_no_share_of_these(
    visits: int, orders: int, told: float | None
) -> None:
    assert Figures(visits=visits, orders=orders).orders_per_visit == told


def test_a_spark_stays_in_its_box() -> None:
    points = [point.split(",") for point in spark([0, -2, 5, 3]).split()]
    assert [float(x) for x, _y in points] == [0.0, 33.3, 66.7, 100.0]
    assert all(0 <= float(y) <= 28 for _x, y in points)
    assert spark([0, 0, 0]) == ""


@pytest.mark.parametrize(
    ("language", "written"), [("en", "1,234 1.2% +12%"), ("de", "1.234 1,2\u00a0% +12\u00a0%")]
)
def test_numbers_are_written_as_the_reader_writes_them(language: str, written: str) -> None:
    with translation.override(language):
        shares = f"{number_formats.share(0.012)} {number_formats.share(0.12, signed=True)}"
        told = f"{number_formats.number(1234)} {shares}"
    assert told == written
