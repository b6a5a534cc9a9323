"""Two letters: the question to an owner, the answer to whoever asked."""

from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from giftshop.accounts.models import User
from giftshop.delivery.email_parts import letter
from giftshop.delivery.emails import language_of, mark
from giftshop.delivery.models import Delivery
from giftshop.questions.models import Question


class Told(NamedTuple):
    """A question, to one of the brand's owners."""

    question: Question
    owner: User


def question_letter(delivery: Delivery, told: Told) -> EmailMessage:
    """Who asked what about which treat, and where to answer. Without the asker's address."""
    brand, question = delivery.sender, told.question
    with translation.override(language_of(brand)), timezone.override(brand.tz):
        return letter(
            delivery=delivery,
            name="question",
            subject=_("%(name)s asks %(brand)s a question"),
            named={"name": question.name, "brand": brand.name},
            context={
                "question": question,
                "url": settings.BASE_URL
                + reverse("studio_question", args=[brand.slug, question.pk]),
            },
            pictures=mark(brand),
        )


def answer_letter(delivery: Delivery, question: Question) -> EmailMessage:
    """The answer word for word and what was asked, in the language of asking."""
    brand = delivery.sender
    with translation.override(question.language), timezone.override(brand.tz):
        return letter(
            delivery=delivery,
            name="answer",
            subject=_("%(brand)s answers your question"),
            named={"brand": brand.name},
            context={
                "question": question,
                "url": settings.BASE_URL + reverse("questions", args=[brand.slug]),
            },
            pictures=mark(brand),
        )
