"""How a stored object looks from outside: without our own fields, and with what was asked to be expanded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sandbox.stripe_double.errors import bad_parameter
from sandbox.stripe_double.state.store import Obj, clone
from sandbox.stripe_double.state.world import World

DEEPEST_EXPANSION = 4
# What may stand in each object as an id, and of what kind it then is.
LINKS: dict[str, dict[str, tuple[str, ...]]] = {
    "checkout.session": {"payment_intent": ("payment_intent",)},
    "payment_intent": {
        "latest_charge": ("charge",),
        "payment_method": ("payment_method",),
        "review": ("review",),
    },
    "charge": {
        "balance_transaction": ("balance_transaction",),
        "payment_intent": ("payment_intent",),
        "review": ("review",),
    },
    "review": {"charge": ("charge",), "payment_intent": ("payment_intent",)},
    "refund": {
        "balance_transaction": ("balance_transaction",),
        "failure_balance_transaction": ("balance_transaction",),
        "charge": ("charge",),
        "payment_intent": ("payment_intent",),
    },
    "dispute": {"charge": ("charge",), "payment_intent": ("payment_intent",)},
    "radar.early_fraud_warning": {"charge": ("charge",), "payment_intent": ("payment_intent",)},
    "balance_transaction": {"source": ("charge", "refund", "dispute", "payout")},
    "payout": {
        "balance_transaction": ("balance_transaction",),
        "failure_balance_transaction": ("balance_transaction",),
    },
}
# Expandable to nothing, because the double never fills them.
ALWAYS_NULL = {
    "checkout.session": {"customer", "invoice", "subscription", "setup_intent", "payment_link"},
    "payment_intent": {"customer", "application", "on_behalf_of"},
    "charge": {
        "customer",
        "application",
        "transfer",
        "application_fee",
        "failure_balance_transaction",
    },
    "refund": {"transfer_reversal", "source_transfer_reversal"},
    "payout": {"destination", "original_payout", "reversed_by"},
}
# Lists that are left out unless asked for.
LISTS: dict[str, dict[str, Callable[[World, Obj], Obj]]] = {}


def shown(world: World, obj: Obj, expand: Iterable[str] = ()) -> Obj:
    """A copy to answer with."""
    seen: Obj = {key: clone(value) for key, value in obj.items() if not key.startswith("_")}
    if obj["object"] == "balance_transaction":
        seen["status"] = "available" if obj["available_on"] <= world.now() else "pending"
    for path in expand:
        parts = path.split(".")
        if len(parts) > DEEPEST_EXPANSION:
            message = (
                f"You cannot expand more than {DEEPEST_EXPANSION} levels of a property: {path}"
            )
            raise bad_parameter(message, "expand")
        _expand(world, seen, parts, path)
    return seen


def shown_list(
    world: World, url: str, objects: Iterable[Obj], has_more: bool, expand: Iterable[str] = ()
) -> Obj:
    paths = list(expand)
    if wrong := next((path for path in paths if not path.startswith("data.")), None):
        raise _cannot(wrong)
    inner = [path.removeprefix("data.") for path in paths]
    data = [shown(world, obj, inner) for obj in objects]
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def _expand(world: World, seen: Obj, parts: list[str], path: str) -> None:
    name, *rest = parts
    kind = seen.get("object", "")
    if kind == "list" and name == "data":
        for each in seen["data"]:
            _expand(world, each, rest, path)
        return
    if name in LISTS.get(kind, {}):
        if not isinstance(seen.get(name), dict):
            seen[name] = LISTS[kind][name](world, seen)
    elif name in LINKS.get(kind, {}):
        if isinstance(seen.get(name), str):
            seen[name] = _linked(world, LINKS[kind][name], seen[name])
    elif name not in ALWAYS_NULL.get(kind, set()):
        raise _cannot(path)
    if rest and isinstance(seen.get(name), dict):
        _expand(world, seen[name], rest, path)


def _linked(world: World, kinds: tuple[str, ...], object_id: str) -> Any:
    found = next((obj for kind in kinds if (obj := world.store.find(kind, object_id))), None)
    return shown(world, found) if found else object_id


def _cannot(path: str) -> Exception:
    message = (
        f"This property cannot be expanded ({path}). You may want to try expanding 'data.{path}', or the "
        "property may not exist."
    )
    return bad_parameter(message, "expand")
