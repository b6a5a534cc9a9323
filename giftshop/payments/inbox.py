"""The inbox of Stripe's events: stored first, worked off after, each from the object's fresh state.

Rows are the truth, as in the outbox. A worker claims a few events; each claim is a lease that names the
worker; only the newest attempt may finish an event; what fails waits longer each time and is never given
up.
"""

import logging
import time
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseFailed
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from giftshop.logs import scrub_error
from giftshop.operator_alarms import tell_operator
from giftshop.outbox import workers
from giftshop.outbox.retry import backoff
from giftshop.payments import event_types
from giftshop.payments.models import StripeEvent
from giftshop.payments.stripe.client import StripeUnavailable
from giftshop.payments.stripe.events import Event

LOOK_SECONDS = 0.25  # so often a turn that waits for answers looks for new events
LEASE = timedelta(minutes=1)  # a task may run for 45 s
AWAY_MAX = timedelta(minutes=1)  # a paid order should not wait long once Stripe is back
ALARM_AFTER = timedelta(hours=1)
_CLAIMS = 0x57121  # names the lock under which claims are counted

log = logging.getLogger(__name__)

Answer = Future[Any]
FREE: dict[str, None] = {"leased_until": None, "worker_id": None}


def store(*, events: list[Event], now: datetime | None = None) -> int:
    """Keep what we act on, once however often it comes; how many rows were new. 1 or 2 queries.

    Left aside: types nobody handles, what names no object, and events of the other mode, live or test.
    """
    now = now or timezone.now()
    wanted = [
        event
        for event in events
        if event_types.find(event.type)
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


def claim(*, now: datetime, most: int = 1) -> list[StripeEvent]:
    """Lease the events that are due for longest, `most` at most. 4 statements, 3 when nothing is due.

    One worker holds events at a time, and never more than STRIPE_EVENTS_AT_ONCE, so that a Stripe that
    hangs leaves the other workers for mails.
    """
    worker_id = workers.current_worker()
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two that claim at the same moment would each see the other's room.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIMS])
        holders = list(StripeEvent.objects.held(now).order_by().values_list("worker_id", flat=True))
        room = min(most, settings.STRIPE_EVENTS_AT_ONCE - len(holders))
        if room <= 0 or any(holder != worker_id for holder in holders):
            return []
        due = StripeEvent.objects.due(now).order_by("available_at", "pk")
        events = list(due.select_for_update(skip_locked=True)[:room])
        for event in events:
            event.attempts += 1
            event.leased_until, event.worker_id = now + LEASE, worker_id
        if events:
            StripeEvent.objects.bulk_update(events, ["attempts", "leased_until", "worker_id"])
    return events


def work(*, seconds: float, now: datetime | None = None) -> bool:
    """Work off what is due for a turn; whether there may be more.

    Stripe is asked about up to STRIPE_EVENTS_AT_ONCE events at once, each in a thread that touches no
    database; what it answers is recorded here, as it comes. Raises django.db.Error.
    """
    asked: dict[Answer, StripeEvent] = {}
    threads = ThreadPoolExecutor(settings.STRIPE_EVENTS_AT_ONCE, "stripe event")
    try:
        return _take_turn(asked, threads, time.monotonic() + seconds, now)
    except DatabaseFailed:  # others take what we cannot write down
        workers.abandon()
        raise
    except BaseException:  # the task's time is over
        for event in asked.values():
            _mine(event).update(**FREE)
        raise
    finally:
        threads.shutdown(wait=False, cancel_futures=True)  # a call ends by itself in seconds


def _take_turn(
    asked: dict[Answer, StripeEvent],
    threads: ThreadPoolExecutor,
    stop: float,
    now: datetime | None,
) -> bool:
    """An answer that is late holds up its own event only: until it is there, or given up, the turn goes on
    with others, also when its time is over."""
    in_time, in_time_asked = True, set[Answer]()
    while True:
        if in_time or not in_time_asked.isdisjoint(asked):
            room = settings.STRIPE_EVENTS_AT_ONCE - len(asked)
            for event in claim(now=now or timezone.now(), most=room) if room else ():
                answer = ask(event, threads)
                asked[answer] = event
                if in_time:
                    in_time_asked.add(answer)
        if not asked:
            return not in_time
        done, _ = wait(asked, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
        for answer in done:
            finish(event=asked[answer], answer=answer, now=now)
            del asked[answer]
        in_time = time.monotonic() < stop


def ask(event: StripeEvent, threads: Executor) -> Answer:
    """Begin to ask Stripe about what the event tells of, unless all of that is written down already, or
    its type was handled when it came and is no more."""
    answer: Answer = Future()
    try:
        kind = event_types.find(event.type)
        if kind and kind.is_wanted(event):
            return threads.submit(kind.retrieve, event)
        answer.set_result(None)
    except Exception as error:
        answer.set_exception(error)
    return answer


def finish(*, event: StripeEvent, answer: Answer, now: datetime | None = None) -> bool:
    """Record what Stripe answered; True when the event is done by us, in its newest attempt.

    Harmless when repeated. A failure is logged and kept on the row, which is tried again later.
    """
    now, attempt = now or timezone.now(), event.attempts
    try:
        kind, told = event_types.find(event.type), answer.result()
        if kind and told is not None:
            kind.record(told, event, now)
    except event_types.WaitsForPayment:
        retry, problem = min(backoff(attempt), AWAY_MAX), "Its payment is not settled yet."
    except StripeUnavailable as error:
        log.warning("Stripe is away; event %s waits", event.pk)
        retry, problem = min(backoff(attempt), AWAY_MAX), f"Stripe is away: {error}"
    except Exception as error:
        log.exception("Stripe event %s failed, attempt %s", event.pk, attempt)
        retry, problem = backoff(attempt), scrub_error(error)
    else:
        return _mine(event).update(processed_at=now, error="", **FREE) == 1
    _mine(event).update(error=problem, available_at=now + retry, **FREE)
    _alarm(event, now)
    return False


def _mine(event: StripeEvent) -> QuerySet[StripeEvent]:
    """The row while this attempt is its newest."""
    return StripeEvent.objects.filter(
        pk=event.pk, attempts=event.attempts, processed_at__isnull=True
    )


def _alarm(event: StripeEvent, now: datetime) -> None:
    if event.received_at < now - ALARM_AFTER:
        text = f"Stripe event {event.pk} has failed since {event.received_at.isoformat()}."
        tell_operator(kind="stripe-event-fails", text=text, now=now)
