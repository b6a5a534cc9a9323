"""Events: what happened, as it was at that moment."""

from __future__ import annotations

from typing import Any

import stripe

from sandbox.stripe_double.errors import bad_parameter
from sandbox.stripe_double.objects import endpoints, lists
from sandbox.stripe_double.objects.views import shown
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import REQUEST, World

KEPT_SECONDS = 30 * 24 * 60 * 60
TYPES_MAX = 20


def emit(world: World, kind: str, subject: Obj, *, previous: dict[str, Any] | None = None) -> Obj:
    """Record an event and send it. ``previous``: the fields that an update changed, as they were."""
    data: Obj = {"object": shown(world, subject)}
    if previous is not None:
        data["previous_attributes"] = previous
    request = REQUEST.get()
    told = [endpoint["id"] for endpoint in endpoints.receivers(world, kind)]
    event = world.make(
        "event",
        "evt",
        api_version=stripe.api_version,
        data=data,
        pending_webhooks=len(told),
        request={"id": request.id, "idempotency_key": request.idempotency_key},
        type=kind,
        _unheard=told,
        _unsent=told,
    )
    for endpoint_id in told:
        world.webhooks.send(event, endpoint_id)
    return event


def was_delivered(world: World, event: Obj, endpoint_id: str) -> None:
    """The shop said 2xx."""
    with world.change():
        if world.store.find("event", event["id"]):
            unheard = _without(event, "_unheard", endpoint_id)
            world.save(
                event,
                pending_webhooks=len(unheard),
                _unheard=unheard,
                _unsent=_without(event, "_unsent", endpoint_id),
            )


def was_dropped(world: World, event: Obj, endpoint_id: str) -> None:
    """It got lost; a restart does not bring it either."""
    with world.change():
        world.save(event, _unsent=_without(event, "_unsent", endpoint_id))


def _without(event: Obj, name: str, endpoint_id: str) -> list[str]:
    return [each for each in event.get(name, ()) if each != endpoint_id]


def list_(world: World, url: str, params: dict[str, Any]) -> Obj:
    """GET /v1/events: thirty days of them."""
    if "type" in params and "types" in params:
        raise bad_parameter("You may pass either `type` or `types`, but not both.", "types")
    if len(params.get("types", ())) > TYPES_MAX:
        raise bad_parameter(f"Array types exceeded maximum {TYPES_MAX} allowed elements.", "types")
    oldest = world.now() - KEPT_SECONDS
    types = set(params.get("types", ())) | ({params["type"]} if "type" in params else set())

    def keep(event: Obj) -> bool:
        if event["created"] < oldest or (
            types and not any(_is(event["type"], each) for each in types)
        ):
            return False
        wanted = params.get("delivery_success")
        return wanted is None or (event["pending_webhooks"] == 0) == (wanted == "true")

    special = frozenset({"type", "types", "delivery_success"})
    return lists.page(world, url, "event", params, keep=keep, special=special)


def _is(kind: str, wanted: str) -> bool:
    """charge.* takes in charge.refunded."""
    return kind == wanted or (wanted.endswith("*") and kind.startswith(wanted[:-1]))


def resend(world: World, event_id: str) -> Obj:
    """What "Resend" in Stripe's dashboard does."""
    with world.change():
        event = world.store.get("event", event_id)
        for endpoint in endpoints.receivers(world, event["type"]):
            world.webhooks.send(event, endpoint["id"])
        return event
