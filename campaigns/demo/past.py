"""Living through the past: the clock stands where the story is, and no letter leaves the house."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from giftshop.delivery import channels
from giftshop.outbox import relay
from giftshop.outbox.models import Message

NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"


class Clock:
    """Says what timezone.now() says while `turned_back` lasts. `read()` is the time it shows."""

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
    timezone.now = clock.read  # type: ignore[assignment]
    try:
        yield clock
    finally:
        timezone.now = real


@contextmanager
def without_mail() -> Iterator[None]:
    """Letters are written and counted as sent, and go nowhere: nobody gets eight weeks of e-mail at once."""
    real = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = NO_MAIL
    try:
        yield
    finally:
        channels.hang_up()
        settings.EMAIL_BACKEND = real


@contextmanager
def at_once() -> Iterator[None]:
    """What is done inside and what follows from it through the outbox is seen together or not at all, so
    that no worker that happens to run takes up the past's letters and sends them."""
    with transaction.atomic():
        yield
        follow_up()


def follow_up() -> None:
    """Work off the outbox as it is due by the clock. Raises when something of it failed."""
    relay.drain(now=timezone.now())
    failed = Message.objects.filter(done_at__isnull=True).exclude(error="").first()
    if failed:
        raise RuntimeError(f"{failed} failed: {failed.error}")


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """Commits need not reach the disk one by one: a history that is lost with the machine is played again."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
        try:
            yield
        finally:
            cursor.execute("RESET synchronous_commit")
