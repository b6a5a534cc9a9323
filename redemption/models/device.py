"""A counter device or till that has been paired with a store."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, Store
from core.ids import uuid7
from core.tenancy import BrandManager


class DeviceQuerySet(models.QuerySet["Device"]):
    def paired(self) -> "DeviceQuerySet":
        return self.filter(token_digest__isnull=False, revoked_at__isnull=True)

    def of_token(self, digest: bytes, now: datetime) -> "DeviceQuerySet":
        """Whose token has this digest: the one in use, the next one, or the one before for a while."""
        return self.paired().filter(
            models.Q(token_digest=digest)
            | models.Q(next_digest=digest)
            | models.Q(previous_digest=digest, previous_good_until__gt=now)
        )

    def awaiting_pairing(self, now: datetime) -> "DeviceQuerySet":
        return self.filter(
            pairing_digest__isnull=False, pairing_expires_at__gt=now, revoked_at__isnull=True
        )


class Device(models.Model):
    class Profile(models.TextChoices):
        POS = "pos", _("Counter device")
        INTEGRATION = "integration", _("Till system")
        DISPLAY = "display", _("Display only")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="devices")
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="devices")
    name = models.CharField(max_length=60)
    profile = models.CharField(max_length=12, choices=Profile.choices, default=Profile.POS)
    token_digest = models.BinaryField(max_length=32, null=True, unique=True)
    token_given_at = models.DateTimeField(null=True, help_text="None: when it was paired.")
    next_digest = models.BinaryField(
        max_length=32, null=True, unique=True, help_text="Of a token that goes out, not used yet."
    )
    next_offered_at = models.DateTimeField(null=True)
    previous_digest = models.BinaryField(max_length=32, null=True, unique=True)
    previous_good_until = models.DateTimeField(null=True)
    pairing_digest = models.BinaryField(max_length=32, null=True, unique=True)
    pairing_expires_at = models.DateTimeField(null=True)
    paired_at = models.DateTimeField(null=True)
    invited_by = models.UUIDField(
        null=True, help_text="The staff member or user who made its token; empty: at the server."
    )
    staff_session = models.UUIDField(
        null=True, help_text="Of whoever is signed in on it; None after signing out."
    )
    last_seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BrandManager.from_queryset(DeviceQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(token_digest__isnull=True, paired_at__isnull=True)
                | models.Q(token_digest__isnull=False, paired_at__isnull=False),
                name="device_token_and_time_go_together",
            ),
            models.CheckConstraint(
                condition=models.Q(pairing_digest__isnull=True, pairing_expires_at__isnull=True)
                | models.Q(pairing_digest__isnull=False, pairing_expires_at__isnull=False),
                name="device_pairing_has_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(next_digest__isnull=True, next_offered_at__isnull=True)
                | models.Q(next_digest__isnull=False, next_offered_at__isnull=False),
                name="device_next_token_was_offered",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def awaits_pairing(self, now: datetime) -> bool:
        return (
            self.revoked_at is None
            and self.pairing_expires_at is not None
            and self.pairing_expires_at > now
        )


class RetiredToken(models.Model):
    """A token that a device had before. Whoever shows it has a copy of the device's cookie."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="+")
    retired_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.device_id} until {self.retired_at}"
