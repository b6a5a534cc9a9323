"""What an offer takes off an order: so much, or so many percent. How that is spread: redemption/discounts.py.

A part of a coin is rounded in the sender's favour. As much has to be left as can be charged, and a coin for
each gift: an offer that would take more takes that off, and says so.
"""

from typing import NamedTuple

from django.utils.translation import gettext as _

from core.templatetags.money import money
from giftshop.offers.models import Offer
from giftshop.offers.use import Given
from redemption import discounts


class Basket(NamedTuple):
    """What somebody is about to pay for. `total` in minor units, before anything is taken off."""

    gifts: int
    total: int


def taken_off(offer: Offer, basket: Basket) -> Given | None:
    """What it takes off; None where nothing can be. Expects its brand. No query."""
    currency = offer.brand.currency
    if offer.percent is not None:
        wanted = discounts.percent_of(basket.total, offer.percent, currency)
    else:
        wanted = discounts.in_coins_up(offer.amount or 0, currency)
    most = discounts.most_off(basket.total, basket.gifts, currency)
    off = min(wanted, most)
    return Given(offer.name, off, is_capped=off < wanted) if off else None


def in_words(offer: Offer) -> str:
    """15% off, as its brand's people and senders read it. Expects its brand."""
    if offer.percent is not None:
        return _("%(percent)s%% off the order") % {"percent": offer.percent}
    return _("%(amount)s off the order") % {"amount": money(offer.amount, offer.brand.currency)}
