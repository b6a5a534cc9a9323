"""What other rooms ask of figures: those of some days, in one query each, and where they lead.

A day is one of the brand's calendar, also at a store whose clock is another. All of it belongs inside the
brand's scope, and reads sums only: what is told here is what the dashboard shows of the same days.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Sum
from django.urls import reverse

from brands.models import Brand, Store
from campaigns.dashboard.figures import FIGURES, Figures
from campaigns.dashboard.period import Period
from campaigns.facts.counters import NAMES
from campaigns.models import Campaign, Link, Rollup
from giftshop.offers.models import Offer

Grain = Rollup.Grain


def figures_of(
    period: Period,
    *,
    campaign: Campaign | None = None,
    link: Link | None = None,
    stores: Collection[UUID] | None = None,
    offer: Offer | None = None,
) -> Figures:
    """Of the brand, of a campaign, of a link, of an offer, or of what happened at these stores; with a
    campaign and stores or an offer of what it brought there, or by it. Nothing of a store is told of a sale
    or a visit: these counters are zero then.

    The week of a Monday letter: figures_of(Period.week_of(day)). One query.
    """
    rows = Rollup.objects.filter(day__range=(period.first, period.last))
    if link is not None:
        rows = rows.filter(grain=Grain.LINK, link=link)
    elif offer is not None:
        grain = Grain.OFFER if campaign is None else Grain.CAMPAIGN_OFFER
        rows = rows.filter(grain=grain, campaign=campaign, offer=offer)
    elif stores is not None and campaign is not None:
        rows = rows.filter(grain=Grain.CAMPAIGN_STORE, campaign=campaign, store__in=stores)
    elif stores is not None:
        rows = rows.filter(grain=Grain.STORE, store__in=stores)
    elif campaign is not None:
        rows = rows.filter(grain=Grain.CAMPAIGN, campaign=campaign)
    else:
        rows = rows.filter(grain=Grain.BRAND)
    return Figures.of(rows.aggregate(**{name: Sum(name) for name in NAMES}))


def first_day_of(*, stores: Collection[UUID] | None = None) -> date | None:
    """On which anything was first counted, of the brand or at these stores; None: nothing was yet. Days
    before it are not zero but unknown. One query."""
    rows = Rollup.objects.filter(grain=Grain.BRAND if stores is None else Grain.STORE)
    if stores is not None:
        rows = rows.filter(store__in=stores)
    return rows.order_by("day").values_list("day", flat=True).first()


def address_of(
    name: str,
    *,
    brand: Brand,
    period: Period,
    campaign: Campaign | None = None,
    store: Store | None = None,
) -> str:
    """The page of the rows that a figure of these days is made of. `name`: one of FIGURES. No query."""
    if name not in FIGURES:
        raise KeyError(name)
    page = reverse("figure", kwargs={"brand_slug": brand.slug, "name": name})
    query = f"?from={period.first.isoformat()}&to={period.last.isoformat()}"
    query += f"&campaign={campaign.slug}" if campaign else ""
    return page + query + (f"&store={store.slug}" if store else "")
