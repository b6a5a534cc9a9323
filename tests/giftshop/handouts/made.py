"""Handouts for tests, as a marketer makes them."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from django_scopes import scope

from giftshop.handouts import hand_out
from giftshop.handouts.hand_out import SheetFacts
from giftshop.handouts.models import Handout
from giftshop.offers.models import Offer, OfferUse
from redemption.models import Code
from tests.giftshop.offers.made import MIA, NOW

FIRST, LAST = NOW.date(), date(2026, 6, 30)
LATER = datetime(2026, 6, 1, 18, tzinfo=UTC)


def make_sheet(offer: Offer, number: int = 3, **more: Any) -> Handout:
    """Good from that day to the end of June."""
    key, now = more.pop("key", None) or uuid4(), more.pop("now", NOW)
    said = {"reason": "The street fair", "first_day": FIRST, "last_day": LAST, **more}
    with scope(brand=offer.brand):
        return hand_out.sheet(
            brand=offer.brand,
            offer_id=offer.pk,
            key=key,
            facts=SheetFacts(number=number, **said),
            by=MIA,
            now=now,
        )


def codes_of(made: Handout) -> list[Code]:
    with scope(brand=made.brand):
        uses = OfferUse.objects.filter(handout_id=made.pk).values("code")
        return list(Code.objects.filter(pk__in=uses).select_related("brand").order_by("pk"))
