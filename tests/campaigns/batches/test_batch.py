"""Facts by batches: several take them at once, one dies in the middle, and each is written once.

The control marks messages as done before it sees to them, as a consumer does that acknowledges early:
what it held when it died is missing.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, close_old_connections, connection, transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand, Store
from campaigns.facts import rollups
from campaigns.links import links
from campaigns.models import Attribution, Campaign, Fact, Link, Rollup
from campaigns.subscribers import record_facts
from core.ids import uuid7
from giftshop.orders.models import Gift
from giftshop.outbox import batches, outbox
from giftshop.outbox.backlog import waiting_in
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import Queue, emit
from giftshop.outbox.topics import Topic
from tests.campaigns.conftest import NOON, new_fact, record
from tests.campaigns.facts.test_rollups import live_through, naive, stored, without_zeros
from tests.cast import Place, pay

ORDERS = 16
TAKERS = 4
SMALL = 12
NEVER_OPENED, OPENED, REDEEMED, UNDONE = range(4)

Take = Callable[[], object]


@pytest.fixture
def ways(campaign: Campaign) -> list[Link]:
    with scope(brand=campaign.brand):
        return [
            links.add(campaign=campaign, channel=Link.Channel.POSTER, name=name)
            for name in ("Window", "Door")
        ]


@pytest.fixture
def expected(
    brand: Brand, place: Place, store: Store, ways: list[Link]
) -> dict[tuple[str, UUID], UUID | None]:
    """A history that waits in the outbox, in an order of chance: what shall be a fact, and by which
    link it was earned."""
    chance, facts = random.Random(20261128), {}
    with scope(brand=brand):
        for number in range(ORDERS):
            at = NOON + timedelta(hours=chance.randrange(72))
            link = chance.choice([None, *ways])
            if link:
                links.follow(link=link, visitor_id=str(number), now=at - timedelta(minutes=5))
            order = pay(place(visitor_id=str(number), now=at), now=at)
            earned = link.pk if link else None
            facts["order.paid", order.pk] = earned
            for gift in order.gifts.all():
                told = live_on(gift, store, at, chance.choice([0, 1, 2, 2, 2, 3]))
                facts |= dict.fromkeys(told, earned)
    for message in Message.objects.all():
        Message.objects.filter(pk=message.pk).update(
            available_at=NOON + timedelta(seconds=chance.randrange(1000))
        )
    return facts


def live_on(gift: Gift, store: Store, at: datetime, until: int) -> list[tuple[str, UUID]]:
    """Tell what becomes of a gift; the facts that makes."""
    subject = {"gift_id": str(gift.pk)}
    with transaction.atomic():
        emit(topic=Topic.GIFT_SENT, brand_id=gift.brand_id, payload=subject, now=at)
        if until >= OPENED:
            emit(topic=Topic.GIFT_OPENED, brand_id=gift.brand_id, payload=subject, now=at)
    told = [("gift.sent", gift.pk), ("gift.opened", gift.pk)][: 1 + (until >= OPENED)]
    redemption = uuid7()
    for topic in ("code.redeemed", "redemption.reversed")[: until - OPENED if until else 0]:
        told_by_trigger(topic, gift, redemption, store, at)
        told.append((topic, redemption))
    return told


def told_by_trigger(topic: str, gift: Gift, redemption: UUID, store: Store, at: datetime) -> None:
    Message.objects.create(
        topic=topic,
        subscriber="",
        brand_id=gift.brand_id,
        payload={
            "redemption_id": str(redemption),
            "code_id": str(gift.code_id),
            "store_id": str(store.pk),
            "amount": gift.amount,
            "extra_amount": 50,
            "basket_total": gift.amount + 300,
            "currency": "USD",
        },
        available_at=at,
        occurred_at=at,
    )


def all_at_once(take: Take) -> None:
    def run() -> None:
        try:
            while take():
                close_old_connections()
        finally:
            connection.close()

    takers = [Thread(target=run) for _ in range(TAKERS)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join(timeout=60)
    assert not any(taker.is_alive() for taker in takers)


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Small batches; the third that is handled is cut off from the database when all is written."""
    monkeypatch.setattr(batches, "BATCH", SMALL)
    sizes: list[int] = []
    one_by_one = Lock()  # or another takes the third place before this one has looked

    def record_and_die(messages: list[Message]) -> None:
        record_facts(messages)
        with one_by_one:
            sizes.append(len(messages))
            is_third = len(sizes) == 3
        if is_third:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    handlers = dict.fromkeys(outbox._batch_handlers, record_and_die)
    monkeypatch.setattr(outbox, "_batch_handlers", handlers)
    return sizes


def survive(take: Take) -> object:
    try:
        return take()
    except OperationalError:
        return True


@pytest.mark.django_db(transaction=True)
def test_each_is_a_fact_once_whoever_takes_it_and_dies(
    brand: Brand, expected: dict[tuple[str, UUID], UUID | None], dying: list[int]
) -> None:
    now = timezone.now()
    all_at_once(lambda: survive(lambda: batches.take(now=now)[0]))
    assert len(dying) > 3
    with scope(brand=brand):
        facts = Fact.objects.values_list("topic", "subject_id", "link_id")
        assert {(topic, subject): link for topic, subject, link in facts} == expected
        assert len(facts) == len(expected)
        assert Attribution.objects.count() == ORDERS
        recount = naive(brand)
        assert without_zeros(stored()) == without_zeros(recount)
        assert rollups.rebuild(brand=brand) == 0
    assert not waiting_in(Queue.FACTS, now=now).exists()
    assert not Message.objects.exclude(error="").exists()


def take_and_acknowledge_first(now: datetime) -> int:
    with transaction.atomic():
        due = waiting_in(Queue.FACTS, now=now).select_for_update(skip_locked=True)
        rows = list(due[: batches.BATCH])
        batches.fan_out([row for row in rows if not row.subscriber])
        batches._mark(rows)
    with transaction.atomic():
        batches._handle(rows, now)
    return len(rows)


@pytest.mark.django_db(transaction=True)
def test_the_control_that_acknowledges_first_loses_what_it_held(
    expected: dict[tuple[str, UUID], UUID | None], dying: list[int]
) -> None:
    now = timezone.now()
    all_at_once(lambda: survive(lambda: take_and_acknowledge_first(now)))
    with scopes_disabled():
        lost = len(expected) - Fact.objects.count()
    assert 0 < lost <= dying[2]


@pytest.mark.django_db
def test_many_facts_cost_as_many_statements_as_one(
    gift: Gift, store: Store, django_assert_num_queries: Any
) -> None:
    batches.take(now=timezone.now())  # its order's
    for count in (1, 40):
        for _ in range(count):
            told_by_trigger("code.redeemed", gift, uuid7(), store, NOON)
        # The batch's own; reading and writing facts; which amounts had been begun before; whose a credit is,
        # and whether somebody had come before, as it was said or as it is.
        with django_assert_num_queries(9 + 6 + 1 + 1 + 2):
            assert batches.take(now=timezone.now()) == (count, count)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["a store that is not there", "a code of another brand"])
def test_a_message_of_what_is_not_there_stops_no_other(
    brand: Brand, store: Store, gift: Gift, other_brand: Brand, other_store: Store, wrong: str
) -> None:
    good, bad = uuid7(), uuid7()
    told_by_trigger("code.redeemed", gift, good, store, NOON)
    told_by_trigger("code.redeemed", gift, bad, store, NOON)
    row = Message.objects.get(payload__redemption_id=str(bad))
    if wrong == "a store that is not there":
        Message.objects.filter(pk=row.pk).update(payload={**row.payload, "store_id": str(uuid7())})
    else:
        Message.objects.filter(pk=row.pk).update(brand_id=other_brand.pk)
    now = timezone.now()
    found, done = batches.take(now=now)
    assert found - done == 1
    row.refresh_from_db()
    assert row.error.startswith(("IntegrityError", "LookupError"))
    assert row.done_at is None
    with scopes_disabled():
        assert Fact.objects.get(topic="code.redeemed").subject_id == good


@pytest.mark.django_db(transaction=True)
def test_sums_are_put_right_while_facts_and_visits_go_on(
    brand: Brand, ways: list[Link], store: Store
) -> None:
    """Half of what was written before is missing; nothing that is written meanwhile counts twice."""
    with scope(brand=brand):
        live_through(brand, [store], seed=7, events=40)
        Rollup.objects.filter(grain__in=["hour", "store", "link"]).delete()
        Rollup.objects.update(redeemed=5, visits=1)
    ending = Event()

    def write(number: int) -> None:
        try:
            with scope(brand=brand):
                while not ending.is_set():
                    told = {"store": store, "link": ways[0], "campaign": ways[0].campaign}
                    record(new_fact(brand, Fact.Topic.CODE_REDEEMED, **told))
                    links.follow(link=ways[1], visitor_id=f"{number}", now=NOON)
        finally:
            connection.close()

    writers = [Thread(target=write, args=[number]) for number in range(2)]
    for writer in writers:
        writer.start()
    with scope(brand=brand):
        first = rollups.rebuild(brand=brand)
        before = Fact.objects.count()
        for _ in range(8):
            assert rollups.rebuild(brand=brand) == 0
        assert Fact.objects.count() > before  # nobody waited for it
        ending.set()
        for writer in writers:
            writer.join(timeout=30)
        assert first > 0
        assert without_zeros(stored()) == without_zeros(naive(brand))
