"""While the database is away every page says so and asks to come back; nobody reads a traceback."""

import hmac
import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from redemption.till.session import device_cookie
from tests.access.routes import every_route
from tests.server import free_port, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

PARTS: dict[str, str] = {
    "uuid": str(uuid4()),
    "int": "1",
    "slug": "frosty-spoon",
    "str": "abcdefgh",
    "path": "a",
}
MACHINES = {"readyz", "status"}
NEEDS_NO_ROWS = {
    "healthz": {200},
    "api-schema": {200, 405},
    "api-docs": {200, 405},
    "till_manifest": {200, 405},
    "language": {302},
    "picture_file": {404, 405},
    "share_picture": {404, 405},
    "google_callback": {404, 405},  # without the settings of that provider
    "apple_finish_callback": {404, 405},
    "mail-webhook": {404, 405},  # without the settings of a provider
    "text-report": {404, 405},  # without the settings of a provider
    "text-answer": {404, 405},
    "stripe-webhook": {400, 405},  # without a signature; with one: below
}
HEADERS = {
    "Authorization": "Device abcdefgh",
    "Idempotency-Key": "key",
    "Accept": "text/html, application/json",
    "HX-Request": "true",
}


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody listens where the database was."""
    connection.close()
    options = connection.settings_dict["OPTIONS"].items()
    here = {name: value for name, value in options if name not in {"host", "pool"}}
    with monkeypatch.context() as patched:
        patched.setitem(connection.settings_dict, "OPTIONS", here)
        patched.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        patched.setitem(connection.settings_dict, "PORT", str(free_port()))
        yield
        connection.close()


def address(route: str) -> str:
    """Some address of this form; nothing needs to be there."""

    def part(found: re.Match[str]) -> str:
        return PARTS.get(found[1] or "str", "abcdefgh")

    return "/" + re.sub(r"<(?:(\w+):)?\w+>", part, route)


def ask(route: str, method: str) -> HttpResponse:
    client = Client(raise_request_exception=False)
    client.cookies["session"] = client.cookies[device_cookie()] = "abcdefgh"
    data: dict[str, Any] = {}
    if route.startswith("api/"):
        data = {"data": {"code": "ABCDEFGH"}, "content_type": "application/json"}
    call: Callable[..., Any] = getattr(client, method)
    answer: HttpResponse = call(
        address(route), headers=HEADERS, **(data if method == "post" else {})
    )
    return answer


def test_every_page_asks_to_come_back(away: None, caplog: pytest.LogCaptureFixture) -> None:
    told: dict[str, set[int]] = {}
    for name, route in every_route().items():
        for method in ("get", "post"):
            answer = ask(route, method)
            told.setdefault(name, set()).add(answer.status_code)
            if answer.status_code == 503 and name not in MACHINES:
                assert answer["Retry-After"].isdigit(), name
            if answer.status_code == 503 and route.startswith("api/"):
                assert answer["Content-Type"] == "application/problem+json", name
                assert answer.json()["reason"] == "unavailable"  # type: ignore[attr-defined]
    assert [name for name, statuses in told.items() if 500 in statuses] == []
    assert {name: told[name] for name in told if 503 not in told[name]} == NEEDS_NO_ROWS
    assert [record for record in caplog.records if record.exc_info] == []
    lines = [record for record in caplog.records if record.name == "giftshop.http.errors"]
    assert {record.levelno for record in lines} == {logging.ERROR}


def test_a_page_says_it_in_words(away: None) -> None:
    answer = Client(raise_request_exception=False).get("/", headers={"Accept-Language": "en"})
    assert answer.status_code == 503
    assert "Back in a moment" in answer.content.decode()


def test_our_own_mistakes_stay_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", fail)
    client = Client(raise_request_exception=False)
    client.cookies["session"] = "abcdefgh"
    assert client.get("/accounts/login/").status_code == 500


def test_whoever_waits_in_vain_is_sent_away_and_the_next_is_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection.close()
    pool = {"min_size": 1, "max_size": 1, "timeout": 1.0}
    connection.close_pool()
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "pool", pool)
    taken, leave = threading.Event(), threading.Event()

    def hold() -> None:
        connection.ensure_connection()
        taken.set()
        leave.wait(30)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert taken.wait(30)
    started = time.monotonic()
    assert ask("api/v1/lookups/", "post").status_code == 503
    assert time.monotonic() - started < 3
    leave.set()
    holder.join(30)
    wait_for(
        lambda: ask("api/v1/lookups/", "post").status_code == 401, "nobody is served", None, 10
    )
    connection.close()
    connection.close_pool()


def test_stripe_is_asked_to_tell_it_again(away: None, settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_here"]
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "created": int(time.time()),
        "livemode": settings.STRIPE_LIVEMODE,
        "data": {"object": {"id": "cs_1", "object": "checkout.session"}},
    }
    body, at = json.dumps(event), int(time.time())
    signature = hmac.new(b"whsec_here", f"{at}.{body}".encode(), "sha256").hexdigest()
    answer = Client(raise_request_exception=False).post(
        "/webhooks/stripe/",
        body,
        content_type="application/json",
        headers={"Stripe-Signature": f"t={at},v1={signature}"},
    )
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
