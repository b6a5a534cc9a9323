"""The people behind the counter, and the PIN each signs in with."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from redemption import pins
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
    pin_kid = models.PositiveSmallIntegerField(
        null=True, help_text="Of PIN_PEPPERS. None: kept before there were any."
    )
    session_epoch = models.PositiveIntegerField(
        default=0, help_text="Whoever signed in under an earlier one is out."
    )
    pin_known_to = ArrayField(
        models.UUIDField(),
        default=list,
        blank=True,
        help_text="Managers who gave them a PIN, and those who gave one to such a manager.",
    )
    pin_is_temporary = models.BooleanField(
        default=False, help_text="Somebody else gave it: it only lets its owner choose their own."
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
        """A PIN of their own, which unlocks and ends every session."""
        self.pin_kid, self.pin_hash = pins.seal(pin)
        self.wrong_pins, self.locked_at = 0, None
        self.end_sessions()

    def has_pin(self, pin: str) -> bool:
        return pins.fits(pin, kid=self.pin_kid, kept=self.pin_hash)

    def seal_pin_anew(self, pin: str) -> None:
        """Keep the right PIN under the pepper of today, if it was kept under another or none: one
        statement then, which leaves a PIN alone that was changed meanwhile."""
        if self.pin_kid != pins.current_kid():
            kid, kept = pins.seal(pin)
            as_it_was = StaffMember._base_manager.filter(pk=self.pk, pin_hash=self.pin_hash)
            as_it_was.update(pin_kid=kid, pin_hash=kept)

    def end_sessions(self) -> None:
        """At every tablet, once it is saved."""
        self.session_epoch += 1

    def note_wrong_pin(self, now: datetime) -> None:
        self.wrong_pins += 1
        if self.wrong_pins >= WRONG_PINS_MAX:
            self.locked_at = now
