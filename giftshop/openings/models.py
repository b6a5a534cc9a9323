"""A code that lets one more browser in to a gift that was opened before."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core import crypto
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.orders.models import Gift


class OpeningCode(models.Model):
    """Six digits on their way to somebody's mail, good for minutes and once."""

    class Reader(models.TextChoices):
        RECIPIENT = "recipient", _("The recipient")
        SENDER = "sender", _("The sender")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    gift = models.ForeignKey(Gift, on_delete=models.CASCADE, related_name="+")
    reader = models.CharField(max_length=9, choices=Reader)
    digest = models.BinaryField(max_length=32)
    ciphertext = models.BinaryField(null=True, help_text="Until the e-mail is over.")
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = BrandManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gte=models.F("asked_at")),
                name="opening_code_not_over_before_it_was_asked_for",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reader} {self.asked_at:%Y-%m-%d %H:%M}"

    def plain(self) -> str:
        """Its six digits. Raises ValueError once the e-mail is over."""
        if self.ciphertext is None:
            raise ValueError("the code was sent, and nobody knows it any more")
        return crypto.unseal(bytes(self.ciphertext), context=f"opening:{self.pk}")
