"""Every connection comes back to the pool, whatever becomes of the thread that borrowed it."""

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from django.db import OperationalError, close_old_connections, connection, connections, transaction

from brands.models import Brand
from core.database.long_statements import long_statements
from giftshop.postgresql import pool
from giftshop.postgresql.base import DatabaseWrapper
from tests.cast import make_brand

pytestmark = pytest.mark.django_db(transaction=True)

Run = Callable[[Callable[[], Any]], Any]

SIZE = 2
WAIT_SECONDS = 2.0
"""How long a borrower of the tests' own pool waits."""


@pytest.fixture(autouse=True)
def small_pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One that no other test lent anything from."""
    options = {"min_size": 1, "max_size": SIZE, "timeout": WAIT_SECONDS, "patience": 5.0}
    fresh_pool()
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "pool", options)
    yield
    fresh_pool()


@pytest.fixture
def server_thread() -> Iterator[Run]:
    """A thread as a web server has it."""
    with ThreadPoolExecutor(1) as threads:
        yield lambda work: threads.submit(work).result()
        threads.submit(lambda: connection.close()).result()


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each time that the server was asked whether a connection lives."""
    asked: list[object] = []
    ask = pool.Pool.check_connection

    def note(one: Any) -> None:
        asked.append(one)
        ask(one)

    monkeypatch.setattr(pool.Pool, "check_connection", staticmethod(note))
    return asked


def fresh_pool() -> None:
    connection.close()
    cast(DatabaseWrapper, connection).close_pool()


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def request() -> int:
    """What a request does with its connection."""
    pid = backend()
    close_old_connections()
    return pid


def all_of_the_pool() -> set[int]:
    """Lend all that it may have at once, so that it has no more to open meanwhile."""
    request()  # which opens it
    lender = cast(DatabaseWrapper, connection).pool
    lent = [lender.getconn() for _ in range(SIZE)]
    for one in lent:
        lender.putconn(one)
    return {one.info.backend_pid for one in lent}


def cut_all_others() -> None:
    """As a restart of PostgreSQL does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_no_thread_keeps_a_connection(server_thread: Run) -> None:
    server_thread(request)
    assert server_thread(lambda: connection.connection) is None


def test_requests_that_follow_closely_cost_no_trip(
    server_thread: Run, trips: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "FRESH_SECONDS", 3600.0)
    used = server_thread(all_of_the_pool)
    trips.clear()
    assert {server_thread(request) for _ in range(3 * SIZE)} <= used
    assert trips == []
    monkeypatch.setattr(pool, "FRESH_SECONDS", 0.0)
    assert {server_thread(request) for _ in range(3 * SIZE)} <= used
    assert len(trips) == 3 * SIZE


@pytest.mark.parametrize("fresh", [0.0, 3600.0], ids=["after a pause", "at work"])
def test_what_was_cut_nobody_notices(
    fresh: float, server_thread: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "FRESH_SECONDS", fresh)
    before = {server_thread(request) for _ in range(2 * SIZE)}
    cut_all_others()
    assert {server_thread(request) for _ in range(2 * SIZE)}.isdisjoint(before)


def test_a_server_that_falls_silent_is_left_in_time(server_thread: Run) -> None:
    def sleep() -> None:
        held: Any = connection.ensure_connection() or connection.connection
        held.patience = 0.2
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")

    started = time.monotonic()
    with pytest.raises(OperationalError):
        server_thread(sleep)
    assert time.monotonic() - started < 4
    server_thread(close_old_connections)
    assert server_thread(request)


def test_a_long_statement_of_a_command_is_waited_for(server_thread: Run) -> None:
    """Longer than PostgreSQL's limit and the connection's patience; afterwards both are there again."""

    def sleep() -> tuple[str, float]:
        held: Any = connection.ensure_connection() or connection.connection
        held.patience = 0.2
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '100ms'")
            with transaction.atomic(), long_statements():
                cursor.execute("SELECT pg_sleep(0.5)")
            cursor.execute("SHOW statement_timeout")
            [(limit,)] = cursor.fetchall()
            cursor.execute("RESET statement_timeout")
        return limit, held.patience

    assert server_thread(sleep) == ("100ms", 0.2)


# --- borrowers that die ------------------------------------------------------------------------


def ends() -> None:
    backend()


def fails() -> None:
    backend()
    raise RuntimeError


def fails_inside_a_transaction() -> None:
    held = transaction.atomic()
    held.__enter__()
    Brand.objects.select_for_update().get()


DEATHS = [ends, fails, fails_inside_a_transaction]


def die(death: Callable[[], None]) -> None:
    thread = threading.Thread(target=death)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("death", DEATHS)
def test_what_a_thread_died_with_comes_back(death: Callable[[], None], server_thread: Run) -> None:
    make_brand("frosty-spoon")
    connection.close()
    for _ in range(3 * SIZE):
        die(death)
        assert server_thread(request)
    with transaction.atomic():
        Brand.objects.select_for_update().get()  # no lock is left behind


class Contested(deque[Any]):
    """Says that something is in it, which another thread has taken by then."""

    def __bool__(self) -> bool:
        return True


def test_two_threads_that_look_for_what_a_third_left_behind_fail_neither(
    server_thread: Run,
) -> None:
    def ask() -> int:
        ours = cast(DatabaseWrapper, connection).pool
        assert ours is not None
        ours._given_up = Contested()
        return request()

    assert server_thread(ask)


def test_the_control_whose_borrowers_never_die_loses_them(monkeypatch: pytest.MonkeyPatch) -> None:
    immortal = pool.Borrower(pool.deque())
    monkeypatch.setattr(pool.Pool, "_borrower", lambda _pool: immortal)
    for _ in range(SIZE):
        die(ends)
    with pytest.raises(OperationalError, match="couldn't get a connection"):
        backend()


def test_who_finds_none_is_told_in_time_and_the_next_is_served(server_thread: Run) -> None:
    leave, there = threading.Event(), threading.Barrier(SIZE + 1)

    def hold() -> None:
        backend()
        there.wait(30)
        leave.wait(30)
        connection.close()

    with ThreadPoolExecutor(SIZE) as holders:
        held = [holders.submit(hold) for _ in range(SIZE)]
        there.wait(30)
        started = time.monotonic()
        with pytest.raises(OperationalError, match="couldn't get a connection"):
            server_thread(request)
        assert WAIT_SECONDS * 0.9 <= time.monotonic() - started < WAIT_SECONDS + 5
        leave.set()
        for each in held:
            each.result()
    assert server_thread(request)


@pytest.mark.parametrize("brief", [0.1, 3600.0], ids=["brief", "the control"])
def test_once_there_was_none_one_waits_and_the_others_are_told_at_once(
    brief: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or else a database that is away holds every thread, and whoever comes later waits for them all."""
    monkeypatch.setattr(pool, "BRIEF_SECONDS", brief)
    monkeypatch.setitem(connection.settings_dict["OPTIONS"]["pool"], "timeout", 1.0)
    leave, there = threading.Event(), threading.Barrier(SIZE + 1)

    def hold() -> None:
        backend()
        there.wait(30)
        leave.wait(30)
        connection.close()

    def waited() -> float:
        started = time.monotonic()
        with pytest.raises(OperationalError, match="couldn't get a connection"):
            request()
        return time.monotonic() - started

    with ThreadPoolExecutor(SIZE) as holders, ThreadPoolExecutor(4) as threads:
        held = [holders.submit(hold) for _ in range(SIZE)]
        there.wait(30)
        assert threads.submit(waited).result() > 0.9, "nobody knew"
        long = [one for one in threads.map(lambda _: waited(), range(4)) if one > 0.9]
        assert len(long) == (1 if brief < 1 else 4)
        leave.set()
        for each in held:
            each.result()
        assert all(threads.map(lambda _: request(), range(4)))


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_has_connections_of_its_own(server_thread: Run) -> None:
    mine, lent = backend(), server_thread(backend)
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(write, str(backend()).encode())
            connections.close_all()
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as told:
        theirs = int(told.read())
    os.waitpid(child, 0)
    assert theirs not in {mine, lent}
    assert (backend(), server_thread(backend)) == (mine, lent)
