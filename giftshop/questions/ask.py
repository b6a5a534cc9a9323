"""Somebody asks a brand a question. Anybody may, so it is bounded: of a brand and of an address."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.refused import Refused
from giftshop.catalog.models import Treat
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from giftshop.questions.models import Question

WAITING_MAX = 500
"""Of one brand: more than anybody answers."""
OF_ADDRESS_MAX = 5
"""In a day, to one brand."""


class AskRefusal(models.TextChoices):
    FULL = "full", _("So many questions wait here that no more fit. Please come back in some days.")
    OFTEN = "often", _("These were many questions for one day. Please go on tomorrow.")


class AskRefused(Refused[AskRefusal]):
    """`reason` in words for whoever asked."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody filled in. Lengths as in the model; `language`: of the page, as in LANGUAGES."""

    words: str
    name: str
    email: str
    language: str
    may_be_shown: bool = False
    treat: Treat | None = None


def ask(*, brand: Brand, asked: Asked, now: datetime) -> Question:
    """Keep it and tell the brand's owners. The same words of the same address that still wait are one
    question. Expects the brand's scope. Raises AskRefused."""
    words, email = asked.words.strip(), asked.email.strip().lower()
    with transaction.atomic():
        Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)
        waiting = Question.objects.waiting()
        same = waiting.filter(email=email, words=words).first()
        if same is not None:
            return same
        if waiting.count() >= WAITING_MAX:
            raise AskRefused(AskRefusal.FULL)
        lately = Question.objects.filter(email=email, asked_at__gt=now - timedelta(days=1))
        if lately.count() >= OF_ADDRESS_MAX:
            raise AskRefused(AskRefusal.OFTEN)
        question = Question.objects.create(
            brand=brand,
            treat=asked.treat,
            name=asked.name,
            email=email,
            words=words,
            language=asked.language,
            may_be_shown=asked.may_be_shown,
            asked_at=now,
            changed_at=now,
        )
        emit(
            topic=Topic.QUESTION_ASKED,
            brand_id=brand.pk,
            payload={"question_id": str(question.pk)},
            now=now,
        )
    return question
