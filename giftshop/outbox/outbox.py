"""emit() beside a change, subscribe() where something follows from it.

emit() writes rows in the caller's transaction: they exist exactly if the change does. The relay hands
each row to its subscriber later, at least once; a subscriber is therefore written to be repeatable.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from giftshop.outbox.models import Message

Handler = Callable[[Message], None]

_subscribers: dict[str, dict[str, Handler]] = {}


def subscribe(topic: str, *, name: str) -> Callable[[Handler], Handler]:
    """Register a handler: @subscribe("order.paid", name="delivery.receipt"). Names are for ever:
    rows that wait in the table carry them."""

    def register(handler: Handler) -> Handler:
        _subscribers.setdefault(topic, {})[name] = handler
        return handler

    return register


def subscriber(topic: str, name: str) -> Handler:
    """Raises KeyError when the code no longer knows the name; the row then stays and says so."""
    return _subscribers[topic][name]


def subscribers(topic: str) -> list[str]:
    """Who hears of it, in the order they registered."""
    return list(_subscribers.get(topic, {}))


def emit(
    *,
    topic: str,
    brand_id: UUID,
    payload: dict[str, Any],
    now: datetime | None = None,
    available_at: datetime | None = None,
) -> list[Message]:
    """One row per subscriber. Ids and figures only: never a code, a token or an address.

    `available_at` holds it back until then. Raises when called outside a transaction, since then
    the promise could be lost or made for nothing.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("emit() belongs inside the transaction of what it tells about")
    now = now or timezone.now()
    return Message.objects.bulk_create(
        Message(
            topic=topic,
            subscriber=name,
            brand_id=brand_id,
            payload=payload,
            occurred_at=now,
            available_at=available_at or now,
        )
        for name in _subscribers.get(topic, {})
    )
