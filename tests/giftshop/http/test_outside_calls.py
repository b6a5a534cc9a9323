"""Waiting for others is bounded, and what is lent for it comes back."""

import ast
import threading
import time
from pathlib import Path
from threading import BoundedSemaphore, Event, Thread

import pytest
from django.http import HttpRequest, HttpResponse

from giftshop.http import outside_calls
from giftshop.http.outside_calls import NoAnswer, ask, of_a_page, time_left
from tests.product import PRODUCT

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def slots(monkeypatch: pytest.MonkeyPatch) -> BoundedSemaphore:
    """Two of them, all free at the end of each test."""
    slots = BoundedSemaphore(2)
    monkeypatch.setattr(outside_calls, "_slots", slots)
    return slots


def all_come_back(slots: BoundedSemaphore) -> bool:
    return all(slots.acquire(timeout=5) for _ in range(2))


def test_an_answer_comes_through(slots: BoundedSemaphore) -> None:
    with of_a_page():
        assert ask(lambda: 7) == 7
    assert ask(lambda: 7) == 7
    assert all_come_back(slots)


@pytest.mark.parametrize("error", [ValueError, TimeoutError, SystemExit, KeyboardInterrupt])
def test_a_call_that_fails_gives_its_slot_back(
    slots: BoundedSemaphore, error: type[BaseException]
) -> None:
    def fails() -> None:
        raise error("its own")

    for _ in range(5):
        with of_a_page(), pytest.raises(error, match="its own"):
            ask(fails)
    assert all_come_back(slots)


def test_a_page_leaves_in_time_and_the_slot_returns_when_the_call_ends(
    slots: BoundedSemaphore,
) -> None:
    over = Event()
    begun = time.monotonic()
    with of_a_page(0.1):
        with pytest.raises(NoAnswer):
            ask(over.wait)
        with pytest.raises(NoAnswer):  # its patience is used up
            ask(lambda: 7)
    assert time.monotonic() - begun < 2
    assert slots.acquire(blocking=False)  # the other one is free
    assert not slots.acquire(blocking=False)
    over.set()
    assert slots.acquire(timeout=5)


def test_whoever_comes_when_all_wait_is_told_at_once(slots: BoundedSemaphore) -> None:
    over = Event()
    for _ in range(2):
        with of_a_page(0.01), pytest.raises(NoAnswer):
            ask(over.wait)
    begun = time.monotonic()
    with of_a_page(60), pytest.raises(NoAnswer, match="too many"):
        ask(lambda: 7)
    assert time.monotonic() - begun < 10, "it did not wait its minute"
    over.set()
    assert all_come_back(slots)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_page_whose_thread_dies_leaves_no_slot_behind(slots: BoundedSemaphore) -> None:
    def dies() -> None:
        with of_a_page(0.1):
            ask(over.wait)

    over = Event()
    page = Thread(target=dies)
    page.start()
    page.join(5)
    over.set()
    assert all_come_back(slots)


def test_a_thread_that_cannot_start_gives_its_slot_back(
    slots: BoundedSemaphore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(self: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", cannot)
    with of_a_page(), pytest.raises(RuntimeError):
        ask(lambda: 7)
    assert all_come_back(slots)


def test_a_call_knows_how_long_it_may_take() -> None:
    with of_a_page(2):
        assert 1 < ask(time_left) <= 2
    assert 9 < ask(time_left) <= outside_calls.TASK_SECONDS
    with outside_calls.in_short():
        assert 2 < ask(time_left) <= outside_calls.PAGE_SECONDS


def test_every_request_is_a_page(slots: BoundedSemaphore) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(ask(threading.get_ident)))

    answer = outside_calls.for_pages(view)(HttpRequest())
    assert answer.content.decode() != str(threading.get_ident())
    assert ask(threading.get_ident) == threading.get_ident()  # and nothing after it is


# Who may speak to somebody outside, and why no page waits for it without a bound.
SPEAKERS = {
    "giftshop/sign_in/social/adapter.py": "a provider of sign-ins, through ask",
    "giftshop/payments/stripe/client.py": "every call goes through outside_calls.ask",
    "giftshop/payments/stripe/events.py": "through client.ask",
    "giftshop/payments/stripe/sessions.py": "through client.ask",
    "giftshop/payments/stripe/charge_state.py": "through client.ask",
    "giftshop/payments/stripe/disputes.py": "through client.ask",
    "giftshop/payments/stripe/payouts.py": "through client.ask",
    "demo/money/double.py": "the demo's seed, a command",
    "giftshop/payments/stripe/refunds.py": "through client.ask",
    "giftshop/payments/stripe/trial.py": "through outside_calls.ask",
    "giftshop/delivery/channels/email.py": "called by the outbox's handlers only, through ask",
    "giftshop/delivery/channels/smtp.py": "called by email.py beside it only, within ask",
    "giftshop/delivery/channels/amazon_ses.py": "called by email.py beside it only, within ask",
    "giftshop/delivery/mail_reports/sns.py": "its one call goes through outside_calls.ask",
    "giftshop/http/patient_sessions.py": "what calls through ask are made with",
    "giftshop/http/patient_amazon.py": "what Amazon is asked with, through ask",
    "giftshop/texts/client.py": "every call goes through outside_calls.ask",
    "giftshop/operator_alarms.py": "called by tasks and commands only",
    "giftshop/outbox/beat.py": "a process of its own",
    "giftshop/outbox/tasks.py": "a task that starts tasks",
    "giftshop/payments/tasks.py": "a task that starts tasks",
}
LOOKS_AT_THE_BROKER = (
    "giftshop/operator/health",
    "giftshop/operator/status",
)  # within a deadline of its own
OUTSIDE = {"stripe", "requests", "urllib3", "redis", "smtplib", "twilio", "ftplib", "httpx"}
OUTSIDE |= {"boto3", "botocore"}
OUTSIDE |= {"http.client", "urllib.request"}
STARTERS = {"delay", "apply_async", "send_task", "create_connection"}


def speaks(source: str) -> bool:
    """Whether a file imports what opens connections, or hands a task to the broker."""
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or "", *(f"{node.module}.{each.name}" for each in node.names)]
        if OUTSIDE & {*names, *(name.split(".")[0] for name in names)}:
            return True
        if isinstance(node, ast.Attribute) and node.attr in STARTERS:
            return True
    return False


def test_nobody_else_speaks_to_the_outside() -> None:
    """A new one belongs behind outside_calls.ask, or in a task; then it is named here."""
    found = {
        str(path.relative_to(ROOT))
        for package in PRODUCT
        for path in (ROOT / package).rglob("*.py")
        if "management" not in path.parts and speaks(path.read_text())
    }
    broker = {path for path in found if path.startswith(LOOKS_AT_THE_BROKER)}
    assert found - broker == SPEAKERS.keys()


@pytest.mark.parametrize(
    "line", ["import redis", "from http import client", "from urllib.request import urlopen"]
)
def test_a_new_one_would_be_found(line: str) -> None:
    assert speaks(line)
    assert not speaks("import json")
