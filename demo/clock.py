"""Living through the past: the clock stands where the story is, and no e-mail is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NoReturn

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from brands.models import Brand
from giftshop.delivery import channels, send
from giftshop.delivery.models import Delivery
from giftshop.outbox import batches, claims, relay
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import Queue

NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"
A_MOMENT = timedelta(seconds=2)
"""How long after its time the outbox gets to a message."""


class Clock:
    """Says what timezone.now() says while `turned_back` lasts. `shows` is set by whoever tells the story."""

    def __init__(self) -> None:
        self.shows = timezone.now()

    def read(self) -> datetime:
        return self.shows


@contextmanager
def turned_back() -> Iterator[Clock]:
    """A clock to be set to each moment of the story, for this process.

    Acts take their time as `now`, but rows also note for themselves when they were made or sent, and
    handlers of the outbox ask what is due: all of that belongs to the story's time too.
    """
    clock, real = Clock(), timezone.now
    timezone.now = clock.read
    try:
        yield clock
    finally:
        timezone.now = real


@contextmanager
def without_mail() -> Iterator[None]:
    """Letters count as sent and go nowhere: nobody gets eight weeks of e-mail at once.

    They are not even written, which would take most of the time. The backend is switched off besides,
    so that nothing leaves whatever a letter is made of.
    """
    backend = settings.EMAIL_BACKEND
    compose = send.compose
    settings.EMAIL_BACKEND = NO_MAIL
    send.compose = _unwritten
    try:
        yield
    finally:
        channels.hang_up()
        settings.EMAIL_BACKEND = backend
        send.compose = compose


def _unwritten(_purpose: object, _delivery: Delivery, _about: object, /) -> EmailMessage:
    return EmailMessage()


def follow_up(brand: Brand, clock: Clock, *, until: datetime) -> None:
    """Work off what the outbox holds for this brand by then: each message at its own moment, then the
    facts of all that happened.

    Raises when one fails. Other brands' messages are theirs, and real.
    """
    for queue in (Queue.MAIL, Queue.MONEY, Queue.OTHERS):
        while leased := claims.lease(queue, now=until, limit=None, brand_id=brand.pk):
            moments = Message.objects.in_bulk([message_id for message_id, _attempt in leased])
            for message_id, attempt in leased:
                clock.shows = moments[message_id].available_at + A_MOMENT
                if not relay.deliver(message_id=message_id, attempt=attempt):
                    _stumble(Message.objects.get(pk=message_id))
    clock.shows = until
    found, done = batches.take(now=until, brand_id=brand.pk)
    while found:
        if done < found:
            _stumble(Message.objects.filter(brand_id=brand.pk).exclude(error="")[0])
        found, done = batches.take(now=until, brand_id=brand.pk)


def _stumble(failed: Message) -> NoReturn:
    raise RuntimeError(f"the demo's history stumbled over {failed}: {failed.error}")


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """Commits need not reach the disk one by one: a history lost with the machine is played again."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
        try:
            yield
        finally:
            cursor.execute("RESET synchronous_commit")
