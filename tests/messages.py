"""An account with the double of Twilio, for whoever sends texts in a test."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import timezone

from brands.models import Brand
from core import crypto
from giftshop.delivery.models import Delivery, Report
from giftshop.orders.models import Gift
from giftshop.texts.models import MessageTemplate
from giftshop.texts.templates import Kind, body
from sandbox.message_double import MessageDouble
from sandbox.message_double.callbacks import Callbacks

ACCOUNT, TOKEN, SERVICE = f"AC{'5' * 32}", "0123456789abcdef" * 2, f"MG{'7' * 32}"
ENVIRONMENT = {
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_MESSAGING_SERVICE_SID": SERVICE,
    "TWILIO_API_BASE": "http://127.0.0.1:1",
}
"""Of a product in a process of its own, which offers texts and reaches nobody."""
NOBODY = "http://127.0.0.1:1"


def account(double: MessageDouble | None = None) -> dict[str, Any]:
    """The setting TWILIO that leads to it, or to nobody."""
    return {
        "account_sid": ACCOUNT,
        "auth_token": TOKEN,
        "messaging_service_sid": SERVICE,
        "api_base": double.url if double else NOBODY,
    }


class Silent(Callbacks):
    """Nobody hears from the double by itself what became of a message."""

    def later(self, act: Callable[[], None]) -> None: ...


def came_back(gift: Gift) -> None:
    """Its text left, and then the phone company said that this is no mobile phone."""
    now = timezone.now()
    sent = Delivery.objects.create(
        brand=gift.order.brand,
        purpose="gift",
        subject=f"gift:{gift.pk}",
        address=gift.recipient.phone,
        channel=gift.channel,
        provider_id=f"SM{gift.pk.hex}",
        state=Delivery.State.BOUNCED,
        attempts_made=1,
        created_at=now,
        over_at=now,
    )
    Report.objects.create(
        key=crypto.token_digest(sent.provider_id),
        provider_id=sent.provider_id,
        delivery=sent,
        state=Report.State.BOUNCED,
        reason=Report.Reason.NO_MOBILE,
        words="Twilio 30006",
        at=now,
        received_at=now,
    )
    told = {"sent_at": now, "code_left_at": now, "undeliverable_at": now}
    Gift.objects.filter(pk=gift.pk).update(**told)


def begin_to_send(brand: Brand) -> None:
    """It sends texts, and by WhatsApp, which has approved all."""
    Brand.objects.filter(pk=brand.pk).update(texts=Brand.Texts.CONSENT, whatsapp=True)
    brand.refresh_from_db(fields=["texts", "whatsapp"])
    wanted = ((kind, tag) for kind in Kind for tag, _name in settings.LANGUAGES)
    for number, (kind, language) in enumerate(wanted):
        MessageTemplate.objects.get_or_create(
            kind=kind,
            language=language,
            defaults={
                "body": body(kind, language),
                "content_sid": f"HX{number:032x}",
                "status": "approved",
                "category": "utility",
                "changed_at": timezone.now(),
            },
        )
