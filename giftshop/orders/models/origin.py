"""Where a present began, if another one or a campaign's link led to it: ids alone, to tell what led to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brands.models import Store


class CameBy(models.TextChoices):
    """The way from a gift to the next present."""

    REPLY = "reply", _("Send one back")
    COUNTER = "counter", _("Code shown at the counter")
    SHOP = "shop", _("Shop, from a gift's page")


class Origin(models.Model):
    """Of a draft, and of its order, which takes it over (giftshop/orders/origins.py)."""

    came_by = models.CharField(max_length=7, choices=CameBy, blank=True, default="", db_default="")
    from_gift_id = models.UUIDField(
        null=True,
        editable=False,
        help_text="The gift that led to it. A plain id: it stays whoever is erased.",
    )
    counter_store = models.ForeignKey(
        Store,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="At whose counter the code was shown by which it came.",
    )

    link_id = models.UUIDField(
        null=True,
        editable=False,
        help_text="The campaign's link by which a browser came that is not known again. A plain id.",
    )
    link_campaign_id = models.UUIDField(
        null=True, editable=False, help_text="The campaign that the link was of then. A plain id."
    )

    class Meta:
        abstract = True
