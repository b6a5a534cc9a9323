"""An owner changes what their brand is called, where it is at home, and how it looks."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, Theme
from core.forms.version import check_version
from core.refused import Refused
from core.row_diff import change
from giftshop.catalog.models import Treat
from giftshop.orders.models import Order
from redemption.audit.actors import Actor
from redemption.audit.log import Act, record


class BrandRefusal(models.TextChoices):
    SOLD = "sold", _("Something was sold already: the currency stays as it is.")
    PRICED = (
        "priced",
        _("There are prices on the menu. Take them off first: nobody wants 6 dollars to be 6 yen."),
    )


class BrandRefused(Refused[BrandRefusal]):
    """`reason` in words for the owner."""


@dataclass(frozen=True, kw_only=True)
class BrandFacts:
    """As on the brand's row."""

    name: str
    tagline: str
    country: str
    currency: str
    time_zone: str
    language: str
    support_email: str
    legal_name: str
    legal_address: str
    tax_id: str
    theme: Theme

    @classmethod
    def of(cls, brand: Brand) -> "BrandFacts":
        """As they are kept."""
        return cls(**{each.name: getattr(brand, each.name) for each in fields(cls)})


def change_brand(
    *, brand: Brand, facts: BrandFacts, by: Actor, now: datetime, seen: str = ""
) -> bool:
    """Whether anything changed. Expects the brand's scope. Raises BrandRefused for another currency once
    something has a price in this one, SavedSince where `seen`, the version of the facts that whoever asks
    was shown, is not the one kept.

    The row is held against new orders and prices: each of them refers to it.
    """
    with transaction.atomic():
        kept = Brand.objects.select_for_update().get(pk=brand.pk)
        check_version(seen, kept=asdict(BrandFacts.of(kept)), wanted=asdict(facts))
        if facts.currency != kept.currency:
            _check_nothing_has_a_price()
        changes = change(kept, asdict(facts))
        if changes:
            record(
                brand=kept,
                actor=by,
                act=Act.BRAND_CHANGED,
                subject=f"brand:{kept.pk}",
                now=now,
                details={"name": kept.name, "changes": changes},
            )
    return bool(changes)


def _check_nothing_has_a_price() -> None:
    if Order.objects.exists():
        raise BrandRefused(BrandRefusal.SOLD)
    if Treat.objects.filter(prices__isnull=False).exists():
        raise BrandRefused(BrandRefusal.PRICED)
