"""What load balancers and supervisors ask: it is answered in time, whatever is away."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from giftshop.operator import health
from giftshop.operator.probe import Probe
from tests.server import free_port

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    probe = Probe(health.ask_database, seconds=health.READY_SECONDS)
    monkeypatch.setattr(health, "_database", probe)


@pytest.fixture
def small_pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    connection.close()
    connection.close_pool()
    pool = {"min_size": 1, "max_size": 1, "timeout": 3.0}
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "pool", pool)
    yield
    connection.close()
    connection.close_pool()


def ask(path: str, **headers: str) -> HttpResponse:
    answer: Any = Client(raise_request_exception=False).get(path, headers=headers)
    return answer  # type: ignore[no-any-return]


def test_ready(django_assert_num_queries: Any) -> None:
    answer = ask("/readyz")
    assert (answer.status_code, answer.content) == (200, b'{"status": "ready", "database": "ok"}')


def test_alive_asks_nobody(monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any) -> None:
    monkeypatch.setattr("giftshop.operator.health.connection", None)
    with django_assert_num_queries(0):
        assert ask("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_whatever_host_is_asked_for_and_without_tls(path: str, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert ask(path, Host="10.0.0.7:8000").status_code == 200
    assert ask("/", Host="10.0.0.7:8000").status_code in {301, 400}


def test_the_broker_is_no_matter_of_a_till(settings: Any) -> None:
    settings.REDIS_URL = settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"
    assert ask("/readyz").status_code == 200


def test_an_exhausted_pool_is_told_in_time(small_pool: None) -> None:
    with connection.cursor():  # ours is the only one there is
        started = time.monotonic()
        answer = ask("/readyz")
        assert time.monotonic() - started < health.READY_SECONDS + 1
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert b"silent" in answer.content
    connection.close()
    deadline = time.monotonic() + 10  # the question of then still waits for a while
    while ask("/readyz").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    options = connection.settings_dict["OPTIONS"].items()
    here = {name: value for name, value in options if name not in {"host", "pool"}}
    with monkeypatch.context() as patched:
        patched.setitem(connection.settings_dict, "OPTIONS", here)
        patched.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        patched.setitem(connection.settings_dict, "PORT", str(free_port()))
        answer = ask("/readyz")
    assert (answer.status_code, answer.content) == (
        503,
        b'{"status": "unready", "database": "unreachable"}',
    )


class Silent:
    """Answers when it is let."""

    def __init__(self) -> None:
        self.let, self.asked = threading.Event(), 0

    def __call__(self) -> str:
        self.asked += 1
        self.let.wait(30)
        return "ok"


def test_a_silent_server_holds_one_thread_of_many() -> None:
    silent = Silent()
    probe = Probe(silent, seconds=0.5)

    def timed(_: int) -> tuple[str | None, float]:
        started = time.monotonic()
        return probe.answer(), time.monotonic() - started

    with ThreadPoolExecutor(8) as callers:
        heard = list(callers.map(timed, range(8)))
    assert {answer for answer, _ in heard} == {None}
    assert sum(seconds > 0.4 for _, seconds in heard) == 1
    assert max(seconds for _, seconds in heard) < 2
    assert timed(0)[1] < 0.4  # the question is still on its way: nobody waits for it again
    assert silent.asked == 1
    silent.let.set()
    deadline = time.monotonic() + 10
    while probe.answer() != "ok":
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_meanwhile_the_others_hear_what_was_last_known() -> None:
    silent = Silent()
    silent.let.set()
    probe = Probe(silent, seconds=5)
    assert probe.answer() == "ok"
    silent.let.clear()
    with ThreadPoolExecutor(1) as caller:
        waiting = caller.submit(probe.answer)
        while silent.asked < 2:
            time.sleep(0.01)
        assert probe.answer() == "ok"
        silent.let.set()
        assert waiting.result(10) == "ok"
