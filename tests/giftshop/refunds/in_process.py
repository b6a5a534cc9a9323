"""What a thousand histories need not wait for: a network, what was read of the same answer before, and
statements that are composed and prepared again."""

import json
from collections.abc import Mapping
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from psycopg._preparing import PrepareManager
from stripe import _api_requestor

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
    convert, converted = _api_requestor._convert_to_stripe_object, dict[str, Any]()

    def convert_once(*, resp: Any, **more: Any) -> Any:
        if len(converted) > 200:  # the latest are asked for again, if any
            converted.clear()
        if resp.body not in converted:
            converted[resp.body] = convert(resp=resp, **more)
        return converted[resp.body]

    monkeypatch.setattr(_api_requestor, "_convert_to_stripe_object", convert_once)
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
    # One that ends well goes with the one around it.
    monkeypatch.setattr(connection, "_savepoint_commit", lambda _name: None)


def keep_composed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The columns of a model are written out once, where they are all that is selected: half of what it costs
    to compose a query. Its tables, its conditions and its order are composed each time."""
    select, converters = SQLCompiler.get_select, SQLCompiler.get_converters
    selected: dict[Any, Any] = {}
    converted: dict[Any, Any] = {}

    def select_once(self: SQLCompiler, with_col_aliases: bool = False) -> Any:
        query = self.query
        others = query.select_related or query.annotations or query.extra or query.selected
        if others or with_col_aliases or not query.default_cols:
            return select(self, with_col_aliases)
        names, is_deferred = query.deferred_loading
        key = query.model, query.get_initial_alias(), frozenset(names), is_deferred
        if key not in selected:
            selected[key] = select(self)
        columns, of_class, annotations = selected[key]
        return list(columns), dict(of_class), dict(annotations)

    def converters_once(self: SQLCompiler, expressions: list[Any]) -> Any:
        key = tuple(map(id, expressions))
        if key not in converted:
            converted[key] = expressions, converters(self, expressions)
        return converted[key][1]

    monkeypatch.setattr(SQLCompiler, "get_select", select_once)
    monkeypatch.setattr(SQLCompiler, "get_converters", converters_once)
