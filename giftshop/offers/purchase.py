"""What a sender gets for what they buy, on top or off its price: earned by an order, or by a code that they
type, kept free while it is paid, given with it.

Each step belongs to a transaction of whoever holds the order, so that they take turns. An order has one offer
at most.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.forms.version import version_of
from core.refused import Refused
from giftshop.friends.addresses import mailbox
from giftshop.offers import promo_codes
from giftshop.offers.discount import Basket, taken_off
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import (
    Given,
    UseRefused,
    check,
    count,
    given_by,
    is_held_out,
    issue_code,
    new_use,
    promise,
    refusal_of,
    tell,
)
from redemption.codes import void
from redemption.codes.own_reasons import OwnReason

LOOKED_AT = 20


class PromoRefusal(models.TextChoices):
    """Why a code that was typed takes nothing off. Of one that rests or has not begun nobody learns."""

    UNKNOWN = "unknown", _("This code isn't one that is good right now. Check it for a slip.")
    OVER = "over", _("This code has ended.")
    BACK_TOMORROW = "back_tomorrow", _("Today's are all taken. There are more tomorrow.")
    TOO_SMALL = "too_small", _("This order is too small to have anything taken off.")
    FEW_GIFTS = "few_gifts", _("This code is for more gifts at once.")
    LITTLE = "little", _("This code is for larger orders.")


class PromoRefused(Refused[PromoRefusal]):
    """`reason` in words for whoever typed it; `offer`: whose code it is, if it is good."""

    def __init__(self, reason: PromoRefusal, offer: Offer | None = None) -> None:
        super().__init__(reason)
        self.offer = offer


ENDED = {
    Offer.State.OVER: PromoRefusal.OVER,
    Offer.State.USED_UP: PromoRefusal.OVER,
    Offer.State.BACK_TOMORROW: PromoRefusal.BACK_TOMORROW,
}


class Earned(NamedTuple):
    """What a basket earns."""

    offer: Offer
    given: Given

    @property
    def discount(self) -> int:
        """Minor units off the order; 0 for something on top."""
        return self.given.cost if self.offer.takes_off else 0

    @property
    def key(self) -> str:
        """Another one for another offer, or another promise of it: 16 symbols."""
        return version_of([str(self.offer.pk), promise(self.offer, self.given)])


def best(
    *,
    brand: Brand,
    gifts: int,
    total: int,
    now: datetime,
    sender: str = "",
    orders: Iterable[UUID] = (),
) -> Earned | None:
    """Of all that a basket of so many gifts earns, for `total` in minor units, what is worth most. `sender`:
    their address, which may be of the tenth that is held out. `orders`: ids, or a query for them, of orders
    of this basket; what is kept free for one of them is there for it. One query; where there are such offers
    one more, and two for each treat. Expects the brand's scope."""
    day = timezone.localdate(now, brand.tz)
    enough = Q(least_gifts=None) | Q(least_gifts__lte=gifts)
    enough &= Q(least_total=None) | Q(least_total__lte=total)
    offers = Offer.objects.select_related("brand").filter(
        enough, whom=Offer.Whom.SENDER, promo_code="", paused_at=None
    )
    running = list(offers.filter(starts_on__lte=day).order_by("-created_at")[:LOOKED_AT])
    if running:
        _count_without(OfferUse.objects.filter(order_id__in=orders), running)
    found = []
    for offer in running:
        if offer.state_on(day) != Offer.State.OPEN or is_held_out(offer, mailbox(sender)):
            continue
        basket = Basket(gifts, total)
        given = taken_off(offer, basket) if offer.takes_off else given_by(offer, day)
        if given and refusal_of(offer, given, day) is None:
            found.append(Earned(offer, given))
    return max(found, key=lambda each: each.given.cost, default=None)


def of_code(typed: str) -> Offer | None:
    """The offer whose code this is, in whatever state. One query. Expects the brand's scope."""
    key = promo_codes.key_of(typed)
    offers = Offer.objects.select_related("brand").filter(promo_key=key)
    return offers.exclude(promo_code="").first() if key else None


def by_code(*, typed: str, basket: Basket, orders: Iterable[UUID] = (), now: datetime) -> Earned:
    """What a code that was typed takes off, in place of anything that is earned without. `orders`: as best()
    has them. Nobody who has it is held out. Two queries. Expects the brand's scope. Raises PromoRefused."""
    offer = of_code(typed)
    if offer is None:
        raise PromoRefused(PromoRefusal.UNKNOWN)
    _count_without(OfferUse.objects.filter(order_id__in=orders), [offer])
    day = timezone.localdate(now, offer.brand.tz)
    state = offer.state_on(day)
    if state != Offer.State.OPEN:
        raise PromoRefused(ENDED.get(state, PromoRefusal.UNKNOWN))
    if (offer.least_gifts or 0) > basket.gifts:
        raise PromoRefused(PromoRefusal.FEW_GIFTS, offer)
    if (offer.least_total or 0) > basket.total:
        raise PromoRefused(PromoRefusal.LITTLE, offer)
    given = taken_off(offer, basket)
    if given is None:
        raise PromoRefused(PromoRefusal.TOO_SMALL)
    if refusal_of(offer, given, day):  # so much is not left of its budget
        raise PromoRefused(PromoRefusal.OVER)
    return Earned(offer, given)


def _count_without(uses: QuerySet[OfferUse], offers: Iterable[Offer]) -> None:
    """As offers stood without those of these uses that are only kept free. In memory."""
    counted = {offer.pk: offer for offer in offers}
    for kept in uses.filter(state=OfferUse.State.RESERVED, offer__in=counted):
        offer = counted[kept.offer_id]
        offer.used, offer.spent = offer.used - 1, offer.spent - kept.cost
        if offer.used_on == timezone.localdate(kept.used_at, offer.brand.tz):
            offer.used_that_day = max(0, offer.used_that_day - 1)


def reserve(*, order_id: UUID, offer_id: UUID, discount: int = 0, now: datetime) -> None:
    """Kept free for an order whose payment page is made; asked again it is the same. `discount`: what is
    taken off the order, as it was shown, which holds. Raises UseRefused."""
    if _of_order(order_id):
        return
    offer = Offer.objects.select_related("brand").locked().get(pk=offer_id)
    day = timezone.localdate(now, offer.brand.tz)
    given = _off(offer, discount, day) if discount else check(offer, day)
    count(offer, given.cost, day)
    made = new_use(offer, given, f"order:{order_id}", now)
    made.state, made.order_id = OfferUse.State.RESERVED, order_id
    made.is_discount = discount > 0
    made.least_gifts, made.least_total = offer.least_gifts, offer.least_total
    made.save(force_insert=True)


def _off(offer: Offer, discount: int, day: date) -> Given:
    given = Given(offer.name, discount)
    if refusal := refusal_of(offer, given, day):
        raise UseRefused(refusal)
    return given


_COUNT_BACK = """
UPDATE offers_offer
   SET used = used - 1, spent = spent - %(cost)s,
       used_that_day = used_that_day
                       - CASE WHEN used_on = %(day)s AND used_that_day > 0 THEN 1 ELSE 0 END
 WHERE id = %(id)s
"""


def let_go(*, order_id: UUID) -> None:
    """Nobody paid for the order: what was kept free for it is anybody's again. Once is enough."""
    kept = _of_order(order_id)
    if kept is None or kept.state != OfferUse.State.RESERVED:
        return
    offer = Offer.objects.select_related("brand").locked().get(pk=kept.offer_id)
    day = timezone.localdate(kept.used_at, offer.brand.tz)
    kept.delete()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_BACK, {"cost": kept.cost, "day": day, "id": offer.pk})


def give(*, order_id: UUID, offer_id: UUID, discount: int = 0, now: datetime) -> OfferUse:
    """The order is paid. What was kept free is given; of a page that had run out, if there is still one.
    `discount`: as reserve() has it. Raises UseRefused, with nothing written."""
    reserve(order_id=order_id, offer_id=offer_id, discount=discount, now=now)
    kept = OfferUse.objects.select_related("offer__brand", "treat").get(order_id=order_id)
    if kept.state == OfferUse.State.RESERVED:
        if not kept.is_discount:
            kept.code = issue_code(kept, _as_kept(kept), now, now)
        kept.state, kept.used_at = OfferUse.State.USED, now
        kept.save(update_fields=["code", "state", "used_at"])
        least = 1 if kept.offer.percent else kept.cost  # a small order may still have its part
        tell(kept, kept.offer.level(least), now)
    return kept


def given_to(order_id: UUID) -> OfferUse | None:
    """What an order earned on top, with its code, to be shown to its sender. One query."""
    uses = OfferUse.objects.select_related("offer__brand", "code__brand")
    return uses.filter(order_id=order_id, code__isnull=False).first()


def end_below(*, order_id: UUID, gifts: int, total: int, now: datetime) -> None:
    """Of the order so many gifts are left that nobody was paid back, worth `total`: if that would not have
    earned it, what is left of it is taken back. A discount stays on the others: of each gift goes back what
    was paid for it."""
    had = _of_order(order_id)
    if had is None or had.code_id is None:
        return
    if (had.least_gifts or 0) > gifts or (had.least_total or 0) > total:
        void.take_back(code_id=had.code_id, reason=OwnReason.PAID_BACK, now=now)


def _of_order(order_id: UUID) -> OfferUse | None:
    return OfferUse.objects.filter(order_id=order_id).first()


def _as_kept(kept: OfferUse) -> Given:
    """What was promised, though its offer was changed or it left the menu since; without its size what it was
    worth."""
    treat = kept.treat
    price = treat.prices.filter(key=kept.size, most=None).first() if treat else None
    if treat is None or price is None:
        return Given(kept.offer.name, kept.cost)
    return Given(f"{treat.name}, {price.name}", kept.cost, treat, price)
