"""Asking for a yes to texts: on a page, by whoever has the phone, and answered from that phone."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from brands.models import Brand
from core.bidi import isolated
from core.refused import Refused
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.texts import allowed
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


def words_of(brand: Brand) -> str:
    """What is agreed to, as the page says it and the row keeps it."""
    return _(
        "%(brand)s may text me gifts and reminders at this number. I can end it any time by answering STOP."
    ) % {"brand": isolated(brand.name)}


def agreed_number(*, brand: Brand, page: str, phone: str) -> str:
    """The number that said yes on this page (kind:id) or, if there is none, this one if it did; else nothing.
    Expects the brand's scope; one query, none where the brand sends no texts."""
    if not allowed.is_offered(brand):
        return ""
    standing = Consent.objects.filter(
        models.Q(page=page) | models.Q(phone=phone, phone__gt=""),
        channel=Consent.Channel.SMS,
        given_at__isnull=False,
        withdrawn_at=None,
    )
    found = list(standing.order_by("-given_at"))
    here = next((each.phone for each in found if each.page == page), "")
    return here or (found[0].phone if found else "")


def ask(*, brand: Brand, number: str, page: str, now: datetime) -> Consent:
    """Keep what was asked, and promise the text that asks for a YES. Expects the brand's scope; `number`:
    E.164; `page`: kind:id. Raises ConsentRefused."""
    said = {"words": words_of(brand), "language": get_language() or "en", "page": page}
    with transaction.atomic():
        asked, is_new = Consent.objects.select_for_update(no_key=True).get_or_create(
            brand=brand,
            phone=number,
            channel=Consent.Channel.SMS,
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
