"""The API's routes: which path does what, with the parameters judged first."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from sandbox.stripe_double.api import intents
from sandbox.stripe_double.api.params import refuse_bad
from sandbox.stripe_double.errors import unknown_url
from sandbox.stripe_double.objects import (
    disputes,
    endpoints,
    events,
    evidence,
    ledger,
    lists,
    radar,
    refunds,
    sessions,
    values,
)
from sandbox.stripe_double.objects.views import shown
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import ACCOUNT_ID, World

Params = dict[str, Any]
Handler = Callable[
    [World, str, Params], Obj
]  # world, the id in the path (or the path itself for a list), params


class Route(NamedTuple):
    method: str
    path: re.Pattern[str]
    resource: str
    verb: str
    handle: Handler


ROUTES: list[Route] = []


def route(method: str, path: str, resource: str, verb: str, handle: Handler) -> None:
    pattern = re.compile(path.replace("{id}", r"(?P<id>[^/]+)"))
    ROUTES.append(Route(method, pattern, resource, verb, handle))


def call(world: World, method: str, path: str, params: Params) -> Obj:
    """Do one request inside ``world.change()``; the object as Stripe would answer it."""
    for each in ROUTES:
        match = each.path.fullmatch(path)
        if match and each.method == method:
            refuse_bad(each.resource, each.verb, params)
            return each.handle(world, match.groupdict().get("id") or path, params)
    raise unknown_url(method, path)


def _resource(path: str, resource: str, kind: str) -> None:
    """Retrieve and list, which every noun has."""

    def retrieve(world: World, object_id: str, params: Params) -> Obj:
        return shown(world, world.store.get(kind, object_id), params.get("expand", ()))

    def list_(world: World, url: str, params: Params) -> Obj:
        return lists.page(world, url, kind, params)

    route("GET", path, resource, "list", list_)
    route("GET", f"{path}/{{id}}", resource, "retrieve", retrieve)


def _change(
    path: str, resource: str, verb: str, kind: str, act: Callable[[World, Obj, Params], Obj]
) -> None:
    """POST to one object."""

    def handle(world: World, object_id: str, params: Params) -> Obj:
        done = act(world, world.store.get(kind, object_id), params)
        return shown(world, done, params.get("expand", ()))

    route("POST", path, resource, verb, handle)


def _create(path: str, resource: str, act: Callable[[World, Params], Obj]) -> None:
    def handle(world: World, _: str, params: Params) -> Obj:
        return shown(world, act(world, params), params.get("expand", ()))

    route("POST", path, resource, "create", handle)


def _line_items(world: World, session_id: str, params: Params) -> Obj:
    return sessions.line_items(world, world.store.get("checkout.session", session_id), params)


def _account(world: World, _: str, params: Params) -> Obj:
    account = world.store.draft("account", "acct", 1_700_000_000, id=ACCOUNT_ID)
    del account["livemode"]
    account["business_profile"]["name"] = world.options.merchant
    account["settings"]["dashboard"]["display_name"] = world.options.merchant
    return account


def _modify_charge(world: World, charge: Obj, params: Params) -> Obj:
    values.only_played(params, frozenset({"metadata", "description", "expand"}))
    charge["description"] = params.get("description", charge["description"])
    return world.save(charge, metadata=values.metadata(params, charge["metadata"]))


SESSION = "/v1/checkout/sessions"
route("GET", "/v1/events", "event", "list", events.list_)
route("GET", "/v1/balance_transactions", "balance_transaction", "list", ledger.list_)
HOOKS = "/v1/webhook_endpoints"
route("GET", HOOKS, "webhook_endpoint", "list", endpoints.list_)
route("GET", f"{HOOKS}/{{id}}", "webhook_endpoint", "retrieve", endpoints.retrieve)
route("DELETE", f"{HOOKS}/{{id}}", "webhook_endpoint", "delete", endpoints.delete)
for path, resource in (
    (SESSION, "checkout.session"),
    ("/v1/payment_intents", "payment_intent"),
    ("/v1/charges", "charge"),
    ("/v1/refunds", "refund"),
    ("/v1/disputes", "dispute"),
    ("/v1/radar/early_fraud_warnings", "radar.early_fraud_warning"),
    ("/v1/reviews", "review"),
    ("/v1/balance_transactions", "balance_transaction"),
    ("/v1/payouts", "payout"),
    ("/v1/events", "event"),
    ("/v1/payment_methods", "payment_method"),
):
    _resource(path, resource, resource)
_create(SESSION, "checkout.session", sessions.create)
_change(f"{SESSION}/{{id}}", "checkout.session", "modify", "checkout.session", sessions.modify)
_change(
    f"{SESSION}/{{id}}/expire",
    "checkout.session",
    "expire",
    "checkout.session",
    lambda w, s, _: sessions.expire(w, s),
)
route("GET", f"{SESSION}/{{id}}/line_items", "checkout.session", "list_line_items", _line_items)
_create("/v1/payment_intents", "payment_intent", intents.create)
for verb, act in (("confirm", intents.confirm), ("cancel", intents.cancel)):
    _change(f"/v1/payment_intents/{{id}}/{verb}", "payment_intent", verb, "payment_intent", act)
_change("/v1/payment_intents/{id}", "payment_intent", "modify", "payment_intent", intents.modify)
_change("/v1/charges/{id}", "charge", "modify", "charge", _modify_charge)
_create(HOOKS, "webhook_endpoint", endpoints.create)
_change(f"{HOOKS}/{{id}}", "webhook_endpoint", "modify", "webhook_endpoint", endpoints.modify)
_create("/v1/refunds", "refund", refunds.create)
_change("/v1/refunds/{id}", "refund", "modify", "refund", refunds.modify)
_change("/v1/disputes/{id}", "dispute", "modify", "dispute", evidence.give)
_change(
    "/v1/disputes/{id}/close",
    "dispute",
    "close",
    "dispute",
    lambda w, d, _: disputes.accept(w, d),
)
_change("/v1/reviews/{id}/approve", "review", "approve", "review", radar.approve)
route("GET", "/v1/account", "account", "retrieve_current", _account)
route("GET", "/v1/balance", "balance", "retrieve", lambda world, _, params: ledger.balance(world))
