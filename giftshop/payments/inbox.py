"""The inbox of Stripe's events: stored first, worked off after, each from the object's fresh state.

Rows are the truth, as in the outbox. A worker claims one event at a time; the claim is a lease that names
it; only the newest attempt may finish the event; what fails waits longer each time and is never given up.
"""

import json
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error as DatabaseFailed
from django.db import connection, transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from giftshop.logs import scrub
from giftshop.operator_alarms import tell_operator
from giftshop.outbox import workers
from giftshop.payments import settling
from giftshop.payments.models import Payment, StripeEvent
from giftshop.payments.stripe.client import StripeUnavailable
from giftshop.payments.stripe.events import Event

LEASE = timedelta(minutes=1)  # a task may run for 45 s
BACKOFF_MAX = timedelta(hours=1)
AWAY_MAX = timedelta(minutes=1)  # a paid order should not wait long once Stripe is back
ALARM_AFTER = timedelta(hours=1)
_CLAIMS = 0x57121  # names the lock under which claims are counted

log = logging.getLogger(__name__)

Claim = tuple[int, int]
FREE: dict[str, None] = {"leased_until": None, "worker_id": None}


def store(*, events: list[Event], now: datetime | None = None) -> int:
    """Keep what we act on, once however often it comes; how many rows were new. 1 or 2 queries.

    Left aside: types nobody handles, what names no object, and events of the other mode, live or test.
    """
    now = now or timezone.now()
    wanted = [
        event
        for event in events
        if event.type in _HANDLERS
        and event.object_id
        and event.livemode == settings.STRIPE_LIVEMODE
    ]
    known = set(
        StripeEvent.objects.filter(event_id__in=[event.id for event in wanted]).values_list(
            "event_id", flat=True
        )
    )
    rows = [
        StripeEvent(
            event_id=event.id,
            type=event.type,
            object_id=event.object_id,
            livemode=event.livemode,
            payload=event.payload,
            received_at=now,
            available_at=now,
        )
        for event in wanted
        if event.id not in known
    ]
    StripeEvent.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def claim(*, now: datetime) -> Claim | None:
    """Lease the event that is due for longest: (its row's key, attempt). 4 statements.

    Never more are held than STRIPE_EVENTS_AT_ONCE, so that a Stripe that hangs leaves workers for mails.
    """
    worker_id = workers.current_worker()
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two that claim at the same moment would each see the other's room.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIMS])
        if StripeEvent.objects.held(now).count() >= settings.STRIPE_EVENTS_AT_ONCE:
            return None
        due = StripeEvent.objects.due(now).order_by("available_at", "pk")
        event = due.select_for_update(skip_locked=True).first()
        if event is None:
            return None
        event.attempts += 1
        event.leased_until, event.worker_id = now + LEASE, worker_id
        event.save(update_fields=["attempts", "leased_until", "worker_id"])
    return event.pk, event.attempts


def work(*, seconds: float, now: datetime | None = None) -> bool:
    """Work off what is due, one event after the other, for a turn; whether there may be more.

    A slow answer of Stripe's ends the turn. Any number of workers may take turns at the same time.
    """
    stop = time.monotonic() + seconds
    while claimed := claim(now=now or timezone.now()):
        event_pk, attempt = claimed
        process(event_pk=event_pk, attempt=attempt, now=now)
        if time.monotonic() >= stop:
            return True
    return False


def process(*, event_pk: int, attempt: int, now: datetime | None = None) -> bool:
    """Do what an event asks for if this is still its newest attempt; True when it is done by us.

    Harmless when repeated. A failure is logged and kept on the row, which is tried again later.
    """
    now = now or timezone.now()
    try:
        return _process(event_pk, attempt, now)
    except DatabaseFailed:  # others take what we cannot write down
        workers.abandon()
        raise


def _process(event_pk: int, attempt: int, now: datetime) -> bool:
    mine = StripeEvent.objects.filter(pk=event_pk, attempts=attempt, processed_at__isnull=True)
    event = mine.first()
    if event is None:
        return False
    try:
        _HANDLERS.get(event.type, _nothing_to_do)(event, now)
    except StripeUnavailable as error:
        log.warning("Stripe is away; event %s waits", event.pk)
        retry, problem = min(backoff(attempt), AWAY_MAX), f"Stripe is away: {error}"
    except Exception as error:
        log.exception("Stripe event %s failed, attempt %s", event.pk, attempt)
        retry, problem = backoff(attempt), scrub(f"{type(error).__name__}: {error}")[:2000]
    else:
        return mine.update(processed_at=now, error="", **FREE) == 1
    mine.update(error=problem, available_at=now + retry, **FREE)
    _alarm(event, now)
    return False


def _alarm(event: StripeEvent, now: datetime) -> None:
    if event.received_at < now - ALARM_AFTER:
        text = f"Stripe event {event.pk} has failed since {event.received_at.isoformat()}."
        tell_operator(kind="stripe-event-fails", text=text, now=now)


def backoff(attempt: int) -> timedelta:
    """2, 4, 8 ... seconds, an hour at most."""
    return min(timedelta(seconds=2 ** min(attempt, 12)), BACKOFF_MAX)


def _settle_session(event: StripeEvent, now: datetime) -> None:
    """Ask Stripe about a session of ours, unless what became of it is written down already.

    A session of another product in the same account is none of ours to ask about.
    """
    with scopes_disabled():
        payment = Payment.objects.filter(session_id=event.object_id).first()
    wanted = not payment.says_all_of(event.type) if payment else _may_be_ours(event)
    if wanted:
        settling.settle(session_id=event.object_id, now=now)


def _may_be_ours(event: StripeEvent) -> bool:
    """It names an order of ours for which Stripe's answer, with the id of the session, was lost."""
    order_id = json.loads(event.payload)["data"]["object"].get("client_reference_id")
    with scopes_disabled():
        return Payment.objects.never_answered(order_id).exists()


def _nothing_to_do(event: StripeEvent, now: datetime) -> None:
    """A type that was handled when it came."""


def handled_types() -> list[str]:
    return sorted(_HANDLERS)


_HANDLERS: dict[str, Callable[[StripeEvent, datetime], None]] = {
    "checkout.session.completed": _settle_session,
    "checkout.session.async_payment_succeeded": _settle_session,
    "checkout.session.async_payment_failed": _settle_session,
    "checkout.session.expired": _settle_session,
}
