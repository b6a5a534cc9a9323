"""The people behind the counter, and the PIN each signs in with."""

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from redemption.ids import uuid7
from redemption.models.brand import Brand, Store
from redemption.tenancy import BrandManager

WRONG_PINS_MAX = 5


class StaffQuerySet(models.QuerySet["StaffMember"]):
    def at(self, store: Store) -> "StaffQuerySet":
        return self.filter(stores=store, is_active=True).order_by("name")


class StaffMember(models.Model):
    class Role(models.TextChoices):
        CASHIER = "cashier", _("Cashier")
        MANAGER = "manager", _("Manager")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="staff")
    stores = models.ManyToManyField(Store, related_name="staff")
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.CASHIER)
    pin_hash = models.CharField(max_length=128)
    pin_known_to = ArrayField(
        models.UUIDField(),
        default=list,
        blank=True,
        help_text="Managers who gave them a PIN, and those who gave one to such a manager.",
    )
    wrong_pins = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    objects = BrandManager.from_queryset(StaffQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(locked_at__isnull=True)
                | models.Q(wrong_pins__gte=WRONG_PINS_MAX),
                name="staff_locked_only_after_wrong_pins",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def set_pin(self, pin: str) -> None:
        self.pin_hash = make_password(pin)
        self.wrong_pins, self.locked_at = 0, None

    def has_pin(self, pin: str) -> bool:
        return check_password(pin, self.pin_hash)

    def note_wrong_pin(self, now: datetime) -> None:
        self.wrong_pins += 1
        if self.wrong_pins >= WRONG_PINS_MAX:
            self.locked_at = now
