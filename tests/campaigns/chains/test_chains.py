"""How far gifts travel, equal to a recount in SQL that knows only which gift an order came from."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.chains import figures
from campaigns.chains.tree import draw
from campaigns.few import FEW, hidden
from giftshop.orders.models import CameBy, Draft, Gift, Order, Recipient
from giftshop.privacy.erase import erase_recipients
from giftshop.privacy.erase_senders import erase_senders
from tests.cast import Place, make_store, pay
from tests.page_words import plain_text

pytestmark = pytest.mark.django_db
FROM = datetime(2026, 5, 1, tzinfo=UTC)
DAYS = 40
ALL = (FROM, FROM + timedelta(days=2 * DAYS))

RECOUNT = """
WITH RECURSIVE step(id, before) AS (
  SELECT child.id, gift.order_id FROM orders_order AS child
    LEFT JOIN orders_gift AS gift ON gift.id = child.from_gift_id
   WHERE child.state = 'paid' AND child.brand_id = %(brand)s
), walked(id, root, generation) AS (
  SELECT id, id, 0 FROM step WHERE before IS NULL
  UNION ALL
  SELECT step.id, walked.root, walked.generation + 1 FROM step JOIN walked ON walked.id = step.before
)
SELECT walked.id, root, walked.generation, total, came_by, paid_at, count(gift.id)
  FROM walked JOIN orders_order AS paid ON paid.id = walked.id
  JOIN orders_gift AS gift ON gift.order_id = paid.id
 GROUP BY 1, 2, 3, 4, 5, 6
"""


def recount(brand: Brand) -> list[tuple[Any, ...]]:
    """Each paid order: id, root, generation, total, way, when, gifts."""
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT, {"brand": brand.pk})
        return cursor.fetchall()


def lived(brand: Brand, place: Place, dice: random.Random, *, orders: int) -> list[Order]:
    """Senders, some of whom had got a gift first; some never pay."""
    with scope(brand=brand):
        stores = [make_store(brand, f"store-{number}") for number in range(3)]
    made: list[Order] = []
    for number in range(orders):
        draft, at = None, FROM + timedelta(days=DAYS * number / orders)
        if made and dice.random() < 0.7:
            with scope(brand=brand):
                gift = dice.choice(list(dice.choice(made).gifts.all()))
                came_by = dice.choice(list(CameBy))
                store = dice.choice(stores) if came_by == CameBy.COUNTER else None
                draft = Draft.objects.create(
                    brand=brand, came_by=came_by, from_gift_id=gift.pk, counter_store=store
                )
        people = ("Ben", "Cleo", "Dora")[: dice.randint(1, 3)]
        order = place(recipients=people, key=str(number), draft=draft, now=at)
        if dice.random() < 0.9:
            made.append(pay(order, at))
    return made


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_is_what_a_recount_says(brand: Brand, place: Place, seed: int) -> None:
    dice = random.Random(seed)
    made = lived(brand, place, dice, orders=45)
    moments = (FROM + timedelta(days=dice.randint(0, 10)), FROM + timedelta(days=30))
    with scope(brand=brand):
        opened = {gift.pk for order in made for gift in order.gifts.all() if dice.random() < 0.8}
        Gift.objects.filter(pk__in=opened).update(opened_at=FROM)
    rows = recount(brand)
    inside = [row for row in rows if moments[0] <= row[5] <= moments[1]]
    assert len(rows) == len(made)
    with scope(brand=brand):
        for group in figures.by_generation(moments):
            theirs = [row for row in inside if min(row[2], figures.LATER) == group.key]
            assert group.orders == len(theirs)
            assert group.revenue == sum(row[3] for row in theirs)
            assert group.gifts == sum(row[6] for row in theirs)
        for group in figures.by_way(moments):
            theirs = [row for row in inside if row[4] == group.key]
            assert (group.orders, group.revenue) == (len(theirs), sum(row[3] for row in theirs))
        moved = {row[1] for row in inside if row[2]}
        whole = {root: [row for row in rows if row[1] == root] for root in moved}
        lengths: dict[int, list[UUID]] = {}
        for root, theirs in whole.items():
            lengths.setdefault(max(row[2] for row in theirs), []).append(root)
        told = {each.generations: each for each in figures.by_length(moments)}
        assert {last: each.chains for last, each in told.items()} == {
            last: len(roots) for last, roots in lengths.items()
        }
        for last, roots in lengths.items():
            assert told[last].revenue == sum(row[3] for root in roots for row in whole[root])
        for chain in figures.longest(moments):
            assert chain.orders == len(whole[chain.id])
            assert chain.orders >= 5, "whoever counts the dots of fewer knows how few they are"
            assert chain.generations == max(row[2] for row in whole[chain.id])
        sold = {row[0] for row in inside}
        gifts = set(Gift.objects.filter(order__in=sold).values_list("pk", flat=True))
        led = set(Order.objects.paid().values_list("from_gift_id", flat=True))
        assert figures.sent_on(moments) == (len(gifts & opened), len(gifts & opened & led))


def test_what_the_drawing_shows_is_the_chain(brand: Brand, place: Place) -> None:
    lived(brand, place, random.Random(7), orders=40)
    by_id = {row[0]: row for row in recount(brand)}
    with scope(brand=brand):
        chains = figures.longest(ALL)
        assert chains
        for chain_id, steps in figures.steps(chains).items():
            assert {by_id[order][1] for order in steps} == {chain_id}
            assert len(steps) == min(
                figures.ORDERS_DRAWN_MAX, sum(row[1] == chain_id for row in by_id.values())
            )
            drawing = draw(steps)
            assert len(drawing.dots) == len(steps) == len(drawing.lines) + 1
            assert len(set(drawing.dots)) == len(steps), "no dot covers another"
            assert max(generation for *_, generation in drawing.dots) == max(
                by_id[order][2] for order in steps
            )


def test_a_long_chain_is_drawn_without_a_deep_stack() -> None:
    ids = [uuid4() for _ in range(3_000)]
    drawing = draw(dict(zip(ids, [None, *ids], strict=False)))
    assert drawing.dots[-1][2] == 2_999
    assert {y for _x, y, _generation in drawing.dots} == {drawing.dots[0][1]}


def test_whoever_is_erased_leaves_the_numbers(brand: Brand, place: Place) -> None:
    made = lived(brand, place, random.Random(3), orders=30)
    with scope(brand=brand):
        before = (figures.by_generation(ALL), figures.by_length(ALL), figures.by_way(ALL))
        gifts = [gift.pk for order in made for gift in order.gifts.all()]
    with scope(brand=brand):
        erase_recipients(gifts, now=ALL[1])
        erase_senders([order.pk for order in made], now=ALL[1])
        assert not Recipient.objects.filter(gifts__in=gifts).exclude(name="").exists()
        assert before == (figures.by_generation(ALL), figures.by_length(ALL), figures.by_way(ALL))


def test_an_order_that_came_from_no_gift_begins_a_chain(brand: Brand, place: Place) -> None:
    first = pay(place(key="a"))
    with scope(brand=brand):
        gift = first.gifts.all()[0]
        draft = Draft.objects.create(brand=brand, came_by=CameBy.SHOP, from_gift_id=gift.pk)
        gone = Draft.objects.create(brand=brand, came_by=CameBy.SHOP, from_gift_id=uuid4())
    second, third = place(key="b", draft=draft), place(key="c", draft=gone)
    assert (first.generation, first.chain_id) == (0, None)
    assert (second.generation, second.chain_id, second.from_gift_id) == (1, first.pk, gift.pk)
    assert (third.generation, third.chain_id, third.from_gift_id) == (0, None, None)


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"a": 9, "b": 0, "c": 12}, {"a", "b", "c"}),
        ({"a": 9, "b": 2, "c": 12}, {"c"}),
        ({"a": 9, "b": 2, "c": 3}, {"a"}),
        ({"a": 1, "b": 1, "c": 8, "d": 9}, {"d"}),  # of the whole two would be left
        ({"a": 3, "b": 0}, {"b"}),
        ({"a": FEW}, {"a"}),
    ],
)
def test_few_are_not_told_nor_found_by_taking_away(counts: dict[str, int], told: set[str]) -> None:
    assert counts.keys() - hidden(counts) == told


def test_a_page_of_few_tells_no_number_of_them(
    owner_client: Client, brand: Brand, place: Place, store: Store
) -> None:
    first = pay(place(key="a"))
    with scope(brand=brand):
        for number in range(3):
            gift = first.gifts.all()[0]
            draft = Draft.objects.create(
                brand=brand, came_by=CameBy.COUNTER, from_gift_id=gift.pk, counter_store=store
            )
            pay(place(key=f"on-{number}", draft=draft))
    page = plain_text(owner_client.get(f"/studio/{brand.slug}/chains/").content.decode())
    assert "fewer than five" in page
    assert "Fewer than five chains grew in these days." in page
    assert "$39.00" not in page, "three orders of two gifts"


def test_a_stores_few_are_not_what_is_left_of_all_counters(
    brand: Brand, place: Place, store: Store, store_b: Store
) -> None:
    now = datetime.now(UTC)
    first = pay(place(key="a", now=now), now)
    with scope(brand=brand):
        gift = first.gifts.all()[0]
        for number in range(7):
            draft = Draft.objects.create(
                brand=brand, came_by=CameBy.COUNTER, from_gift_id=gift.pk,
                counter_store=store if number else store_b,
            )  # fmt: skip
            pay(place(key=f"on-{number}", draft=draft, now=now), now)
        moments = (now - timedelta(days=1), now + timedelta(days=1))
        rows = {row.store.pk: row for row in figures.at_counters(moments)}
        assert [rows[each.pk].orders for each in (store, store_b)] == [6, 1]
        assert all(row.orders_are_hidden for row in rows.values())


def test_a_page_with_many_draws_them(
    owner_client: Client, brand: Brand, place: Place, django_assert_max_num_queries: Any
) -> None:
    now = datetime.now(UTC)
    for number in range(FEW):
        first = pay(place(key=f"{number}", now=now), now)
        with scope(brand=brand):
            gift = first.gifts.all()[0]
        for again in range(1 if number else FEW - 1):
            with scope(brand=brand):
                draft = Draft.objects.create(brand=brand, came_by="reply", from_gift_id=gift.pk)
            key = f"{number}-back-{again}"
            pay(place(recipients=("Amy",), key=key, draft=draft, now=now), now)
    with django_assert_max_num_queries(25):
        html = owner_client.get(f"/studio/{brand.slug}/chains/").content.decode()
    page = plain_text(html)
    assert "5 chains grew in these days" in page
    assert html.count('class="chain-drawing"') == 1, "of the others a drawing would count the few"
    assert "amy@" not in html
    assert "Ben" not in page
