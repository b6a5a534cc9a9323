"""Text messages, by Twilio.

Twilio's create call honours no idempotency key. So our delivery's id goes along in the address of the status
callback, and before a second try, whatever ended the first, Twilio is asked what it has sent to that number
since: a message with the same words is ours. What left twice all the same is counted (SentText), by the
callbacks of both.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from giftshop.delivery.channels.outcomes import Refused, TryLater, Unwanted
from giftshop.delivery.models import Delivery
from giftshop.delivery.suppression import suppress
from giftshop.texts import client, segments
from giftshop.texts.models import SentText
from giftshop.texts.registration import note_refused
from giftshop.texts.trouble import Trouble, of_code

LOOKED_AT = 50
"""Messages to one number that are looked through for ours."""
CLOCKS_DIFFER = timedelta(minutes=5)
OVER_AT_ONCE = {"failed", "undelivered", "canceled"}


@dataclass(frozen=True)
class Text:
    """What is sent to whom: of a delivery that says so, in these words."""

    delivery: Delivery
    words: str


def send(text: Text) -> str:
    """Hand one text over; Twilio's id of it. Raises TryLater, Refused or Unwanted."""
    if not settings.TWILIO:
        raise Refused("no provider of texts is set up")
    try:
        if text.delivery.attempts_made > 1 and (known := _look_up(text)):
            return known
        made = client.ask(lambda twilio: twilio.messages.create(**_what(text)))
    except client.Unavailable as error:
        raise TryLater(str(error)) from None
    except client.Answered as error:
        raise _refused(text, error) from None
    note_sent(text.delivery, str(made.sid), text.words)
    return str(made.sid)


def note_sent(delivery: Delivery, provider_id: str, words: str = "") -> None:
    """That the provider took it, once for each id of its own. `words` say as how many segments; until they
    are told it counts as one."""
    row = SentText(
        provider_id=provider_id,
        brand=delivery.brand,
        delivery_id=delivery.pk,
        segments=segments.count(words).count if words else 1,
        sent_at=timezone.now(),
    )
    if words:
        SentText.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["provider_id"],
            update_fields=["segments"],
        )
    else:
        SentText.objects.bulk_create([row], ignore_conflicts=True)


def report_address(delivery: Delivery) -> str:
    """Where Twilio tells what becomes of it."""
    return f"{settings.BASE_URL}{reverse('text-report')}?delivery={delivery.pk}"


def _what(text: Text) -> dict[str, Any]:
    return {
        "to": text.delivery.address,
        "messaging_service_sid": settings.TWILIO["messaging_service_sid"],
        "body": text.words,
        "status_callback": report_address(text.delivery),
    }


def _look_up(text: Text) -> str:
    """Twilio's id of what an earlier try has sent, by its callback or its list; empty if nobody knows of
    it. What another delivery has sent there in the same words, its version before a repeat, is not ours."""
    called_back = SentText.objects.filter(delivery_id=text.delivery.pk).order_by("sent_at").first()
    if called_back is not None:
        return called_back.provider_id
    to, since = text.delivery.address, text.delivery.created_at - CLOCKS_DIFFER
    listed = client.ask(lambda twilio: twilio.messages.list(to=to, limit=LOOKED_AT))
    found = [
        str(each.sid)
        for each in listed
        if each.body == text.words
        and each.status not in OVER_AT_ONCE
        and each.date_created is not None
        and each.date_created >= since
    ]
    others = SentText.objects.filter(provider_id__in=found).exclude(delivery_id=text.delivery.pk)
    taken = set(others.values_list("provider_id", flat=True))
    ours = [sid for sid in found if sid not in taken]
    for sid in ours:
        note_sent(text.delivery, sid, text.words)
    return ours[-1] if ours else ""


def _refused(text: Text, error: client.Answered) -> Refused:
    """What follows beyond this one text: a stop is kept, a refused registration is the brand's to know."""
    trouble, delivery = of_code(error.code), text.delivery
    if trouble == Trouble.STOPPED:
        suppress(address=delivery.address, brand=delivery.brand)
        return Unwanted(str(error))
    if trouble == Trouble.UNREGISTERED and delivery.brand:
        note_refused(brand=delivery.brand, code=error.code, now=timezone.now())
    return Refused(str(error))
