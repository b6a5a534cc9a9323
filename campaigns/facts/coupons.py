"""Coupons, as facts tell of them: what somebody had of an offer, and its code at a counter.

One that an order earned, or the use of a gift, was brought by whoever brought that order. One that was taken
on its offer's own page was brought by the link that led there. It is promotion: nobody paid for it, and no
figure of what was sold has it.
"""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from campaigns.links import attribution
from campaigns.links.attribution import Earned, Placed
from campaigns.models import Campaign, Fact, Link
from giftshop.offers.models import OfferUse
from giftshop.orders.models import Gift, Order


class Coupon(NamedTuple):
    """A use of an offer, and where it comes from."""

    use_id: UUID
    brand_id: UUID
    offer_id: UUID
    code_id: UUID | None
    cost: int
    """Minor units of the brand's currency: what it was booked with."""
    led_by: Earned
    """Where it was taken on its offer's page."""
    placed: Placed | None
    """The order that earned it, or whose gift was used before."""


def read(use_ids: Collection[UUID], code_ids: Collection[UUID]) -> list[Coupon]:
    """By their own ids or those of their codes, as far as they are there. Whose one is by the fact that it
    was taken it stays, whatever its use says since: of an undone gift it names no gift any more. Six
    statements at most, one where there is none. Call it with scopes disabled."""
    if not use_ids and not code_ids:
        return []
    columns = ("pk", "brand_id", "offer_id", "code_id", "cost")
    sources = ("code__campaign_id", "link_id", "order_id", "gift_id")
    uses = OfferUse.objects.filter(Q(pk__in=use_ids) | Q(code_id__in=code_ids))
    rows = list(uses.values_list(*columns, *sources))
    if not rows:
        return []
    known = _known([pk for pk, *_rest in rows])
    led = _led({tuple(row[-4:-2]) for row in rows})
    gifts = _orders_of({gift for *_, gift in rows if gift})
    placed = _placed({order for *_, order, _gift in rows if order} | set(gifts.values()))
    return [
        Coupon(
            *(pk, brand, offer, code, cost),
            led_by=known.get(pk) or led.get((brand, campaign, link), Earned(None, None)),
            placed=None if pk in known else placed.get(order or gifts.get(gift)),
        )
        for pk, brand, offer, code, cost, campaign, link, order, gift in rows
    ]


def of_discounts(order_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The offers that took something off these orders, by the order. One statement, none without orders. Call
    it with scopes disabled."""
    if not order_ids:
        return {}
    uses = OfferUse.objects.filter(order_id__in=order_ids, is_discount=True)
    rows = uses.values_list("order_id", "offer_id")
    return {order_id: offer_id for order_id, offer_id in rows if order_id}


def _known(uses: Collection[UUID]) -> dict[UUID, Earned]:
    taken = Fact.objects.filter(topic=Fact.Topic.OFFER_USED, subject_id__in=uses)
    rows = taken.values_list("subject_id", "campaign_id", "link_id")
    return {use: Earned(campaign, link) for use, campaign, link in rows}


def _led(
    found: set[tuple[UUID | None, ...]],
) -> dict[tuple[UUID, UUID | None, UUID | None], Earned]:
    """Offers know campaigns and links by ids alone: those that are there, by brand, campaign and link."""
    campaigns, links = ({each for each in ids if each} for ids in zip(*found, strict=True))
    brands = dict(Campaign.objects.filter(pk__in=campaigns).values_list("pk", "brand_id"))
    known = dict(Link.objects.filter(pk__in=links).values_list("pk", "brand_id")) if links else {}
    return {
        (brands[campaign], campaign, link): Earned(
            campaign, link if link and known.get(link) == brands[campaign] else None
        )
        for campaign, link in found
        if campaign in brands
    }


def _orders_of(gifts: set[UUID]) -> dict[UUID, UUID]:
    return dict(Gift.objects.filter(pk__in=gifts).values_list("pk", "order_id")) if gifts else {}


def _placed(orders: set[UUID]) -> dict[UUID | None, Placed]:
    if not orders:
        return {}
    rows = Order.objects.filter(pk__in=orders).values_list(*attribution.ORDER_COLUMNS)
    return {row[0]: attribution.placed(*row) for row in rows}
