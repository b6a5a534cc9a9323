"""Send each thing once, as near as that can be had.

The row says `sending`, and by which worker, before the mail server is called, and `sent` after. Two
workers never hold the same row; when one dies in between, or is silent for ten seconds, another follows.
A mail cannot be taken back and no mail server can be asked what it was given, so whoever follows looks
first whether an earlier attempt has said in the meantime that it got through, and a worker that the
database has not heard of lately does not begin. What is left is a worker that dies between the mail
server's answer and its own commit: then the same thing leaves twice, with the same Message-ID and the
same code, an annoyance but not money.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import Error as DatabaseFailed
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from brands.models import Brand
from giftshop.accounts.models import User
from giftshop.delivery import channels
from giftshop.delivery.models import Attempt, Delivery
from giftshop.delivery.suppression import is_suppressed
from giftshop.orders.models import Gift, Order
from giftshop.outbox import workers
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from redemption.models import Alarm

Compose = Callable[[Delivery], EmailMessage]


class BeingSent(Exception):
    """Another worker is at it; come back to see how it went."""


def send(
    *,
    purpose: Delivery.Purpose,
    address: str,
    compose: Compose,
    brand: Brand,
    order: Order | None = None,
    gift: Gift | None = None,
    alarm: Alarm | None = None,
    user: User | None = None,
    version: int = 1,
    now: datetime | None = None,
) -> Delivery:
    """Compose and send it unless that was done before. Expects the brand's scope, no transaction.

    About an order, or one gift of it; or about an alarm, to one user. Answers the delivery, sent or over
    for another reason: refused for good, or suppressed (which is never asked for what is needed: a
    receipt, an alarm). Raises channels.TryLater or BeingSent when the caller shall come again.
    """
    now = now or timezone.now()
    leave_out = purpose not in Delivery.NEEDED and is_suppressed(address=address, brand=brand)
    delivery, created = Delivery.objects.get_or_create(
        brand=brand,
        purpose=purpose,
        order=order,
        gift=gift,
        alarm=alarm,
        user=user,
        version=version,
        defaults={"created_at": now, **({} if leave_out else {**_ours(now), "attempts_made": 1})},
    )
    if delivery.is_over:
        return delivery
    delivery.brand, delivery.order, delivery.gift = brand, order, gift  # as the caller loaded them
    delivery.alarm, delivery.user = alarm, user
    if leave_out:
        return _leave_out(delivery, now)
    if not created:
        _claim(delivery, now)
    if _got_through(delivery):
        _record(delivery, None, Delivery.State.SENT)
        return delivery
    try:
        letter = compose(delivery)
        _check_still_ours()
        channels.SENDERS[delivery.channel](letter)
    except channels.TryLater as error:
        _record(delivery, Attempt.Outcome.DEFERRED, Delivery.State.PENDING, str(error))
        raise
    except channels.Refused as error:
        _record(delivery, Attempt.Outcome.REFUSED, Delivery.State.FAILED, str(error))
    except Exception as error:
        _record(delivery, Attempt.Outcome.DEFERRED, Delivery.State.PENDING, type(error).__name__)
        raise
    else:
        _record(delivery, Attempt.Outcome.SENT, Delivery.State.SENT)
    return delivery


def _ours(now: datetime) -> dict[str, Any]:
    """What a row says while this process is at it."""
    return {
        "state": Delivery.State.SENDING,
        "leased_until": now + settings.OUTBOX_LEASE,  # longer than a task may run
        "worker_id": workers.current_worker(),
    }


def _claim(delivery: Delivery, now: datetime) -> None:
    claimed = (
        Delivery.objects.claimable(now)
        .filter(pk=delivery.pk)
        .update(**_ours(now), attempts_made=F("attempts_made") + 1)
    )
    if not claimed:
        raise BeingSent
    delivery.refresh_from_db(fields=["state", "leased_until", "attempts_made"])


def _got_through(delivery: Delivery) -> bool:
    """Whether an attempt that was given up for dead has said since that it did send."""
    return (
        delivery.attempts_made > 1
        and Attempt.objects.filter(delivery=delivery, outcome=Attempt.Outcome.SENT).exists()
    )


def _check_still_ours() -> None:
    """The last look before what cannot be undone: composing may have taken long."""
    if not workers.is_heard():
        raise BeingSent


def _record(delivery: Delivery, outcome: str | None, state: str, error: str = "") -> None:
    """No outcome: this attempt never began."""
    try:
        _write_down(delivery, outcome, state, error)
    except DatabaseFailed:
        workers.abandon()  # nobody shall wait for us to say how it went
        raise


def _write_down(delivery: Delivery, outcome: str | None, state: str, error: str) -> None:
    """The attempt is a fact whatever happened since; the row follows only its newest attempt."""
    now = timezone.now()
    told = {
        "state": state,
        "leased_until": None,
        "worker_id": None,
        "over_at": now if state in Delivery.OVER else None,
    }
    with transaction.atomic():
        if outcome:
            Attempt.objects.create(delivery=delivery, at=now, outcome=outcome, error=error[:200])
        mine = Delivery.objects.filter(
            pk=delivery.pk, attempts_made=delivery.attempts_made, state=Delivery.State.SENDING
        ).update(**told)
        if mine and delivery.purpose == Delivery.Purpose.GIFT:
            if state == Delivery.State.SENT:
                _tell_of_sent_gift(delivery, now)
            elif state in Delivery.OVER:
                _tell_sender(delivery, now)
    if not mine:
        delivery.refresh_from_db(fields=list(told))
        return
    for name, value in told.items():
        setattr(delivery, name, value)


def _tell_of_sent_gift(delivery: Delivery, now: datetime) -> None:
    if Gift.objects.filter(deliveries=delivery, sent_at__isnull=True).update(sent_at=now):
        emit(
            topic=Topic.GIFT_SENT,
            brand_id=delivery.brand_id,
            payload={"gift_id": str(delivery.gift_id)},
            now=now,
        )


def _tell_sender(delivery: Delivery, now: datetime) -> None:
    """The sender's page then says so and gives the link, to be sent by other means."""
    Gift.objects.filter(deliveries=delivery).update(undeliverable_at=now)


def _leave_out(delivery: Delivery, now: datetime) -> Delivery:
    with transaction.atomic():
        left_out = (
            Delivery.objects.claimable(now)
            .filter(pk=delivery.pk)
            .update(state=Delivery.State.SUPPRESSED, leased_until=None, worker_id=None, over_at=now)
        )
        if not left_out:
            raise BeingSent
        _tell_sender(delivery, now)
    delivery.refresh_from_db(fields=["state", "leased_until", "over_at"])
    return delivery
