"""What /status says, to whom, and whom the watch tells."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from giftshop import operator_alarms
from giftshop.operator import status
from giftshop.operator.probe import Probe
from giftshop.operator.status import BEAT_SILENT_AFTER, BEHIND_AFTER, FAILING_AFTER, Finding
from giftshop.outbox.models import Lease, Message
from giftshop.payments.models import StripeEvent
from tests.server import free_port

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NAMES = {"database", "broker", "outbox", "messages", "inbox", "beat", "whatsapp"}


def ask(*, peer: str = "127.0.0.1", method: str = "get", **headers: str) -> HttpResponse:
    call: Callable[..., HttpResponse] = getattr(Client(), method)
    return call("/status", headers=headers, REMOTE_ADDR=peer)


def message(**fields: Any) -> Message:
    default = {"topic": "order.paid", "subscriber": "nobody", "payload": {}, "brand_id": uuid4()}
    return Message.objects.create(**default, **fields)


def event(received_at: datetime, **fields: Any) -> None:
    StripeEvent.objects.create(
        event_id=str(uuid4()),
        type="checkout.session.completed",
        livemode=False,
        payload="{}",
        received_at=received_at,
        available_at=received_at,
        **fields,
    )


def lease(acted_at: datetime | None) -> None:
    Lease.objects.create(
        name="beat", holder=uuid4(), until=NOW, term=1, acted_at=acted_at, last_runs={}
    )


@pytest.fixture
def all_well(monkeypatch: pytest.MonkeyPatch) -> None:
    well = {name: Probe(lambda: Finding("ok"), seconds=2) for name in NAMES}
    monkeypatch.setattr(status, "_PROBES", well)


# --- who may look ------------------------------------------------------------------------------

STRANGERS: list[tuple[int, str, dict[str, str]]] = [
    (0, "203.0.113.9", {}),
    (0, "203.0.113.9", {"Authorization": "Bearer wrong"}),
    (0, "203.0.113.9", {"Authorization": "Bearer "}),
    (0, "203.0.113.9", {"Authorization": "right"}),
    # A header that anybody could have sent.
    (0, "203.0.113.9", {"X-Forwarded-For": "127.0.0.1"}),
    # Behind a proxy on this machine that we were not told of.
    (0, "127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}),
    (0, "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
    (0, "127.0.0.1", {"X-Forwarded-For": ""}),
    (0, "127.0.0.1", {"Forwarded": "for=127.0.0.1"}),
    # Behind one that we know.
    (1, "127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}),
    (1, "127.0.0.1", {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}),
    (1, "127.0.0.1", {"X-Forwarded-For": "203.0.113.9, 127.0.0.1"}),
    (1, "127.0.0.1", {"X-Forwarded-For": ""}),
    (1, "127.0.0.1", {"X-Forwarded-For": "127.0.0.1.example.com"}),
    (1, "127.0.0.1", {"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=203.0.113.9"}),
]
WELCOME: list[tuple[int, str, dict[str, str]]] = [
    (0, "127.0.0.1", {}),
    (0, "::1", {}),
    (1, "127.0.0.1", {}),  # past the proxy, on the same machine
    (1, "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
    (0, "203.0.113.9", {"Authorization": "Bearer right"}),
    (1, "127.0.0.1", {"X-Forwarded-For": "203.0.113.9", "Authorization": "bearer right"}),
]


@pytest.mark.parametrize(("proxies", "peer", "headers"), STRANGERS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_for_strangers_there_is_no_such_page(
    method: str, proxies: int, peer: str, headers: dict[str, str], settings: Any, all_well: None
) -> None:
    settings.STATUS_TOKEN, settings.TRUSTED_PROXY_COUNT = "right", proxies
    assert ask(peer=peer, method=method, **headers).status_code == 404


@pytest.mark.parametrize(("proxies", "peer", "headers"), WELCOME)
def test_for_this_machine_and_for_the_token_there_is(
    proxies: int, peer: str, headers: dict[str, str], settings: Any, all_well: None
) -> None:
    settings.STATUS_TOKEN, settings.TRUSTED_PROXY_COUNT = "right", proxies
    assert ask(peer=peer, **headers).status_code == 200
    assert ask(peer=peer, method="post", **headers).status_code == 405


def test_without_a_token_in_the_settings_no_token_opens(settings: Any, all_well: None) -> None:
    settings.STATUS_TOKEN = ""
    for header in ("Bearer ", "Bearer", "Bearer None"):
        assert ask(peer="203.0.113.9", Authorization=header).status_code == 404


# --- what it says ------------------------------------------------------------------------------


def test_all_is_well(settings: Any) -> None:
    lease(datetime.now(UTC))
    answer = ask()
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("max-age=0")
    said = json.loads(answer.content)
    assert said["status"] == "ok"
    assert {name: check["state"] for name, check in said["checks"].items()} == dict.fromkeys(
        NAMES, "ok"
    )


def test_a_person_reads_a_page(settings: Any) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    answer = ask(Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert (answer.status_code, answer["Content-Type"]) == (503, "text/html; charset=utf-8")
    page = answer.content.decode()
    assert "Something needs you" in page
    assert "The broker does not answer" in page
    assert "PostgreSQL does not answer" not in page


def test_how_far_the_outbox_is_behind(django_assert_num_queries: Any) -> None:
    assert status.check_outbox(now=NOW) == Finding("ok", 0)
    message(available_at=NOW - BEHIND_AFTER, occurred_at=NOW)
    message(available_at=NOW + BEHIND_AFTER, occurred_at=NOW)  # not due
    with django_assert_num_queries(1):
        assert status.check_outbox(now=NOW) == Finding("ok", 300)
    assert status.check_outbox(now=NOW + SECOND) == Finding("behind", 301)


def test_what_failed_for_long(django_assert_num_queries: Any) -> None:
    """A gift that was paid days before its hour has failed since its hour, not since it was paid."""
    long_ago = NOW - FAILING_AFTER
    later = {"occurred_at": NOW - 48 * FAILING_AFTER, "leased_until": NOW + FAILING_AFTER}
    message(available_at=long_ago + SECOND, error="KeyError", **later)
    message(available_at=long_ago, **later)  # it never failed
    message(available_at=long_ago, error="KeyError", done_at=NOW, **later)
    assert status.check_messages(now=NOW) == Finding("ok", count=0)
    message(available_at=long_ago, error="KeyError", **later)
    with django_assert_num_queries(1):
        assert status.check_messages(now=NOW) == Finding("failing", count=1)


def test_how_far_the_inbox_is_behind(django_assert_num_queries: Any) -> None:
    event(NOW - 2 * BEHIND_AFTER, processed_at=NOW)
    assert status.check_inbox(now=NOW) == Finding("ok", 0)
    event(NOW - BEHIND_AFTER)
    with django_assert_num_queries(1):
        assert status.check_inbox(now=NOW) == Finding("ok", 300)
    assert status.check_inbox(now=NOW + SECOND) == Finding("behind", 301)


def test_when_beat_last_acted(django_assert_num_queries: Any) -> None:
    assert status.check_beat(now=NOW) == Finding("silent")
    lease(NOW - BEAT_SILENT_AFTER)
    with django_assert_num_queries(1):
        assert status.check_beat(now=NOW) == Finding("ok", 60)
    assert status.check_beat(now=NOW + SECOND) == Finding("silent", 61)


# --- in time, whatever hangs -------------------------------------------------------------------


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_silent_broker_leaves_the_others_as_they_are(silent_port: int, settings: Any) -> None:
    lease(datetime.now(UTC))
    settings.REDIS_URL = f"redis://127.0.0.1:{silent_port}/0"
    started = time.monotonic()
    said = json.loads(ask().content)
    assert time.monotonic() - started < status.SECONDS + 2
    wrong = {name for name, check in said["checks"].items() if check["state"] != "ok"}
    assert wrong == {"broker"}


def test_each_check_that_hangs_or_fails_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    let = threading.Event()

    def hang() -> Finding:
        let.wait(30)
        return Finding("ok")

    def fail() -> Finding:
        raise ZeroDivisionError

    for bad in (hang, fail):
        for name in NAMES:
            probes = {each: Probe(lambda: Finding("ok"), seconds=0.3) for each in NAMES}
            probes[name] = Probe(bad, seconds=0.3)
            monkeypatch.setattr(status, "_PROBES", probes)
            found = status.look()
            assert {each for each in NAMES if not found[each].is_well} == {name}
            assert status.sentence(name, found[name])
    let.set()


# --- whom the watch tells ----------------------------------------------------------------------


@pytest.fixture
def operator(settings: Any) -> Iterator[None]:
    settings.OPERATOR_EMAIL = "operator@example.com"
    operator_alarms._due.clear()
    yield
    operator_alarms._due.clear()


def watch(looks: int) -> list[str]:
    call_command("watch_status", every=0.01, looks=looks)
    return sorted(each.subject.rpartition(" ")[2] for each in mail.outbox)


def test_the_watch_tells_what_it_finds_twice(operator: None, settings: Any) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    lease(datetime.now(UTC))
    assert watch(1) == []  # a restart is no alarm
    assert watch(3) == ["broker"]
    assert "The broker does not answer" in mail.outbox[0].body
    assert watch(3) == ["broker"]  # once an hour


def test_all_well_tells_nobody(operator: None, tmp_path: Any) -> None:
    lease(datetime.now(UTC))
    assert watch(3) == []
    call_command("watch_status", every=0.01, looks=1, touch=tmp_path / "looked")
    assert (tmp_path / "looked").exists()


def test_while_the_database_is_away_only_that_is_told(
    operator: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.close()
    options = connection.settings_dict["OPTIONS"].items()
    here = {name: value for name, value in options if name not in {"host", "pool"}}
    with monkeypatch.context() as patched:
        patched.setitem(connection.settings_dict, "OPTIONS", here)
        patched.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        patched.setitem(connection.settings_dict, "PORT", str(free_port()))
        assert watch(2) == ["database"]
        assert "PostgreSQL does not answer" in mail.outbox[0].body


def test_every_check_has_a_title_and_words() -> None:
    assert status._CHECKS.keys() == status.TITLES.keys() == NAMES
    for name in NAMES:
        assert status.sentence(name, Finding("wrong", 600, 3)) != status.sentence(
            name, status.UNANSWERED
        )
