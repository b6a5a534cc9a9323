"""Versions of what a brand's senders agree to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.legal.documents import Document, from_data


class TermsVersion(models.Model):
    """The terms as somebody accepted them, word for word, kept once for all who accepted the same."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=12)
    digest = models.BinaryField(max_length=32, help_text=_("SHA-256 of its words."))
    document = models.JSONField()
    kept_at = models.DateTimeField(help_text=_("When it was first accepted."))

    objects = BrandManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "language", "digest"], name="terms_kept_once_by_their_words"
            )
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.kept_at:%Y-%m-%d}"

    def words(self) -> Document:
        """As they were shown."""
        return from_data(self.document)
