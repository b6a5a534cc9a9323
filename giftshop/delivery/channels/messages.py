"""Text messages and WhatsApp, by Twilio.

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
from giftshop.texts.allowed import TextRefusal
from giftshop.texts.approvals import note_status
from giftshop.texts.models import MessageTemplate, SentText
from giftshop.texts.registration import note_refused
from giftshop.texts.templates import Filled
from giftshop.texts.trouble import TEMPLATE_STATES, Trouble, of_code
from giftshop.texts.whatsapp import obstacle_of

LOOKED_AT = 50
"""Messages to one number that are looked through for ours."""
CLOCKS_DIFFER = timedelta(minutes=5)
OVER_AT_ONCE = {"failed", "undelivered", "canceled"}


@dataclass(frozen=True)
class Text:
    """What is sent to whom: of a delivery that says so, in these words. By WhatsApp as a template that was
    approved, by its Content SID, with its variables as JSON."""

    delivery: Delivery
    words: str
    content_sid: str = ""
    variables: str = ""

    @property
    def to(self) -> str:
        """As Twilio writes addresses of its channels: whatsapp:+4915112345678."""
        return f"whatsapp:{self.delivery.address}" if self.content_sid else self.delivery.address

    @property
    def segments(self) -> int:
        """As it is charged: WhatsApp counts messages."""
        return 1 if self.content_sid else segments.count(self.words).count


def by_template(delivery: Delivery, said: Filled) -> Text:
    """Raises Refused where that one may not be sent: it was looked at for all languages of the brand, but may
    be missing in that of an old order. One query."""
    row = MessageTemplate.objects.filter(kind=said.kind, language=said.language).first()
    if row is None or obstacle_of(row):
        raise Refused(TextRefusal.WHATSAPP_OFF.value)
    return Text(delivery, said.words, row.content_sid, said.variables)


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
    note_sent(text.delivery, str(made.sid), text.segments)
    return str(made.sid)


def note_sent(delivery: Delivery, provider_id: str, parts: int = 0) -> None:
    """That the provider took it, once for each id of its own. `parts`: as how many segments; until they are
    told it counts as one."""
    row = SentText(
        provider_id=provider_id,
        brand=delivery.brand,
        delivery_id=delivery.pk,
        channel=delivery.channel,
        segments=parts or 1,
        sent_at=timezone.now(),
    )
    if parts:
        SentText.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["provider_id"],
            update_fields=["segments"],
        )
    else:
        SentText.objects.bulk_create([row], ignore_conflicts=True)


def report_address(text: Text) -> str:
    """Where Twilio tells what becomes of it, and of which template that was."""
    named = f"&template={text.content_sid}" if text.content_sid else ""
    return f"{settings.BASE_URL}{reverse('text-report')}?delivery={text.delivery.pk}{named}"


def _what(text: Text) -> dict[str, Any]:
    said = {"content_sid": text.content_sid, "content_variables": text.variables}
    return {
        "to": text.to,
        "messaging_service_sid": settings.TWILIO["messaging_service_sid"],
        "status_callback": report_address(text),
        **(said if text.content_sid else {"body": text.words}),
    }


def _look_up(text: Text) -> str:
    """Twilio's id of what an earlier try has sent, by its callback or its list; empty if nobody knows of
    it. What another delivery has sent there in the same words, its version before a repeat, is not ours."""
    called_back = SentText.objects.filter(delivery_id=text.delivery.pk).order_by("sent_at").first()
    if called_back is not None:
        return called_back.provider_id
    to, since = text.to, text.delivery.created_at - CLOCKS_DIFFER
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
        note_sent(text.delivery, sid, text.segments)
    return ours[-1] if ours else ""


def _refused(text: Text, error: client.Answered) -> Refused:
    """What follows beyond this one text: a stop is kept, a refused registration is the brand's to know."""
    trouble, delivery = of_code(error.code), text.delivery
    if trouble == Trouble.STOPPED:
        suppress(address=delivery.address, brand=delivery.brand)
        return Unwanted(str(error))
    now = timezone.now()
    if trouble in {Trouble.UNREGISTERED, Trouble.ACCOUNT} and delivery.brand:
        note_refused(brand=delivery.brand, code=error.code, now=now, channel=delivery.channel)
    if status := TEMPLATE_STATES.get(error.code):
        note_status(content_sid=text.content_sid, status=status, now=now)
    return Refused(str(error))
