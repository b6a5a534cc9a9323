"""The inbox of Stripe's events: stored first, worked off after, each from the object's fresh state."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone
from django_scopes import scopes_disabled

from giftshop.payments import settling, stripe_client
from giftshop.payments.models import Payment, StripeEvent

REACH = timedelta(days=29)  # Stripe lists events of the last 30 days
ATTEMPTS_MAX = 25

log = logging.getLogger(__name__)


def store(*, event: stripe_client.Event, now: datetime | None = None) -> StripeEvent:
    """The row of an event, made once however often Stripe sends it. 1 or 2 queries."""
    row, _created = StripeEvent.objects.get_or_create(
        event_id=event.id,
        defaults={
            "type": event.type,
            "object_id": event.object_id,
            "livemode": event.livemode,
            "payload": event.payload,
            "received_at": now or timezone.now(),
        },
    )
    return row


def process(*, event_pk: int, now: datetime | None = None) -> None:
    """Do what an event asks for; harmless when repeated. A failure is kept on the row and raised.

    Stripe being away is nobody's failure: it does not count as an attempt.
    """
    now = now or timezone.now()
    event = StripeEvent.objects.get(pk=event_pk)
    if event.processed_at:
        return
    row = StripeEvent.objects.filter(pk=event_pk)
    try:
        _HANDLERS.get(event.type, _nothing_to_do)(event, now)
    except stripe_client.StripeUnavailable as error:
        row.update(error=f"Stripe is away: {error}")
        raise
    except Exception as error:
        row.update(attempts=F("attempts") + 1, error=f"{type(error).__name__}: {error}"[:2000])
        raise
    row.update(attempts=F("attempts") + 1, error="", processed_at=now)


def process_pending(*, now: datetime) -> int:
    """Work off what is stored, oldest first; how many were done. One that fails holds up no other."""
    done = 0
    for event_pk in left_over():
        try:
            process(event_pk=event_pk, now=now)
        except stripe_client.StripeUnavailable:
            log.warning("Stripe is away; its events wait")
            break
        except Exception:
            log.exception("Stripe event %s failed", event_pk)
        else:
            done += 1
    return done


def left_over() -> list[int]:
    """Events that are stored but not worked off, fewest failures first."""
    return list(
        StripeEvent.objects.pending()
        .filter(attempts__lt=ATTEMPTS_MAX)
        .order_by("attempts", "received_at")
        .values_list("pk", flat=True)[:200]
    )


def fetch_undelivered(*, now: datetime) -> list[StripeEvent]:
    """Events whose webhooks never reached us, asked for by ourselves."""
    return [store(event=event, now=now) for event in stripe_client.undelivered_events(now - REACH)]


def _settle_session(event: StripeEvent, now: datetime) -> None:
    settling.settle(session_id=event.object_id, now=now)


def _settle_charge(event: StripeEvent, now: datetime) -> None:
    """The fee of a charge is known a little later than the charge."""
    with scopes_disabled():
        payment = Payment.objects.filter(charge_id=event.object_id).first()
    if payment and payment.session_id:
        settling.settle(session_id=payment.session_id, now=now)


def _nothing_to_do(event: StripeEvent, now: datetime) -> None:
    """Stripe tells of many things; those without a handler are only kept."""


_HANDLERS: dict[str, Callable[[StripeEvent, datetime], None]] = {
    "checkout.session.completed": _settle_session,
    "checkout.session.async_payment_succeeded": _settle_session,
    "checkout.session.async_payment_failed": _settle_session,
    "checkout.session.expired": _settle_session,
    "charge.updated": _settle_charge,
}
