"""What a thousand histories need not wait for: a network, and statements that are prepared again."""

import json
from collections.abc import Mapping
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from psycopg._preparing import PrepareManager

from giftshop.http import outside_calls
from giftshop.payments.stripe import client as stripe_sdk
from giftshop.payments.stripe.client import PatientClient
from sandbox.stripe_double import StripeDouble
from sandbox.stripe_double.api.handler import ApiHandler
from sandbox.stripe_double.state import store


def without_network(double: StripeDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop's client asks the double in its own thread."""
    api = ApiHandler(double.world)
    ids = count()

    def request(
        _self: Any, method: str, url: str, headers: Any, post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        path, _, query = url.removeprefix(double.url).partition("?")
        answer = api.answer(method.upper(), path, post_data or query, headers)
        return json.dumps(answer.body).encode(), answer.status, answer.headers

    monkeypatch.setattr(PatientClient, "request", request)
    # In the order in which they are made: see known.py.
    monkeypatch.setattr(store, "new_id", lambda prefix: f"{prefix}_{next(ids):024}")
    # In the client's module alone: another that is first imported meanwhile would keep this for good.
    at_once = SimpleNamespace(ask=lambda call: call(), NoAnswer=outside_calls.NoAnswer)
    monkeypatch.setattr(stripe_sdk, "outside_calls", at_once)


def keep_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements stay prepared. The driver gives them up at each rollback, also to a savepoint, for tables
    that would be others then: none is made here. And each savepoint's name is a statement of its own."""
    connection.ensure_connection()
    monkeypatch.setattr(PrepareManager, "_should_discard", lambda *_args: False)
    monkeypatch.setattr(connection.connection, "prepared_max", 2_000)
