"""An operator is told once an hour for each kind of trouble, whatever else is away."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, connections

from giftshop import operator_alarms
from giftshop.models import OperatorAlarm
from giftshop.operator_alarms import RETRY, TOLD_EVERY, tell_operator
from tests.server import free_port

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def told_nobody_yet(settings: Any) -> Iterator[None]:
    settings.OPERATOR_EMAIL = "operator@example.com"
    operator_alarms._due.clear()
    yield
    operator_alarms._due.clear()


def tell(kind: str = "outbox", at: datetime = NOW) -> bool:
    return tell_operator(kind=kind, text="The outbox is 12 minutes behind.", now=at)


def another_process() -> None:
    operator_alarms._due.clear()


def test_one_e_mail_an_hour_for_each_kind(caplog: pytest.LogCaptureFixture) -> None:
    assert [tell(), tell(), tell(at=NOW + TOLD_EVERY - SECOND)] == [True, False, False]
    assert tell("broker")
    assert tell(at=NOW + TOLD_EVERY)
    assert [message.to for message in mail.outbox] == [["operator@example.com"]] * 3
    assert "12 minutes behind" in mail.outbox[0].body
    assert "outbox" in mail.outbox[0].subject
    assert len([each for each in caplog.records if each.levelname == "ERROR"]) == 5  # each time


def test_processes_agree() -> None:
    assert tell()
    another_process()
    assert not tell(at=NOW + SECOND)
    another_process()
    assert tell(at=NOW + TOLD_EVERY)


def test_of_many_at_once_one_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operator_alarms, "_due", Forgetful())

    def each(_: int) -> bool:
        try:
            return tell()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as processes:
        assert sum(processes.map(each, range(12))) == 1


class Forgetful(dict[str, datetime]):
    """So that each thread is like a process of its own."""

    def __setitem__(self, kind: str, due_at: datetime) -> None: ...


def test_while_the_database_is_away_the_process_remembers(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    options = connection.settings_dict["OPTIONS"].items()
    here = {name: value for name, value in options if name not in {"host", "pool"}}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", here)
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", str(free_port()))
    assert [tell("database"), tell("database", NOW + SECOND)] == [True, False]
    assert tell("database", NOW + TOLD_EVERY)


def test_what_could_not_be_sent_is_tried_again_soon(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert not tell()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert not tell(at=NOW + RETRY - SECOND)
    assert tell(at=NOW + RETRY)


def test_without_an_address_it_is_only_logged(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.OPERATOR_EMAIL = ""
    assert not tell()
    assert mail.outbox == []
    assert "12 minutes behind" in caplog.text
    assert not OperatorAlarm.objects.exists()
