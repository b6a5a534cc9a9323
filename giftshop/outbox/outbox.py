"""emit() beside a change, subscribe() where something follows from it.

emit() writes rows in the caller's transaction: they exist exactly if the change does. A worker hands
each row to its subscriber later, at least once; a subscriber is therefore written to be repeatable. One
that writes only to the database may take whole batches instead, exactly once: subscribe_batch(). One that
reaches outside may read and write down for several at once: in_groups().
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.database.insert import insert
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic

Handler = Callable[[Message], None]
BatchHandler = Callable[[list[Message]], None]


class Group(Protocol):
    """Messages of one subscriber that one worker holds at once, for a second or so."""

    def take(self, message: Message) -> bool:
        """Do what it asks for, True once that is done. False: it goes to its handler instead, as if there
        were no group. Raises what a handler raises."""

    def catch_up(self) -> None:
        """From now on what was done is known to whoever follows should this worker die. Until then all but
        the last is. Called before anything else that may take long."""

    def settle(self) -> None:
        """Write down what follows from those that were taken, in the transaction that marks them as done."""

    def give_back(self) -> None:
        """Those that were not come to are nobody's again. In the same transaction."""


GroupMaker = Callable[[list[Message]], Group]
"""Holds the messages and reads what they need. Where it raises, each of them goes to its handler."""


class NotYet(Exception):
    """Raised by a handler whose message has to wait for something else: it is called again later, ever
    more rarely. That is no failure, and nobody is alarmed."""


class Queue(StrEnum):
    """What waits for different things waits apart; workers take from all of them in turn."""

    FACTS = "facts"  # for the database alone, and in batches
    MAIL = "mail"  # for mail servers
    MONEY = "money"  # for Stripe
    OTHERS = "giftshop"


_subscribers: dict[str, dict[str, Handler]] = {}
_queues: dict[str, Queue] = {}
_batch_handlers: dict[str, BatchHandler] = {}
_groups: dict[str, GroupMaker] = {}


def subscribe(
    topic: Topic, *, name: str, queue: Queue = Queue.OTHERS
) -> Callable[[Handler], Handler]:
    """Register a handler: @subscribe(Topic.ORDER_PAID, name="delivery.receipt"). Names are for
    ever: rows that wait in the table carry them. Raises ValueError for a topic that is not registered."""
    topic = Topic(topic)

    def register(handler: Handler) -> Handler:
        _subscribers.setdefault(topic, {})[name] = handler
        _queues[name] = queue
        return handler

    return register


def subscribe_batch(topic: Topic, *, name: str) -> Callable[[BatchHandler], BatchHandler]:
    """Register a handler of many messages at once, for one topic or, repeated, for several.

    It runs in the transaction that marks them as done, so each message counts exactly once. It calls
    nobody outside, costs as many statements for one message as for five hundred, and takes locks in
    one order, whatever the order of its messages.
    """

    def register(handler: BatchHandler) -> BatchHandler:
        subscribe(topic, name=name, queue=Queue.FACTS)(lambda message: handler([message]))
        _batch_handlers[name] = handler
        return handler

    return register


def in_groups(name: str, make: GroupMaker) -> None:
    """The messages of this subscriber that a worker has claimed at once are held by what `make` answers."""
    _groups[name] = make


def group_maker(name: str) -> GroupMaker | None:
    """Of a subscriber; None where each of its messages stands alone."""
    return _groups.get(name)


def subscriber(topic: str, name: str) -> Handler:
    """Raises KeyError when the code no longer knows the name; the row then stays and says so."""
    return _subscribers[topic][name]


def batch_handler(name: str) -> BatchHandler:
    """Of a subscriber in Queue.FACTS."""
    return _batch_handlers[name]


def subscribers(topic: str) -> list[str]:
    """Who hears of it, in the order they registered."""
    return list(_subscribers.get(topic, {}))


def heard_in(queue: Queue) -> tuple[list[str], list[str]]:
    """The subscribers of a queue, and the topics whose first subscriber is one of them: the queue of
    rows that a trigger wrote."""
    names = [name for name, place in _queues.items() if place == queue]
    topics = [topic for topic, heard in _subscribers.items() if next(iter(heard), "") in names]
    return names, topics


def emit(
    *,
    topic: Topic,
    brand_id: UUID | None,
    payload: dict[str, Any],
    now: datetime | None = None,
    available_at: datetime | None = None,
) -> list[Message]:
    """One row per subscriber. Ids and figures only: never a code, a token or an address.

    `available_at` holds it back until then. Raises when called outside a transaction, since then
    the promise could be lost or made for nothing. Raises ValueError for a topic that is not registered.
    """
    return emit_many(topic=topic, brand_id=brand_id, told=[(payload, available_at)], now=now)


def emit_many(
    *,
    topic: Topic,
    brand_id: UUID | None,
    told: Iterable[tuple[dict[str, Any], datetime | None]],
    now: datetime | None = None,
) -> list[Message]:
    """As emit() for each payload and the time from which it is available; one statement for all."""
    parts = ((topic, payload, available_at) for payload, available_at in told)
    return emit_all(brand_id=brand_id, told=parts, now=now)


def emit_all(
    *,
    brand_id: UUID | None,
    told: Iterable[tuple[Topic, dict[str, Any], datetime | None]],
    now: datetime | None = None,
) -> list[Message]:
    """As emit_many(), of several topics."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("emit() belongs inside the transaction of what it tells about")
    now = now or timezone.now()
    return insert(
        [
            Message(
                topic=Topic(topic),
                subscriber=name,
                brand_id=brand_id,
                payload=payload,
                occurred_at=now,
                available_at=available_at or now,
            )
            for topic, payload, available_at in told
            for name in _subscribers.get(Topic(topic), {})
        ]
    )
