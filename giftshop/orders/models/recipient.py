"""Whom a gift is for."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext

from brands.models import Brand
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.friends import salutation
from giftshop.friends.masks import mask


class Recipient(models.Model):
    """The person of a gift. They never signed up, so what we know of them lives in this one table."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=16, blank=True, help_text="E.164: +4915112345678.")
    language = models.CharField(
        max_length=12, blank=True, help_text="They are written to in it; empty: the order's."
    )
    is_address_hidden = models.BooleanField(
        default=False,
        help_text="The shop knows the address from a gift that is answered; who sends this one does not.",
    )
    time_zone = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(
        null=True,
        help_text="Since then nothing of the person is here, by their wish or by its age.",
    )

    objects = BrandManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True)
                | models.Q(name="", email="", phone="", language="", time_zone=""),
                name="recipient_erased_is_nobody",
            )
        ]
        indexes = [
            models.Index(fields=["brand", "created_at"], name="recipient_newest_of_brand"),
            models.Index(
                Upper("email"),
                "created_at",
                name="recipient_by_address",
                condition=models.Q(email__gt=""),
            ),
            models.Index(
                fields=["phone"], name="recipient_by_phone", condition=models.Q(phone__gt="")
            ),
            GinIndex(
                OpClass(Upper("name"), name="gin_trgm_ops"),
                name="recipient_by_name",
                gin_pending_list_limit=256,
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """As the sender wrote it, or words that stand for it once it is erased."""
        return gettext("(name erased)") if self.erased_at else self.name

    @property
    def shown_email(self) -> str:
        """As the sender's pages and e-mails show it."""
        return mask(self.email) if self.is_address_hidden else self.email

    @property
    def short_name(self) -> str:
        """How pages and e-mails call this recipient."""
        return self.full_name if self.erased_at else salutation.short_name(self.name)
