"""What a code, or the link to it, was before it was made anew: enough to say so at a till, useless to anyone
else."""

from django.db import models

from core import crypto
from redemption.models.code import Code


class RetiredCodeQuerySet(models.QuerySet["RetiredCode"]):
    def matching(self, symbols: str) -> "RetiredCodeQuerySet":
        return self.filter(digest__in=crypto.digests(symbols))


class RetiredCode(models.Model):
    """The keyed digest of symbols, or of a link's words, that are good no more: the gift has others since."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="retired")
    retired_at = models.DateTimeField(db_index=True)

    objects = RetiredCodeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"of {self.code_id}, until {self.retired_at:%Y-%m-%d}"
