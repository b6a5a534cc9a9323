"""What the shops gave to win somebody: an offer that runs, one that is used up, one to come back with, one on
top of an order, and two codes that senders typed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from brands.models import Brand
from campaigns.links import links
from campaigns.models import Campaign, Link
from demo.replay import Act
from demo.setup.brand import INVITED
from demo.stories import promo
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import User
from giftshop.catalog.models import Price, Treat
from giftshop.offers import come_back, write
from giftshop.offers.models import Offer
from giftshop.offers.use import UseRefused, use, use_of
from giftshop.offers.write import OfferFacts
from giftshop.orders.models import Gift
from redemption.models import Code, Device, Redemption, StaffMember
from redemption.redeem.redeem import redeem

TAKEN, LAST_ONES, ON_TOP, COME_BACK = (
    "A taste on us",
    "For the first five",
    "One for you",
    "See you soon",
)
BY_CODE, EARLY = "Something sweet for less", "Thirty percent for the first"
BEGAN = 0.4
"""Of the past, that was over by then."""
TIMES = (0.03, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9)
"""Of the time since, at which somebody took one."""


def acts(brand: Brand, *, began: datetime, ended: datetime) -> Iterator[Act]:
    """Expects the brand's scope. Each knows that it was done."""
    began += BEGAN * (ended - began)
    yield Act(began, partial(_make, brand, began))
    for number, share in enumerate(TIMES):
        at = began + share * (ended - began)
        yield Act(at, partial(_take, brand, TAKEN, number, at, by_link=number % 3 < 2))
        yield Act(at, partial(_take, brand, LAST_ONES, number, at))
        later = at + timedelta(hours=20)
        if number % 3 != 1:
            yield Act(later, partial(_use, TAKEN, number, later), commits=True)
    yield Act(ended - timedelta(hours=1), partial(_come_back, brand, ended - timedelta(hours=1)))


def _make(brand: Brand, at: datetime) -> None:
    if Offer.objects.exists():
        return
    by, day = actor_of(User.objects.owning(brand)[0]), timezone.localdate(at, brand.tz)
    treat, price = _cheapest()
    a_treat: dict[str, Any] = {"gives": "treat", "treat_id": treat.pk, "size": price.key}
    small = max(price.amount // 2, 100)
    common: dict[str, Any] = {"good_days": 30, "starts_on": day}
    for facts in (
        OfferFacts(name=TAKEN, budget=40 * price.amount, uses_a_day_max=20, **a_treat, **common),
        OfferFacts(name=LAST_ONES, gives="amount", amount=small, uses_max=5, **common),
        OfferFacts(
            name=ON_TOP, whom="sender", least_gifts=3, budget=30 * price.amount, **a_treat, **common
        ),
        OfferFacts(
            name=COME_BACK,
            whom="recipient",
            gives="amount",
            amount=small,
            budget=60 * small,
            holds_out=False,
            terms="With anything you buy yourself.",
            **common,
        ),
        OfferFacts(
            name=BY_CODE,
            whom="sender",
            gives="percent",
            percent=15,
            promo_code=promo.CODE,
            budget=200 * price.amount,
            **common,
        ),
        OfferFacts(
            name=EARLY,
            whom="sender",
            gives="percent",
            percent=30,
            promo_code=promo.EARLY_CODE,
            uses_max=promo.EARLY_MAX,
            **common,
        ),
    ):
        write.add(brand=brand, facts=facts, by=by, now=at)


def _cheapest() -> tuple[Treat, Price]:
    prices = Price.objects.filter(treat__in=Treat.objects.filter(is_active=True), most=None)
    price = prices.select_related("treat").order_by("amount", "pk")[0]
    return price.treat, price


def _take(brand: Brand, name: str, number: int, at: datetime, *, by_link: bool = False) -> None:
    offer = Offer.objects.get(name=name)
    link = _link(brand, offer, at) if by_link else None
    if link and not link.visits.filter(at=at).exists():
        links.follow(link=link, visitor_id=f"demo-taker-{number}", now=at)
    led: dict[str, Any] = {"campaign_id": link.campaign_id, "link_id": link.pk} if link else {}
    try:
        use(offer_id=offer.pk, holder=_holder(number), now=at, **led)
    except UseRefused:
        return  # the last two came too late


def _holder(number: int) -> str:
    return f"browser:demo-{number}"


def _link(brand: Brand, offer: Offer, at: datetime) -> Link | None:
    """Of the newest campaign that was live then: it leads to the offer's page."""
    day = timezone.localdate(at, brand.tz)
    begun = Campaign.objects.filter(starts_on__lte=day).order_by("-starts_on")
    live = [each for each in begun if each.state_on(day) == Campaign.State.LIVE]
    if not live:
        return None
    name = "At the foot of the receipt"
    found = Link.objects.filter(campaign=live[0], offer=offer).first()
    return found or links.add(
        campaign=live[0], channel=Link.Channel.RECEIPT, name=name, offer=offer, now=at
    )


def _use(name: str, number: int, at: datetime) -> None:
    """With something bought besides."""
    had = use_of(Offer.objects.get(name=name), _holder(number))
    paired = Device.objects.paired().exclude(name=INVITED).select_related("brand", "store")
    devices = list(paired.order_by("store__name", "pk"))
    if had is None or had.code is None:
        return
    device = devices[number % len(devices)]
    open_ones = [each for each in had.code.choices if each["chooser"] == "recipient"]
    answer = redeem(
        device=device,
        text=had.code.reveal() or "",
        key=f"demo:coupon:{had.pk}",
        picks={
            each["key"]: [option["key"] for option in each["options"][: each["min"]]]
            for each in open_ones
        },
        basket_total=had.cost + 275 + 90 * number,
        staff=StaffMember.objects.at(device.store).first(),
        now=at,
    )
    if not answer.redeemed:
        raise RuntimeError(f"the demo's history stumbled at a till: {answer.body['reason']}")


def _come_back(brand: Brand, at: datetime) -> None:
    """Somebody who used their gift lately."""
    offer = Offer.objects.get(name=COME_BACK)
    used = Redemption.objects.standing().filter(
        code__state=Code.State.REDEEMED, redeemed_at__range=(at - timedelta(days=9), at)
    )
    for redemption in used.order_by("-redeemed_at", "pk"):
        gift = Gift.objects.filter(code=redemption.code_id).first()
        if gift:
            come_back.take(
                brand=brand,
                gift_id=gift.pk,
                recipient="",
                offer_id=offer.pk,
                used_at=redemption.redeemed_at,
                now=at,
            )
            return
