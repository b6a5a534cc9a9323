"""What the brands' marketers typed of their posts: likes, comments, shares, costs; and what treats cost."""

import random
from datetime import date, datetime, timedelta

from brands.models import Brand
from campaigns.models import Campaign, Link
from campaigns.path import goods, link_days
from demo.brands import DemoBrand
from giftshop.catalog.models import Treat

OF_GOODS = 0.28
"""Of the price of the smallest size."""
EVERY_DAYS = 3
SOCIAL = {Link.Channel.INSTAGRAM: (40, 320), Link.Channel.TIKTOK: (90, 640)}
"""Likes of a day that was typed, from and to."""
SPENT = {
    Link.Channel.INSTAGRAM: 900,
    Link.Channel.TIKTOK: 1_250,
    Link.Channel.POSTER: 640,
    Link.Channel.PARTNER: 300,
}
"""On such a day, minor units."""


def play(data: DemoBrand, brand: Brand, *, now: datetime) -> None:
    """Nothing of what is typed is typed twice. Expects the brand's scope."""
    dice = random.Random(f"typed {data.slug}")  # nosec B311  # believable, not secret
    today = now.astimezone(brand.tz).date()
    for link in Link.objects.select_related("campaign__brand").order_by(
        "campaign__starts_on", "slug"
    ):
        _type(link, dice, last=min(link.campaign.ends_on or today, today), at=now)
    treats = [each for each in Treat.objects.prefetch_related("prices") if not _is_free(each)]
    costs = {each.pk: _cost(each) for each in treats}
    goods.put(treats, brand=brand, wanted=costs, now=now)


def _type(link: Link, dice: random.Random, *, last: date, at: datetime) -> None:
    campaign: Campaign = link.campaign
    channel, day = Link.Channel(link.channel), campaign.starts_on
    while channel in SPENT and day <= last:
        said: dict[str, int | None] = {"cost": SPENT[channel]}
        if channel in SOCIAL:
            likes = dice.randint(*SOCIAL[channel])
            said |= {
                "likes": likes,
                "comments": round(likes * dice.uniform(0.02, 0.06)),
                "shares": round(likes * dice.uniform(0.01, 0.04)),
            }
        link_days.put(link, day=day, said=said, now=at)
        day += timedelta(days=EVERY_DAYS)


def _is_free(treat: Treat) -> bool:
    return any(price.is_free for price in treat.prices.all())


def _cost(treat: Treat) -> int | None:
    amounts = [price.amount for price in treat.prices.all()]
    return round(min(amounts) * OF_GOODS) if amounts else None
