"""The inbox of Stripe's events: stored first, worked off after, each from the object's fresh state.

Rows are the truth, as in the outbox. A claim is a lease; Celery carries each event as a task of its own;
only the newest attempt may finish it; what fails waits longer each time and is never given up.
"""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django_scopes import scopes_disabled

from giftshop.payments import settling
from giftshop.payments.models import Payment, StripeEvent
from giftshop.payments.stripe.client import StripeUnavailable
from giftshop.payments.stripe.events import Event

LEASE = timedelta(minutes=1)  # a task may run for 30 s
BACKOFF_MAX = timedelta(hours=1)
AWAY_MAX = timedelta(minutes=1)  # a paid order should not wait long once Stripe is back
ALARM_AFTER = timedelta(hours=1)
_CLAIMS = 0x57121  # names the lock under which claims are counted

log = logging.getLogger(__name__)

Claim = tuple[int, int]


def store(*, events: list[Event], now: datetime | None = None) -> int:
    """Keep what we act on, once however often it comes; how many rows were new. 1 or 2 queries.

    Types that nobody handles and events of the other mode, live or test, are left aside.
    """
    now = now or timezone.now()
    wanted = [
        event
        for event in events
        if event.type in _HANDLERS and event.livemode == settings.STRIPE_LIVEMODE
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


def claim(*, now: datetime) -> list[Claim]:
    """Lease what is due, oldest first: [(row's key, attempt)]. 4 statements.

    Never more are held than STRIPE_EVENTS_AT_ONCE, so that a Stripe that hangs leaves workers for mails.
    """
    with transaction.atomic():
        with (
            connection.cursor() as cursor
        ):  # two that claim at once would each see the other's room
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIMS])
        room = settings.STRIPE_EVENTS_AT_ONCE - StripeEvent.objects.held(now).count()
        due = StripeEvent.objects.due(now).order_by("available_at", "pk")
        rows = list(due.select_for_update(skip_locked=True)[: max(0, room)])
        for row in rows:
            row.attempts += 1
            row.leased_until = now + LEASE
        StripeEvent.objects.bulk_update(rows, ["attempts", "leased_until"])
    return [(row.pk, row.attempts) for row in rows]


def release(*, claims: list[Claim]) -> None:
    """Give back what could not be handed on."""
    for event_pk, attempt in claims:
        StripeEvent.objects.filter(pk=event_pk, attempts=attempt).update(leased_until=None)


def process(*, event_pk: int, attempt: int, now: datetime | None = None) -> bool:
    """Do what an event asks for if this is still its newest attempt; True when it is done by us.

    Harmless when repeated. A failure is logged and kept on the row, which is tried again later.
    """
    now = now or timezone.now()
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
        retry, problem = backoff(attempt), f"{type(error).__name__}: {error}"[:2000]
    else:
        return mine.update(processed_at=now, error="", leased_until=None) == 1
    mine.update(error=problem, leased_until=None, available_at=now + retry)
    _alarm(event, now)
    return False


def _alarm(event: StripeEvent, now: datetime) -> None:
    if event.received_at < now - ALARM_AFTER:
        log.error("Stripe event %s has failed since %s", event.pk, event.received_at.isoformat())


def backoff(attempt: int) -> timedelta:
    """2, 4, 8 ... seconds, an hour at most."""
    return min(timedelta(seconds=2 ** min(attempt, 12)), BACKOFF_MAX)


def drain(*, now: datetime | None = None) -> int:
    """Work off everything that is due, here and now; how many were done."""
    done = 0
    while claims := claim(now=now or timezone.now()):
        done += sum(process(event_pk=pk, attempt=attempt, now=now) for pk, attempt in claims)
    return done


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
