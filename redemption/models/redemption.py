"""What happened at the counter. Facts: inserted once, refused by the database when edited."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, Store
from core.bare_keys import BARE
from core.ids import uuid7
from core.tenancy import BrandManager
from redemption.choices import Choice
from redemption.models.code import Code
from redemption.models.device import Device
from redemption.models.option_list import OptionList
from redemption.models.staff import StaffMember

IDEMPOTENCY_KEY_LENGTH_MAX = 255


class RedemptionQuerySet(models.QuerySet["Redemption"]):
    def standing(self) -> "RedemptionQuerySet":
        """Those that were not reversed."""
        return self.filter(reversal__isnull=True)


class Redemption(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", **BARE)
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="redemptions")
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="redemptions", **BARE)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="redemptions", **BARE)
    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="redemptions", null=True, **BARE
    )
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    option_list = models.ForeignKey(
        OptionList, on_delete=models.PROTECT, null=True, related_name="+", **BARE
    )
    picks = models.JSONField(default=dict, help_text="As they were handed over.")
    extra_amount = models.PositiveBigIntegerField(
        default=0, help_text="Charged at the till for what was picked over the gift."
    )
    basket_total = models.PositiveBigIntegerField(null=True)
    idempotency_key = models.CharField(max_length=IDEMPOTENCY_KEY_LENGTH_MAX)
    client_time = models.DateTimeField(null=True)
    offline = models.BooleanField(default=False)
    redeemed_at = models.DateTimeField()

    objects = BrandManager.from_queryset(RedemptionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device", "idempotency_key"], name="redemption_once_per_device_and_key"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="redemption_amount_positive"
            ),
        ]
        indexes = [
            models.Index(fields=["store", "redeemed_at"], name="redemption_day_of_store"),
            models.Index(fields=["brand", "redeemed_at"], name="redemption_day_of_brand"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} at {self.redeemed_at:%Y-%m-%d %H:%M}"

    @property
    def choices(self) -> list[Choice]:
        """What was handed over. Expects `option_list` to be loaded."""
        return self.option_list.with_picks(self.picks) if self.option_list else []


class Reversal(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    redemption = models.OneToOneField(Redemption, on_delete=models.PROTECT, related_name="reversal")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+", null=True)
    reason = models.CharField(max_length=200)
    reversed_at = models.DateTimeField()

    objects = BrandManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="reversal_has_a_reason")
        ]
        indexes = [models.Index(fields=["brand", "reversed_at"], name="reversal_day_of_brand")]

    def __str__(self) -> str:
        return self.reason


class RefusedAttempt(models.Model):
    """A no at the counter: what was asked, where, by whom and why it was refused."""

    class Act(models.TextChoices):
        LOOKUP = "lookup", _("Look-up")
        REDEMPTION = "redemption", _("Redemption")
        REVERSAL = "reversal", _("Undo")

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", **BARE)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+", **BARE)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+", **BARE)
    staff = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="+", null=True, **BARE
    )
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="+", null=True)
    act = models.CharField(max_length=10, choices=Act.choices)
    reason = models.CharField(max_length=32)
    attempted_at = models.DateTimeField()

    objects = BrandManager()

    class Meta:
        indexes = [models.Index(fields=["store", "attempted_at"], name="refused_day_of_store")]

    def __str__(self) -> str:
        return f"{self.act} {self.reason}"


class IdempotencyRecord(models.Model):
    """The answer a device was given for a key, so that the same question gets the same answer."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+", **BARE)
    key = models.CharField(max_length=IDEMPOTENCY_KEY_LENGTH_MAX)
    request_digest = models.BinaryField(max_length=32)
    status_code = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(
        blank=True, help_text="JSON as it was sent: a repeat gives the same bytes."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "key"], name="idempotency_one_answer_per_key")
        ]

    def __str__(self) -> str:
        return self.key
