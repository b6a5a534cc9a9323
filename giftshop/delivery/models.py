"""What is sent to whom and what became of it, and who asked not to be written to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core import crypto
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.delivery.installation import installation
from giftshop.orders.models import Gift, addressee
from giftshop.outbox.models import abandoned

KIND_AND_ID = "^[a-z_]+:[0-9a-f-]+$"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def claimable(self, now: datetime) -> Self:
        """Not sent yet and nobody is at it, or whoever was is dead, or took longer than its lease."""
        return self.filter(
            models.Q(state=Delivery.State.PENDING)
            | models.Q(state=Delivery.State.SENDING, leased_until__lte=now)
            | models.Q(abandoned(), state=Delivery.State.SENDING)
        )


class Delivery(models.Model):
    """One thing sent to one person: unique by purpose, subject, addressee and version, so that a message
    which arrives twice sends once. To send again on purpose is a new version.

    Subject and addressee are words, as kind:id. Who knows what they mean is in the register (purposes.py).
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        SENDING = "sending", _("On its way")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        BOUNCED = "bounced", _("Came back")
        COMPLAINED = "complained", _("Delivered, and reported as spam")
        FAILED = "failed", _("Could not be delivered")
        SUPPRESSED = "suppressed", _("Not sent: whoever has this address asked for nothing more")
        OUTDATED = "outdated", _("Not sent: the gift was changed first")

    ARRIVED = (State.SENT, State.DELIVERED, State.COMPLAINED)
    """The other side took it, and has not said since that it came back."""
    OVER = (*ARRIVED, State.BOUNCED, State.FAILED, State.SUPPRESSED, State.OUTDATED)
    """The states after which nobody tries it any more. What a provider reports later moves a sent one on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(
        Brand,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: the installation itself writes.",
    )
    purpose = models.CharField(max_length=20)
    subject = models.CharField(max_length=60, help_text="What it is about: gift:<id>.")
    addressee = models.CharField(
        max_length=60, blank=True, help_text="Which of several who are told the same: user:<id>."
    )
    address = models.CharField(
        max_length=254,
        blank=True,
        help_text="E-mail or phone number, by the channel. As it was when it was last tried; empty: it was"
        " forgotten after that.",
    )
    version = models.PositiveSmallIntegerField(default=1)
    channel = models.CharField(
        max_length=8, choices=Gift.Channel.choices, default=Gift.Channel.EMAIL
    )
    provider_id = models.CharField(
        max_length=255, blank=True, help_text="The provider's own id of it, which its reports name."
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    leased_until = models.DateTimeField(null=True)
    worker_id = models.UUIDField(null=True)  # the process that is sending it
    attempts_made = models.PositiveIntegerField(
        default=0, help_text=_("Fences: only the newest attempt may say how it went.")
    )
    created_at = models.DateTimeField()
    over_at = models.DateTimeField(
        null=True, help_text=_("When it was sent, given up or left out.")
    )

    objects = BrandManager.from_queryset(DeliveryQuerySet)()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "purpose", "addressee", "version"],
                name="delivery_sent_once_per_version",
            ),
            models.CheckConstraint(
                condition=models.Q(purpose__regex="^[a-z_]+$", subject__regex=KIND_AND_ID)
                & (models.Q(addressee="") | models.Q(addressee__regex=KIND_AND_ID))
                & (~models.Q(address="") | models.Q(over_at__isnull=False)),
                name="delivery_says_what_about_and_to_whom",
            ),
            models.CheckConstraint(
                condition=models.Q(state="pending", leased_until__isnull=True, over_at__isnull=True)
                | models.Q(state="sending", leased_until__isnull=False, over_at__isnull=True)
                | models.Q(
                    state__in=[
                        "sent",
                        "delivered",
                        "bounced",
                        "complained",
                        "failed",
                        "suppressed",
                        "outdated",
                    ],
                    leased_until__isnull=True,
                    over_at__isnull=False,
                ),
                name="delivery_state_and_times_agree",
            ),
        ]
        indexes = [
            models.Index(
                fields=["provider_id"],
                name="delivery_by_provider_id",
                condition=~models.Q(provider_id=""),
            ),
            models.Index(
                fields=["address", "created_at"],
                name="delivery_by_number",
                condition=models.Q(channel__in=["sms", "whatsapp"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} v{self.version}: {self.state}"

    @property
    def sender(self) -> Brand:
        """In whose name it is written."""
        return self.brand or installation()

    @property
    def message_id(self) -> str:
        """The same for every attempt, so that a mail system can tell a repetition: <gift-…-v1@host>."""
        words = (self.purpose, *map(_id_in, (self.subject, self.addressee)), f"v{self.version}")
        host = urlsplit(settings.BASE_URL).hostname
        return f"<{'-'.join(filter(None, words))}@{host}>"

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER


class Attempt(models.Model):
    """A fact: how one try went. Never an address in it."""

    class Outcome(models.TextChoices):
        SENT = "sent", _("Sent")
        DEFERRED = "deferred", _("Try again later")
        REFUSED = "refused", _("Refused for good")

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d %H:%M}"


class Report(models.Model):
    """A fact: what a provider said of something it took from us; each of its events once. See reports.py."""

    class State(models.TextChoices):
        DEFERRED = "deferred", _("Not taken yet")
        DELIVERED = "delivered", _("Delivered")
        BOUNCED = "bounced", _("Came back")
        COMPLAINED = "complained", _("Reported as spam")

    class Reason(models.TextChoices):
        NOBODY = "nobody", _("There is no such address.")
        FULL = "full", _("The mailbox is full.")
        BLOCKED = "blocked", _("The mail service of this address does not let it through.")
        UNWANTED = "unwanted", _("Whoever has this address or number wants nothing more from us.")
        OTHER = "other", _("The mail service of this address sent it back.")
        NO_NUMBER = "no_number", _("There is no such number.")
        NO_MOBILE = "no_mobile", _("This number takes no texts: it is no mobile phone.")
        OUT = "out", _("The phone was off or out of reach for too long.")
        FILTERED = "filtered", _("The phone company held the text back.")
        REFUSED = "refused", _("Phone companies don't take texts from this shop yet.")
        NO_YES = "no_yes", _("This number has not said yes to texts from this shop.")
        NO_APP = "no_app", _("This number is not on WhatsApp.")
        NO_APP_YES = "no_app_yes", _("This number has not said yes to this shop on WhatsApp.")
        APP_OFF = "app_off", _("WhatsApp doesn't take messages from this shop at the moment.")
        APP = "app", _("WhatsApp could not deliver it.")
        CARRIER = "carrier", _("The phone company could not deliver it.")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.BinaryField(
        max_length=32, unique=True, help_text="SHA-256 of the provider and its event's id."
    )
    provider_id = models.CharField(max_length=255)
    delivery = models.ForeignKey(
        Delivery,
        on_delete=models.PROTECT,
        null=True,
        related_name="reports",
        help_text="Empty: not worked off yet, or of nothing that we know.",
    )
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.CharField(
        max_length=10,
        choices=Reason.choices,
        blank=True,
        help_text="Of a bounce: why, in our words.",
    )
    words = models.CharField(
        max_length=200, blank=True, help_text="The other side's own, without addresses."
    )
    at = models.DateTimeField(help_text="When it happened, as the provider says.")
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.state} {self.at:%Y-%m-%d %H:%M}"


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def of(self, address: str) -> Self:
        """All that keeps anybody from writing to this address or number."""
        return self.filter(digest__in=Suppression.digests_of(address))

    def covering(self, address: str, brand: Brand, subject: str = "") -> Self:
        """What keeps this brand from writing to this address, however it is spelled: about anything, or about
        this subject."""
        return self.filter(
            models.Q(brand=brand) | models.Q(brand__isnull=True),
            subject__in={"", subject},
            digest__in=Suppression.digests_of(address),
        )

    def stopped(self, addresses: Iterable[str], brand: Brand) -> set[str]:
        """Those of the addresses or numbers to which this brand may not write. One query."""
        of_digest = {
            bytes(digest): each for each in addresses for digest in crypto.digests(addressee(each))
        }
        found = self.filter(
            models.Q(brand=brand) | models.Q(brand__isnull=True),
            subject="",
            digest__in=list(of_digest),
        )
        return {of_digest[bytes(digest)] for digest in found.values_list("digest", flat=True)}


class Suppression(models.Model):
    """Somebody who asked not to be written to, by one brand or (no brand) by any. Only a keyed digest
    of the address or number is kept: enough to obey, useless to anyone else."""

    digest = models.BinaryField(max_length=32)
    brand = models.ForeignKey(
        Brand, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    subject = models.CharField(
        max_length=60,
        blank=True,
        help_text="Of what they want no word: gift:<id>; empty: of anything.",
    )
    created_at = models.DateTimeField()

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "brand", "subject"],
                nulls_distinct=False,
                name="suppression_once_per_address_and_brand",
            )
        ]

    def __str__(self) -> str:
        return f"no e-mails from {self.brand or 'any brand'}"

    @staticmethod
    def digest_of(address: str) -> bytes:
        return crypto.digest(addressee(address))

    @staticmethod
    def digests_of(address: str) -> list[bytes]:
        """All under which it may have been kept."""
        ways = {addressee(address), _as_it_was_kept(address)}
        return [digest for way in ways for digest in crypto.digests(way)]


def _id_in(words: str) -> str:
    """gift:<id> -> <id>"""
    return words.partition(":")[2]


def _as_it_was_kept(address: str) -> str:
    """Before spellings were looked through."""
    return "addressee:" + address.strip().casefold()
