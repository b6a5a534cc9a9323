"""A fact is written once, whatever is delivered how often, and never edited."""

import threading

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.utils import InternalError
from django_scopes import scope

from brands.models import Brand, Store
from campaigns.facts import record as record_facts
from campaigns.links import counter_visits, links
from campaigns.models import Attribution, Fact, Link, Rollup
from core.ids import uuid7
from tests.campaigns.conftest import NOON, new_fact, record

REFUSED = (ProgrammingError, InternalError)


def test_a_fact_moves_the_sums_of_its_day(in_brand: Brand) -> None:
    assert record(new_fact(in_brand, quantity=3, amount=1950))
    day = Rollup.objects.seen_by(Rollup.Grain.BRAND).get()
    assert (day.orders, day.gifts_sold, day.revenue) == (1, 3, 1950)


def test_a_message_told_again_counts_nothing(in_brand: Brand) -> None:
    fact = new_fact(in_brand)
    again = new_fact(in_brand, message_id=fact.message_id)
    assert record(fact)
    assert not record(again)
    assert Rollup.objects.seen_by(Rollup.Grain.BRAND).get().orders == 1


def test_another_message_of_the_same_thing_counts_nothing(in_brand: Brand) -> None:
    fact = new_fact(in_brand)
    assert record(fact)
    assert not record(new_fact(in_brand, subject_id=fact.subject_id))
    assert Fact.objects.count() == 1


def test_a_fact_that_makes_no_sense_is_refused_loudly(in_brand: Brand) -> None:
    with pytest.raises(IntegrityError):
        record(new_fact(in_brand, quantity=-1))
    assert not Rollup.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_sixteen_deliveries_at_once_count_once(transactional_db: None) -> None:
    from tests.cast import make_brand

    brand = make_brand("frosty-spoon")
    message, subject, start = uuid7(), uuid7(), threading.Barrier(16)
    recorded: list[bool] = []

    def deliver() -> None:
        try:
            with scope(brand=brand):
                start.wait(timeout=20)
                fact = new_fact(brand, message_id=message, subject_id=subject)
                recorded.append(record(fact))
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    with scope(brand=brand):
        assert sorted(recorded) == [False] * 15 + [True]
        assert Fact.objects.count() == 1
        assert Rollup.objects.seen_by(Rollup.Grain.BRAND).get().orders == 1


@pytest.mark.django_db(transaction=True)
def test_many_facts_at_once_lose_no_unit(transactional_db: None) -> None:
    from tests.cast import make_brand

    brand = make_brand("frosty-spoon")
    start = threading.Barrier(8)

    def work() -> None:
        try:
            with scope(brand=brand):
                start.wait(timeout=20)
                for _ in range(10):
                    record(new_fact(brand, quantity=2, amount=1300))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with scope(brand=brand):
        day = Rollup.objects.seen_by(Rollup.Grain.BRAND).get()
    assert (day.orders, day.gifts_sold, day.revenue) == (80, 160, 104_000)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE campaigns_fact SET amount = 1",
        "DELETE FROM campaigns_fact",
        "TRUNCATE campaigns_fact",
        "UPDATE campaigns_visit SET new_visitor = true",
        "DELETE FROM campaigns_visit",
        "TRUNCATE campaigns_visit CASCADE",
        "UPDATE campaigns_countervisit SET at = now()",
        "DELETE FROM campaigns_countervisit",
        "TRUNCATE campaigns_countervisit",
        "UPDATE campaigns_attribution SET decided_at = now()",
        "DELETE FROM campaigns_attribution",
        "TRUNCATE campaigns_attribution",
    ],
)
def test_the_database_refuses_to_edit_a_fact(
    in_brand: Brand, store: Store, link: Link, statement: str
) -> None:
    record(new_fact(in_brand))
    counter_visits.record(store=store, redemption_id=uuid7(), visitor_id="amy", now=NOON)
    links.follow(link=link, visitor_id="amy", now=NOON)
    Attribution.objects.create(brand=in_brand, order_id=uuid7(), decided_at=NOON)
    with (
        pytest.raises(REFUSED, match="only ever added"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or TRUNCATE is refused for that alone
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("amount", "extra", "basket", "over"),
    [
        (650, 0, None, 0),
        (650, 50, None, 50),
        (650, 50, 1400, 750),
        (650, 0, 650, 0),
        (650, 0, 0, 0),
    ],
)
def test_spend_over_the_gift(amount: int, extra: int, basket: int | None, over: int) -> None:
    assert record_facts.spend_over(amount=amount, extra_amount=extra, basket_total=basket) == over
