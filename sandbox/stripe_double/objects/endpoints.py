"""Webhook endpoints: where events go, which of them, and whether at all just now."""

from __future__ import annotations

from typing import Any

from sandbox.stripe_double.objects import lists, values
from sandbox.stripe_double.objects.views import shown
from sandbox.stripe_double.state.store import Obj, new_id
from sandbox.stripe_double.state.webhooks import Target
from sandbox.stripe_double.state.world import World

KIND = "webhook_endpoint"
OWN = "we_1DoubleEndpointOfOptions"
"""The one that the options name."""
PLAYED = frozenset({"url", "enabled_events", "description", "metadata", "api_version", "expand"})


def own(world: World) -> Obj | None:
    """The options' endpoint, as they are now; its events and its status are the dashboard's."""
    found, url = world.store.find(KIND, OWN), world.options.webhook_url
    if url and found is None:
        found = world.make(KIND, "we", id=OWN, url=url)
    if found and url and found["url"] != url:
        world.save(found, url=url)
    return found if url else None


def receivers(world: World, kind: str) -> list[Obj]:
    """Who is told of an event of that type."""
    own(world)
    return [
        each
        for each in world.store.newest(KIND)
        if each["status"] == "enabled"
        and not {"*", kind}.isdisjoint(each["enabled_events"])
        and (each["id"] != OWN or world.options.webhook_url)
    ]


def target(world: World, endpoint_id: str) -> Target | None:
    """Where a delivery goes and what signs it; None if nobody is to be told any more."""
    with world.lock:
        endpoint = own(world) if endpoint_id == OWN else world.store.find(KIND, endpoint_id)
        if endpoint is None or endpoint["status"] != "enabled":
            return None
        return Target(endpoint["url"], endpoint.get("_secret") or world.options.webhook_secret)


def create(world: World, params: dict[str, Any]) -> Obj:
    """POST /v1/webhook_endpoints; the secret is told this once."""
    values.only_played(params, PLAYED)
    values.url(params, "url")
    secret = new_id("whsec")
    made = world.make(
        KIND,
        "we",
        api_version=params.get("api_version"),
        description=params.get("description") or None,
        enabled_events=params["enabled_events"],
        metadata=values.metadata(params),
        url=params["url"],
        _secret=secret,
    )
    return {**made, "secret": secret}


def modify(world: World, endpoint: Obj, params: dict[str, Any]) -> Obj:
    """POST /v1/webhook_endpoints/{id}"""
    values.only_played(params, PLAYED - {"api_version"} | {"disabled"})
    values.url(params, "url")
    changes = {
        name: params[name] for name in ("url", "enabled_events", "description") if name in params
    }
    if "disabled" in params:
        changes["status"] = "disabled" if params["disabled"] == "true" else "enabled"
    if endpoint["id"] == OWN and "url" in changes:
        world.options.webhook_url = changes["url"]
    return world.save(endpoint, **changes, metadata=values.metadata(params, endpoint["metadata"]))


def delete(world: World, endpoint_id: str, _: dict[str, Any]) -> Obj:
    """DELETE /v1/webhook_endpoints/{id}"""
    own(world)
    world.store.forget(world.store.get(KIND, endpoint_id))
    if endpoint_id == OWN:
        world.options.webhook_url = None
    return {"id": endpoint_id, "object": KIND, "deleted": True}


def list_(world: World, url: str, params: dict[str, Any]) -> Obj:
    """GET /v1/webhook_endpoints"""
    own(world)
    return lists.page(world, url, KIND, params)


def retrieve(world: World, endpoint_id: str, params: dict[str, Any]) -> Obj:
    """GET /v1/webhook_endpoints/{id}"""
    own(world)
    return shown(world, world.store.get(KIND, endpoint_id), params.get("expand", ()))
