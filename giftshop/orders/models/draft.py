"""A gift that is being put together."""

import json
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from brands.models import Brand
from core import crypto
from core.ids import uuid7
from core.tenancy import BrandManager
from giftshop.friends.addresses import addresses_in, mailbox
from giftshop.orders.models.origin import Origin

NAMED_MAX = 60
"""Addresses of one draft that are looked up by; its forms take 25 rows."""


def addressee(address: str) -> str:
    """What a keyed digest of somebody is made of, whatever spelling; apart from those of codes, which share
    the key."""
    return "mailbox:" + mailbox(address)


class DraftQuerySet(models.QuerySet["Draft"]):
    def naming(self, address: str) -> "DraftQuerySet":
        """Those in which the address stands, in whatever spelling; along an index."""
        return self.filter(addresses__overlap=crypto.digests(addressee(address)))


class Draft(Origin):
    """A gift being put together, kept as the forms left it, so that Back and a second tab lose nothing.

    `data` is loose on purpose; orders.checkout.place_order reads it strictly.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    addresses = ArrayField(
        models.BinaryField(max_length=32),
        default=list,
        editable=False,
        help_text="Keyed digests of those it names, so that whoever asks to be forgotten is found.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = BrandManager.from_queryset(DraftQuerySet)()

    class Meta:
        indexes = [GinIndex(fields=["addresses"], name="draft_by_address")]

    def __str__(self) -> str:
        return str(self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        named = addresses_in(json.dumps(self.data, ensure_ascii=False))[:NAMED_MAX]
        self.addresses = crypto.digest_many(sorted({addressee(each) for each in named}))
        if "data" in (fields := kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*fields, "addresses"}
        super().save(*args, **kwargs)
