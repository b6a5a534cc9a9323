"""The audit log: one row for each act of staff and managers, each sealed to the one before it."""

from django.db import models

from brands.models import Brand, Store
from core.ids import uuid7
from core.tenancy import BrandManager
from redemption.models.code import Code
from redemption.models.device import Device


class AuditEntry(models.Model):
    """Written by redemption.audit.log.record() only; inserted once, refused by the database when edited."""

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveBigIntegerField(help_text="1, 2, 3 ... without gaps within the brand.")
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8, help_text="staff, user, operator or system")
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=120)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+", null=True)
    act = models.CharField(max_length=32)
    subject = models.CharField(max_length=120, help_text="What it was done to: code:<id>.")
    details = models.JSONField(default=dict)
    kid = models.PositiveSmallIntegerField()
    previous = models.BinaryField(max_length=32)
    seal = models.BinaryField(max_length=32)

    objects = BrandManager()

    class Meta:
        verbose_name_plural = "audit entries"
        constraints = [
            models.UniqueConstraint(fields=["brand", "number"], name="audit_number_once_in_brand")
        ]
        indexes = [models.Index(fields=["brand", "subject"], name="audit_of_subject")]

    def __str__(self) -> str:
        return f"{self.number} {self.act} {self.subject}"


class VoidRequest(models.Model):
    """A void above the brand's limit waits here for a second person."""

    class Decision(models.TextChoices):
        APPROVED = "approved"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="void_requests")
    store = models.ForeignKey(
        Store,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        help_text="Where it was asked.",
    )
    reason = models.CharField(max_length=200)
    requested_by = models.UUIDField()
    requested_by_name = models.CharField(max_length=120)
    requested_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=200, blank=True)

    objects = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="void_request_one_open_per_code",
                condition=models.Q(decision=""),
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("requested_by")),
                name="void_request_takes_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | models.Q(
                    decision__in=["approved", "declined"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="void_request_decision_has_its_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code_id} {self.decision or 'open'}"
