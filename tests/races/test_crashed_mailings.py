"""A mailing while PostgreSQL is killed (I7): none lost, and few are sent twice.

Facts of single mails wait for the disk in small groups (giftshop/delivery/gift_group.py), so that a database
that dies forgets some that it had answered. Their mails leave again, under the same Message-ID.
"""

import random
import signal
from typing import Any

import pytest
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from giftshop.delivery.gift_group import AT_RISK_MAX
from giftshop.orders.checkout import place_order
from giftshop.orders.models import Order
from giftshop.outbox.models import Message
from tests.cast import make_brand
from tests.figures import Figure
from tests.races.durable import DurablePostgres
from tests.races.mail_sink import Sink
from tests.races.test_killed_workers import LEASE_SECONDS, sell, start_worker
from tests.server import stop, wait_for

SHORT, LONG = (80, 1), (2_000, 12)
"""So many gifts, so many crashes."""
PROCESSES = 2
SEED = 20261201

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crashing_brand(durable: DurablePostgres) -> Brand:
    """In the database that is killed."""
    return make_brand("frosty-spoon")


@pytest.mark.parametrize(
    ("gifts", "crashes"),
    [SHORT, pytest.param(*LONG, marks=pytest.mark.stress)],
    ids=["short", "long"],
)
def test_no_gift_is_lost_when_the_database_crashes(
    sink: Sink,
    durable: DurablePostgres,
    crashing_brand: Brand,
    figure: Figure,
    gifts: int,
    crashes: int,
) -> None:
    def place(**fields: Any) -> Order:
        with scope(brand=crashing_brand):
            return place_order(
                brand=crashing_brand,
                key=str(uuid7()),
                sender_name="Amy",
                sender_email="amy@senders.example",
                **fields,
            )

    sell(crashing_brand, place, gifts)
    shuffle = random.Random(SEED)
    worker = start_worker(sink, LEASE_SECONDS)
    try:
        for number in range(crashes):
            goal = sink.gifts + shuffle.randrange(5, gifts // (crashes * 2))
            wait_for(
                lambda goal=goal: sink.gifts >= goal, f"stuck before {number + 1}", worker, 120
            )
            durable.crash()
        wait_for(lambda: sink.gifts == gifts, "a gift was lost", worker, 240)
        wait_for(
            lambda: not Message.objects.filter(done_at__isnull=True).exists(),
            "the outbox never came to rest",
            worker,
            240,
        )
    finally:
        stop(worker, signal.SIGKILL)
    repeats = sum(count - 1 for count in sink.seen.values())
    at_risk = AT_RISK_MAX + 2  # besides the one that left, and the one that was leaving
    assert repeats <= crashes * PROCESSES * at_risk
    figure(
        "I7",
        "PostgreSQL killed (SIGKILL, fsync on) while gifts go out",
        size=f"{gifts} gifts, {crashes} crashes",
        result=f"0 lost, {repeats} sent twice under one Message-ID",
        zero_in=gifts,
    )
