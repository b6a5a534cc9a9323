"""Who said yes to texts from a brand, what was texted, to be counted, and the templates that WhatsApp has."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.texts.templates import Kind

ASKED_WORDS_MAX = 600
ANSWER_MAX = 160
REASON_MAX = 300


class ConsentQuerySet(models.QuerySet["Consent"]):
    def standing(self, numbers: Iterable[str], channel: str) -> set[str]:
        """Those of the numbers whose owner said yes and has not taken it back. One query."""
        given = self.filter(phone__in=set(numbers), channel=channel, given_at__isnull=False)
        return set(given.filter(withdrawn_at=None).values_list("phone", flat=True))

    def unanswered(self, before: datetime) -> Self:
        """Asked before then, and nobody has said yes or no."""
        return self.filter(given_at=None, withdrawn_at=None, asked_at__lt=before)


class Consent(models.Model):
    """Somebody who was asked on a page whether a brand may text them, and what they answered from that phone.

    Words, time and page are kept as they were: they are the evidence that a brand may have to show.
    """

    class Channel(models.TextChoices):
        SMS = "sms", _("Text message")
        WHATSAPP = "whatsapp", _("WhatsApp")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    phone = models.CharField(max_length=16, help_text="E.164: +4915112345678.")
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.SMS)
    words = models.CharField(
        max_length=ASKED_WORDS_MAX, help_text="What was agreed to, as the page said it."
    )
    language = models.CharField(max_length=12)
    page = models.CharField(max_length=60, help_text="Where it was asked: gift:<id>.")
    asked_at = models.DateTimeField()
    asks = models.PositiveSmallIntegerField(default=1, help_text="How often it was asked by now.")
    given_at = models.DateTimeField(null=True)
    answer = models.CharField(
        max_length=ANSWER_MAX, blank=True, help_text="The text by which it was given or taken back."
    )
    withdrawn_at = models.DateTimeField(null=True)

    objects = BrandManager.from_queryset(ConsentQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "phone", "channel"], name="consent_once_per_number"
            ),
            models.CheckConstraint(
                condition=models.Q(phone__regex=r"^\+[1-9][0-9]{4,14}$"),
                name="consent_number_is_e164",
            ),
        ]
        indexes = [
            models.Index(fields=["phone"], name="consent_by_number"),
            models.Index(fields=["page"], name="consent_by_page"),
        ]

    def __str__(self) -> str:
        return (
            f"{self.channel} {'given' if self.given_at and not self.withdrawn_at else 'not given'}"
        )


class SentText(models.Model):
    """One message that the provider took: two of one delivery are a duplicate. No number in it."""

    provider_id = models.CharField(max_length=40, unique=True, help_text="The provider's own id.")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, null=True, related_name="+")
    delivery_id = models.UUIDField(db_index=True)
    channel = models.CharField(
        max_length=8,
        choices=Consent.Channel.choices,
        default=Consent.Channel.SMS,
        db_default=Consent.Channel.SMS,
    )
    segments = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()

    objects = BrandManager()

    class Meta:
        indexes = [models.Index(fields=["brand", "sent_at"], name="sent_text_of_brand")]

    def __str__(self) -> str:
        return f"{self.provider_id}: {self.segments}"


class MessageTemplate(models.Model):
    """One of our messages as WhatsApp has it: what was submitted, and what is said of it by now. They are the
    installation's, for all brands."""

    WAITING = ("unsubmitted", "received", "pending")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    language = models.CharField(max_length=12)
    body = models.CharField(
        max_length=1024, help_text="What was submitted, with {{1}} for a variable."
    )
    content_sid = models.CharField(max_length=34, unique=True)
    status = models.CharField(max_length=20, help_text="The provider's word: approved, paused.")
    category = models.CharField(max_length=20, blank=True, help_text="utility or marketing.")
    reason = models.CharField(
        max_length=REASON_MAX, blank=True, help_text="Why it was rejected, as WhatsApp says."
    )
    changed_at = models.DateTimeField(help_text="Since when that is said of it.")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], name="template_once_per_language")
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.language}: {self.status}"

    @property
    def is_marketing(self) -> bool:
        return self.category == "marketing"
