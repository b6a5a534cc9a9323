"""The one text that asks for a yes to all others."""

from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scope

from core.bidi import in_one_line
from giftshop.delivery.models import Delivery
from giftshop.delivery.purposes import Purpose, register
from giftshop.delivery.send import send
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import Queue, subscribe
from giftshop.outbox.topics import Topic
from giftshop.texts.allowed import To
from giftshop.texts.models import Consent
from giftshop.texts.templates import Filled, Kind


def consent_text(delivery: Delivery, asked: Consent) -> str:
    """Who asks, for what, and how to say yes or no."""
    with translation.override(asked.language):
        words = _(
            "%(brand)s: answer YES to get gifts and reminders as texts. STOP to end, HELP for help."
        )
        return words % {"brand": in_one_line(delivery.sender.name)}


def consent_template(delivery: Delivery, asked: Consent) -> Filled:
    """The same for WhatsApp."""
    return Filled(Kind.CONSENT, asked.language, {"brand": delivery.sender.name})


CONSENT = register(
    Purpose[Consent](
        name="consent",
        subject=lambda asked: f"consent:{asked.pk}",
        address=lambda asked: asked.phone,
        channel=lambda asked: asked.channel,
        text=consent_text,
        template=consent_template,
        texts_to=To.ASKED,
        why=_("We asked whether we may text you."),
    )
)


@subscribe(Topic.CONSENT_ASKED, name="delivery.consent", queue=Queue.MAIL)
def send_question(message: Message) -> None:
    """Not once it was answered."""
    with scope(brand=message.brand_id):
        asked = (
            Consent.objects.select_related("brand").filter(pk=message.payload["consent_id"]).first()
        )
        if asked and not (asked.given_at or asked.withdrawn_at):
            send(purpose=CONSENT, about=asked, brand=asked.brand, version=asked.asks)
