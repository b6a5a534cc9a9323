"""The code of a link that somebody followed, until their order is begun: their browser's session has it."""

from django.contrib.sessions.backends.base import SessionBase

from brands.models import Brand
from giftshop.offers.models import Offer

SESSION_KEY = "promo"


def remember(session: SessionBase, offer: Offer) -> None:
    """The last one that was followed counts. Expects its brand."""
    session[SESSION_KEY] = {"brand": offer.brand.slug, "code": offer.promo_code}


def code_for(session: SessionBase, brand: Brand) -> str:
    """Of the brand's own link; empty for none."""
    kept = session.get(SESSION_KEY, {})
    return str(kept["code"]) if kept.get("brand") == brand.slug else ""
