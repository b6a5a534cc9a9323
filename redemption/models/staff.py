"""The people behind the counter, and the PIN each signs in with."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, Store
from core.ids import uuid7
from core.tenancy import BrandManager
from redemption import pins


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
    is_active = models.BooleanField(default=True)

    objects = BrandManager.from_queryset(StaffQuerySet)()

    pin_paused_until: datetime | None = None
    """Put there for a page by pin_tries.mark_paused; no column."""

    def __str__(self) -> str:
        return self.name

    def set_pin(self, pin: str) -> None:
        """A PIN of their own, which ends every session."""
        self.pin_kid, self.pin_hash = pins.seal(pin)
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
        """At every device, once it is saved."""
        self.session_epoch += 1
