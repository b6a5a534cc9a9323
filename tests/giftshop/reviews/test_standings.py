"""Sums equal a count by hand after any history, averages and rankings speak from five on, and say their N."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift, Order
from giftshop.reviews import rank, standings
from giftshop.reviews.models import Review, Standing
from giftshop.reviews.rank import FEW, Standings
from giftshop.reviews.tasks import count_standings
from redemption.models import Code
from tests.cast import Place, line, make_treat, pay, today

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def treat_of(number: int, **sums: int) -> Standing:
    treat = Treat(id=uuid4(), name=f"T{number}", position=number)
    return Standing(treat=treat, counted_at=NOW, **sums)


SUMS = st.builds(
    lambda shown, late, given, stars: {
        "shown": shown + late,
        "stars": (shown + late) * stars,
        "shown_lately": late,
        "stars_lately": late * stars,
        "given_lately": given,
    },
    *(st.integers(0, 12) for _ in range(3)),
    st.integers(1, 5),
)


@settings(max_examples=60)
@given(st.lists(SUMS, max_size=8))
def test_a_ranking_is_what_a_hand_would_rank(sums: list[dict[str, int]]) -> None:
    rows = [treat_of(number, **each) for number, each in enumerate(sums)]
    told = rank.rank(rows)
    gifts = sum(each["given_lately"] for each in sums)
    assert told.gifts == gifts
    counts = [each.count for each in told.given]
    if gifts < FEW:
        assert counts == []
    else:
        assert (
            counts
            == sorted((s["given_lately"] for s in sums if s["given_lately"]), reverse=True)[:3]
        )
    loved = [(each.rating.stars / each.rating.count, each.rating.count) for each in told.loved]
    assert all(count >= FEW for _average, count in loved)
    averages = sorted(
        (s["stars_lately"] / s["shown_lately"] for s in sums if s["shown_lately"] >= FEW),
        reverse=True,
    )
    assert [average for average, _count in loved] == averages[:3]
    for row in rows:
        rating = told.ratings.get(row.treat_id)
        assert (rating is None) == (row.shown == 0)
        if rating:
            assert (rating.average is None) == (row.shown < FEW)


def test_of_equal_ones_the_menus_order_counts() -> None:
    told = rank.rank([treat_of(2, given_lately=4), treat_of(1, given_lately=4)])
    assert [each.treat.name for each in told.given] == ["T1", "T2"]


def history(place: Place, treats: list[Treat], acts: list[tuple[int, int, int, str, str]]) -> None:
    """For each a gift of a treat, paid so many days ago, perhaps taken back, perhaps rated."""
    for treat, days, stars, state, code in acts:
        at = NOW - timedelta(days=days, minutes=1)
        order = pay(place(lines=[line(treats[treat])], now=at), now=at)
        gift = Gift.objects.get(order=order)
        if code == "unpaid":
            Order.objects.filter(pk=order.pk).update(
                state="cancelled", paid_at=None, cancelled_at=at
            )
        if code == "voided":
            Code.objects.filter(pk=gift.code_id).update(state="voided", balance=0)
        elif stars:
            Code.objects.filter(pk=gift.code_id).update(state="redeemed", balance=0)
        if stars:
            judged = {} if state == "waiting" else {"judged_at": NOW}
            because = "personal" if state == "hidden" else ""
            Review.objects.create(
                brand=treat_brand(treats), gift=gift, treat=treats[treat], stars=stars, language="en",
                state=state, hidden_because=because, written_at=at, changed_at=at, **judged,
            )  # fmt: skip


def treat_brand(treats: list[Treat]) -> Brand:
    return treats[0].brand


ACTS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from([0, 10, 29, 30, 31, 200]),
        st.integers(0, 5),
        st.sampled_from(["waiting", "shown", "hidden"]),
        st.sampled_from(["good", "good", "voided", "unpaid"]),
    ),
    max_size=9,
)


def counted_anew(treat: Treat, since: datetime) -> dict[str, int]:
    """Row by row, with nothing of the database's sums."""
    shown = [
        each
        for each in Review.objects.select_related("gift__code")
        if each.treat_id == treat.pk
        and each.state == "shown"
        and each.gift.code
        and each.gift.code.state == "redeemed"
    ]
    late = [each for each in shown if each.written_at > since]
    gifts = [
        each
        for each in Gift.objects.select_related("order", "code")
        if each.treat_id == treat.pk
        and each.order.paid_at
        and each.order.paid_at > since
        and not (each.code and each.code.state == "voided")
    ]
    return {
        "shown": len(shown),
        "stars": sum(each.stars for each in shown),
        "shown_lately": len(late),
        "stars_lately": sum(each.stars for each in late),
        "given_lately": len(gifts),
    }


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_the_sums_are_those_of_a_count_counted_anew(
    brand: Brand, place: Place, acts: list[tuple[int, int, int, str, str]]
) -> None:
    from django.db import transaction

    with scope(brand=brand), transaction.atomic():
        mark = transaction.savepoint()
        treats = [make_treat(brand, f"treat-{uuid4().hex[:8]}") for _ in range(2)]
        history(place, treats, acts)
        standings.count_all(brand, now=NOW)
        for treat in treats:
            kept = Standing.objects.get(treat=treat)
            hand = counted_anew(treat, NOW - standings.LATELY)
            assert {name: getattr(kept, name) for name in hand} == hand
            standings.count_reviews(treat, now=NOW)  # of one alone: the same
            kept.refresh_from_db()
            assert {name: getattr(kept, name) for name in hand} == hand
        transaction.savepoint_rollback(mark)


def reviewed(place: Place, treat: Treat, many: int) -> None:
    with scope(brand=treat.brand):
        history(place, [treat], [(0, 2, 4 + number % 2, "shown", "good") for number in range(many)])


@pytest.mark.parametrize("many", [FEW - 1, FEW])
def test_the_shop_speaks_from_five_on(
    client: Client, brand: Brand, treat: Treat, place: Place, many: int
) -> None:
    reviewed(place, treat, many)
    count_standings()
    page = client.get(f"/shop/{brand.slug}/").content.decode()
    assert f"{many} reviews" in page
    assert ("Most given" in page) == (many == FEW)
    assert ("★ 4.4" in page) == (many == FEW)
    assert (f"Of {FEW} gifts in the last 30 days" in page) == (many == FEW)


def test_another_brand_counts_for_itself(
    brand: Brand, other_brand: Brand, treat: Treat, place: Place
) -> None:
    make_treat(other_brand, "flat-white")
    reviewed(place, treat, FEW)
    count_standings()
    with scope(brand=other_brand):
        assert rank.read(today(other_brand)) == Standings(
            ratings={}, given=[], gifts=0, loved=[], reviews=0
        )
    with scope(brand=brand):
        assert rank.read(today(brand)).gifts == FEW


def test_to_count_all_takes_few_queries(
    brand: Brand, treat: Treat, place: Place, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        make_treat(brand, f"treat-{number}")
    reviewed(place, treat, 3)
    with scope(brand=brand), django_assert_max_num_queries(8):
        standings.count_all(brand, now=NOW)
