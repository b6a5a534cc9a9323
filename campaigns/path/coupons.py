"""What coupons brought: by each offer of a campaign, and by each campaign of an offer. Expects the brand's
scope."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from campaigns.dashboard.figures import Figures
from campaigns.dashboard.period import Period
from campaigns.dashboard.queries import CampaignRow
from campaigns.facts.counters import NAMES
from campaigns.models import Campaign, Rollup
from giftshop.offers.models import Offer

MOST = 12


@dataclass(frozen=True)
class OfferRow:
    offer: Offer
    figures: Figures


def by_offer(campaign: Campaign, *, period: Period) -> list[OfferRow]:
    """Those of which most coupons were used, at most MOST. Two queries, one where there is none."""
    rows = _summed("offer_id", period, campaign=campaign)
    offers = Offer.objects.in_bulk([row["offer_id"] for row in rows]) if rows else {}
    return [OfferRow(offers[row["offer_id"]], Figures.of(row)) for row in rows]


def by_campaign(offer: Offer, *, period: Period) -> list[CampaignRow]:
    """The same of the campaigns that brought its coupons. Two queries, one where there is none."""
    rows = _summed("campaign_id", period, offer=offer)
    campaigns = Campaign.objects.in_bulk([row["campaign_id"] for row in rows]) if rows else {}
    return [CampaignRow(campaigns[row["campaign_id"]], Figures.of(row)) for row in rows]


def _summed(key: str, period: Period, **of: Any) -> list[dict[str, Any]]:
    rows = Rollup.objects.seen_by(Rollup.Grain.CAMPAIGN_OFFER).filter(
        day__range=(period.first, period.last), **of
    )
    sums = rows.values(key).annotate(**{name: Sum(name) for name in NAMES})
    return list(sums.order_by("-coupons_used", "-coupons", key)[:MOST])
