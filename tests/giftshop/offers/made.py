"""Offers for tests, as a marketer makes them."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.offers.models import Offer
from giftshop.offers.write import OfferFacts, add
from redemption.audit.actors import Actor

NOW = datetime(2026, 5, 5, 18, tzinfo=UTC)
"""A morning in Seattle."""
MIA = Actor("user", uuid4(), "Mia")


def make_offer(brand: Brand, treat: Treat | None = None, **facts: Any) -> Offer:
    """A regular one of the treat, or five dollars; a hundred of them, from that day on."""
    thing = {"gives": "treat", "treat_id": treat.pk, "size": "regular"} if treat else {}
    wanted = {
        "name": "A scoop on us",
        "good_days": 30,
        "holds_out": False,
        "starts_on": NOW.date(),
        "uses_max": 100,
        **({"gives": "amount", "amount": 500} if not treat else thing),
        **facts,
    }
    with scope(brand=brand):
        return add(brand=brand, facts=OfferFacts(**wanted), by=MIA, now=NOW)


def percent_off(brand: Brand, percent: int = 20, **facts: Any) -> Offer:
    """Off each order, if nothing else is said."""
    wanted = {"gives": "percent", "percent": percent, "amount": None, "whom": "sender", **facts}
    return make_offer(brand, **{"name": "A fifth off", **wanted})


def amount_off(brand: Brand, amount: int = 300, **facts: Any) -> Offer:
    """Of orders of ten dollars."""
    wanted = {"gives": "off", "amount": amount, "whom": "sender", "least_total": 1000, **facts}
    return make_offer(brand, **{"name": "Three off", **wanted})


def on_top(brand: Brand, treat: Treat, **facts: Any) -> Offer:
    """One of the treat for whoever gives to two."""
    wanted = {"whom": "sender", "least_gifts": 2, "uses_max": 1, **facts}
    return make_offer(brand, treat, **wanted)
