"""Which link earned an order.

The rule: the last link that the same browser followed within the 30 days before the order was placed.
One link earns the whole order; earlier ones earn nothing; a visit after the order was placed (the
sender comes back while Stripe's page is open) earns nothing either. Only visits that counted can earn,
so a link earns nothing outside its campaign's days. It is decided once for each order, and "no link"
is a decision too. Gifts and redemptions inherit what their order was given.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from django.utils import timezone

from campaigns.models import Attribution, Campaign, Visit
from giftshop.orders.models import Gift, Order
from redemption import sealing
from redemption.models import Code

WINDOW = timedelta(days=30)


class Seen(Protocol):
    """What the rule needs to know of a visit."""

    @property
    def at(self) -> datetime: ...
    @property
    def id(self) -> UUID: ...


V = TypeVar("V", bound=Seen)


def earning_visit(visits: Iterable[V], *, ordered_at: datetime) -> V | None:
    """The visit that earned an order placed at `ordered_at`, of one visitor's visits in any order.
    Two visits at the same instant: the one with the higher id, that is the later made."""
    in_time = [visit for visit in visits if ordered_at - WINDOW <= visit.at <= ordered_at]
    return max(in_time, key=lambda visit: (visit.at, visit.id), default=None)


def of_order(order: Order, *, now: datetime | None = None) -> Attribution:
    """The order's attribution, decided now if it was not before."""
    known = Attribution.objects.filter(order_id=order.pk).first()
    if known is not None:
        return known
    visit = earning_visit(_visits_before(order), ordered_at=order.placed_at)
    decided, _created = Attribution.objects.get_or_create(
        order_id=order.pk,
        defaults={
            "brand_id": order.brand_id,
            "campaign_id": visit.link.campaign_id if visit else None,
            "link": visit.link if visit else None,
            "visit": visit,
            "decided_at": now or timezone.now(),
        },
    )
    return decided


def of_code(code: Code) -> tuple[UUID | None, UUID | None, Gift | None]:
    """Campaign, link and gift behind a code: by its gift's order, or, for a code that a campaign gave
    away, by the campaign it was issued for."""
    gift = Gift.objects.select_related("order").filter(code=code).first()
    if gift is not None:
        earned = of_order(gift.order)
        return earned.campaign_id, earned.link_id, gift
    campaign = Campaign.objects.filter(pk=code.campaign_id).first() if code.campaign_id else None
    return (campaign.pk if campaign else None), None, None


def _visits_before(order: Order) -> list[Visit]:
    if not order.visitor_id:
        return []
    return list(
        Visit.objects.select_related("link").filter(
            visitor=sealing.token_digest(order.visitor_id),
            at__range=(order.placed_at - WINDOW, order.placed_at),
        )
    )
