"""What a brand tried in order to be given away."""

from datetime import date, datetime, timedelta

from brands.models import Brand
from campaigns.links import links
from campaigns.planning import campaigns, states
from demo.brands import DemoBrand
from giftshop.catalog.models import Treat
from redemption.audit.actors import Actor


def add(
    data: DemoBrand, brand: Brand, *, first_day: date, days: int, by: Actor, now: datetime
) -> None:
    """Campaigns with their links. Expects the brand's scope."""
    treats = {treat.name: treat for treat in Treat.objects.all()}
    for promotion in data.promotions:
        campaign = campaigns.plan(
            brand=brand,
            name=promotion.name,
            headline=promotion.headline,
            story=promotion.story,
            art=promotion.art,
            share_texts=dict(promotion.posts),
            starts_on=_day(first_day, days, promotion.starts),
            ends_on=None if promotion.ends is None else _day(first_day, days, promotion.ends),
            budget=promotion.budget,
            spent=promotion.spent,
            least_recipients=promotion.least,
            treats=[treats[name] for name in promotion.treats],
            is_draft=promotion.is_draft,
            by=by,
            now=now,
        )
        if promotion.is_paused:
            states.pause(campaign, by=by, now=now)
        for way in promotion.ways:
            treat = treats[way.treat] if way.treat else None
            links.add(
                campaign=campaign,
                channel=way.channel,
                name=way.name,
                treat=treat,
                by=by,
                now=now,
            )


def _day(first: date, days: int, share: float) -> date:
    return first + timedelta(days=round(share * days))
