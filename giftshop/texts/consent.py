"""Asking for a yes to texts or WhatsApp: on a page, by whoever has the phone, and answered from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from brands.models import Brand
from core.bidi import isolated
from core.refused import Refused
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.texts import allowed, whatsapp
from giftshop.texts.models import Consent

ASKED_AGAIN_AFTER = timedelta(hours=24)
"""Anybody may type any number: nobody's phone rings for it twice in a day."""


class ConsentRefusal(models.TextChoices):
    GIVEN = "given", gettext_lazy("This number has said yes already.")
    ASKED = (
        "asked",
        gettext_lazy(
            "We asked this number a short while ago. Answer YES to that text, or try again tomorrow."
        ),
    )


class ConsentRefused(Refused[ConsentRefusal]):
    pass


def words_of(brand: Brand, channel: str = Consent.Channel.SMS) -> str:
    """What is agreed to, as the page says it and the row keeps it."""
    if channel == Consent.Channel.WHATSAPP:
        words = _(
            "%(brand)s may send me gifts and reminders on WhatsApp at this number. I can end it any time by"
            " answering STOP."
        )
    else:
        words = _(
            "%(brand)s may text me gifts and reminders at this number. I can end it any time by answering"
            " STOP."
        )
    return words % {"brand": isolated(brand.name)}


@dataclass(frozen=True)
class Agreed:
    """A number (E.164) whose owner said yes, and to which of the two."""

    number: str
    channel: str


def agreed(*, brand: Brand, page: str, phone: str) -> Agreed | None:
    """Who said yes on this page (kind:id) or, if there is nobody, at this number. Expects the brand's scope;
    one query, none where the brand sends neither; one more where it sends by WhatsApp."""
    channels = [Consent.Channel.SMS] if allowed.is_offered(brand) else []
    if whatsapp.is_offered(brand) and whatsapp.standing(brand).obstacle is None:
        channels.append(Consent.Channel.WHATSAPP)
    if not channels:
        return None
    standing = Consent.objects.filter(
        models.Q(page=page) | models.Q(phone=phone, phone__gt=""),
        channel__in=channels,
        given_at__isnull=False,
        withdrawn_at=None,
    )
    found = list(standing.order_by("-given_at"))
    first = next((each for each in found if each.page == page), found[0] if found else None)
    return Agreed(first.phone, first.channel) if first else None


def ask(
    *,
    brand: Brand,
    number: str,
    page: str,
    now: datetime,
    channel: str = Consent.Channel.SMS,
) -> Consent:
    """Keep what was asked, and promise the message that asks for a YES. Expects the brand's scope; `number`:
    E.164; `page`: kind:id. Raises ConsentRefused."""
    said = {"words": words_of(brand, channel), "language": get_language() or "en", "page": page}
    with transaction.atomic():
        asked, is_new = Consent.objects.select_for_update(no_key=True).get_or_create(
            brand=brand,
            phone=number,
            channel=channel,
            defaults={**said, "asked_at": now},
        )
        if not is_new:
            if asked.given_at and not asked.withdrawn_at:
                raise ConsentRefused(ConsentRefusal.GIVEN)
            if asked.asked_at > now - ASKED_AGAIN_AFTER:
                raise ConsentRefused(ConsentRefusal.ASKED)
            anew = {"asked_at": now, "given_at": None, "withdrawn_at": None, "answer": ""}
            for name, value in {**said, **anew, "asks": asked.asks + 1}.items():
                setattr(asked, name, value)
            asked.save()
        emit(
            topic=Topic.CONSENT_ASKED,
            brand_id=brand.pk,
            payload={"consent_id": str(asked.pk)},
            now=now,
        )
    return asked
