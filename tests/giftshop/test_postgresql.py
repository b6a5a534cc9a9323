"""How long a thread keeps the connection that the pool lent it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from django.db import OperationalError, close_old_connections, connection

from giftshop.postgresql import base

pytestmark = pytest.mark.django_db(transaction=True)

Run = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def server_thread() -> Iterator[Run]:
    """A thread as a web server has it, with a pool that no other test lent anything from."""
    fresh_pool()
    with ThreadPoolExecutor(1) as threads:
        yield lambda work: threads.submit(work).result()
        threads.submit(lambda: connection.close()).result()
    fresh_pool()


def fresh_pool() -> None:
    connection.close()
    cast(base.DatabaseWrapper, connection).close_pool()


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def cut_all_others() -> None:
    """As a restart of PostgreSQL does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_requests_that_follow_closely_share_a_connection(
    server_thread: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "KEPT_SECONDS", 3600.0)
    server_thread(backend)
    taken = server_thread(lambda: connection.connection)
    server_thread(close_old_connections)
    assert server_thread(lambda: connection.connection) is taken


def test_after_a_pause_it_went_back_to_the_pool(
    server_thread: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "KEPT_SECONDS", 0.0)
    server_thread(backend)
    server_thread(close_old_connections)
    assert server_thread(lambda: connection.connection) is None


def test_what_was_cut_during_a_pause_nobody_notices(
    server_thread: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "KEPT_SECONDS", 0.0)
    before = server_thread(backend)
    server_thread(close_old_connections)
    cut_all_others()
    assert server_thread(backend) != before


def test_what_was_cut_at_work_costs_one_request(
    server_thread: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "KEPT_SECONDS", 3600.0)
    before = server_thread(backend)
    cut_all_others()
    with pytest.raises(OperationalError):
        server_thread(backend)
    server_thread(close_old_connections)
    assert server_thread(backend) != before
