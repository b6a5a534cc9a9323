"""What is chosen so far, kept in sight on the steps that ask for something else."""

from dataclasses import dataclass
from datetime import datetime

from giftshop.catalog import menu
from giftshop.catalog.menu import Offer
from giftshop.catalog.models import Treat
from giftshop.giving.steps import What, slug_of
from giftshop.orders.models import Draft

SHOWN_MAX = 3
"""Of treats one each; of more the first are drawn, the others counted."""


@dataclass(frozen=True)
class Chosen:
    """A treat as it is chosen."""

    offer: Offer
    amount: int | None
    """Minor units; None while there is none that could be given."""


@dataclass(frozen=True)
class InSight:
    shown: list[Chosen]
    more: int
    """How many others are chosen, besides."""


def of(draft: Draft, now: datetime) -> InSight:
    """Each treat and size once, in the order of the recipients; what is off the menu by now is left out.
    Expects the brand's scope. Two queries, none while nothing is chosen."""
    slugs = {slug_of(row.get("choice")) for row in [draft.data, *draft.data.get("rows", [])]} - {""}
    if not slugs:
        return InSight([], 0)
    day = now.astimezone(draft.brand.tz).date()
    on_sale = Treat.objects.on_sale(day).filter(slug__in=slugs).prefetch_related("prices")
    offers = {
        offer.key: offer
        for treat in menu.priced(on_sale, day)
        for price in treat.prices.all()
        for offer in menu.offers_of(treat, price)
    }
    what = What(draft.data, offers, currency=draft.brand.currency)
    found = {
        (offer.key, amount): Chosen(offer, amount)
        for row in what.rows_or_one
        for offer, amount in [(what.offer_for(row), what.amount_for(row))]
        if offer
    }
    chosen = list(found.values())
    return InSight(chosen[:SHOWN_MAX], len(chosen[SHOWN_MAX:]))
