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


def on_top(brand: Brand, treat: Treat, **facts: Any) -> Offer:
    """One of the treat for whoever gives to two."""
    wanted = {"whom": "sender", "least_gifts": 2, "uses_max": 1, **facts}
    return make_offer(brand, treat, **wanted)
