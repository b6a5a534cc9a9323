"""Threads that the web server ends after a pause take no connection with them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from brands.models import Brand
from redemption.till.devices import PairedDevice
from tests.cast import symbols
from tests.races.durable import children_of
from tests.races.gifts import issue
from tests.races.tills import LOOKUPS, Till
from tests.server import Server, running, wait_for

SLOTS = 2
IDLE_SECONDS = 5
"""The shortest that granian knows."""
VISITS = 8

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are seen in /proc"),
]

KEEPING = "tests.giftshop.keeping_wsgi:application"


Ask = Callable[[Server], int]


@pytest.fixture
def look_up(till_system: PairedDevice, brand: Brand) -> Ask:
    """A till that asks a server for a gift: the status it hears."""
    code = symbols(issue(brand, 1)[0])

    def ask(server: Server) -> int:
        with closing(Till(server, till_system.token, 30)) as till:
            return till.ask(LOOKUPS, {"code": code}).status

    return ask


def serve(stack: ExitStack, **options: str) -> Server:
    """One worker with as many threads as its pool has connections."""
    short = ["--workers", "1", "--blocking-threads-idle-timeout", str(IDLE_SECONDS)]
    return stack.enter_context(running(threads=SLOTS, options=short, **options))


def threads(server: Server) -> int:
    """Of the web worker, its own and the server's."""
    return sum(
        len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in children_of(server.process.pid)
    )


def crowd(server: Server, till: Ask) -> set[int]:
    """What tills hear that ask so many at once that each thread has work."""
    with ThreadPoolExecutor(2 * SLOTS) as tills:
        return set(tills.map(lambda _: till(server), range(VISITS)))


def outlive_pauses(cycles: int, ask: Ask) -> None:
    with ExitStack() as stack:
        product, keeping = serve(stack), serve(stack, wsgi=KEEPING)
        control = serve(stack, wsgi=KEEPING, KEEP_FOR_EVER="1")
        assert crowd(control, ask) == {200}
        for _ in range(cycles):
            busy = []
            for one in (product, keeping):
                assert crowd(one, ask) == {200}
                busy.append((one, threads(one)))
            for one, count in busy:
                wait_for(lambda one=one, count=count: threads(one) < count, "no thread was ended")
        assert [crowd(one, ask) for one in (product, keeping)] == [{200}, {200}]
        assert crowd(control, ask) != {200}, (
            "no thread ended with a connection: this proved nothing"
        )


def test_pauses_after_which_threads_end_cost_no_connection(look_up: Ask) -> None:
    outlive_pauses(SLOTS, look_up)  # in each of which a thread ends: that is the whole pool


@pytest.mark.stress
def test_many_pauses_cost_no_connection(look_up: Ask) -> None:
    outlive_pauses(12, look_up)
