"""All stores, links and treats of a brand by what they brought in some days: by pages, found, as a file."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.dashboard import files, queries
from campaigns.dashboard.period import Period
from campaigns.dashboard.period_views import own_days, period_context, period_of
from campaigns.dashboard.queries import LinkRow, Ranking, StoreRow
from campaigns.models import Campaign
from core import money
from core.csv_export import Cell
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission

PER_PAGE = 20
WORDS_LENGTH_MAX = 80
ALL = slice(None)

seeing_figures = member_of_brand(Permission.SEE_FIGURES)
seeing_campaigns = member_of_brand(Permission.SEE_CAMPAIGNS)


@dataclass(frozen=True)
class Asked:
    """What a list was asked for."""

    campaign: Campaign | None
    period: Period
    own: Period | None
    words: str
    number: int
    """Of the page."""

    @property
    def part(self) -> slice:
        return slice((self.number - 1) * PER_PAGE, self.number * PER_PAGE)

    @property
    def query(self) -> dict[str, Any]:
        """Of the questions that `queries` answers."""
        return {"period": self.period, "campaign": self.campaign, "words": self.words}


@require_safe
@seeing_figures
def stores(request: BrandRequest) -> HttpResponse:
    ids = request.stores.ids
    return _page(
        request,
        "campaigns/rankings/stores.html",
        lambda asked: queries.by_store(**asked.query, among=ids, part=asked.part),
    )


@require_safe
@seeing_campaigns
def links(request: BrandRequest) -> HttpResponse:
    return _page(
        request,
        "campaigns/rankings/links.html",
        lambda asked: queries.by_link(**asked.query, part=asked.part, sums=False),
    )


@require_safe
@seeing_campaigns
def treats(request: BrandRequest) -> HttpResponse:
    return _page(
        request,
        "campaigns/rankings/treats.html",
        lambda asked: queries.by_treat(**asked.query, part=asked.part),
    )


@require_safe
@seeing_figures
def stores_file(request: BrandRequest, kind: str) -> HttpResponse:
    """Every store that the list holds, on one page or on many."""
    asked, currency = _asked(request), request.brand.currency
    rows: list[StoreRow] = queries.by_store(**asked.query, among=request.stores.ids, part=ALL).rows
    header = [_("Store"), _("City"), _("Redeemed"), _("Worth (%(currency)s)")]
    cells: list[list[Cell]] = [
        [
            row.store.name,
            row.store.city,
            row.figures.redeemed,
            money.number(row.figures.redeemed_amount, currency),
        ]
        for row in rows
    ]
    return _file(request, kind, "stores", asked, header, cells)


@require_safe
@seeing_campaigns
def links_file(request: BrandRequest, kind: str) -> HttpResponse:
    """Every link that the list holds."""
    asked, currency = _asked(request), request.brand.currency
    rows: list[LinkRow] = queries.by_link(**asked.query, part=ALL, sums=False).rows
    counted = [_("Visits"), _("Orders"), _("Gifts"), _("Redeemed")]
    header = [_("Link"), _("Channel"), _("Campaign"), *counted, _("Revenue (%(currency)s)")]
    cells: list[list[Cell]] = [
        [
            row.link.name,
            row.link.get_channel_display(),
            row.link.campaign.name,
            row.figures.visits,
            row.figures.orders,
            row.figures.gifts_sold,
            row.figures.redeemed,
            money.number(row.figures.revenue, currency),
        ]
        for row in rows
    ]
    return _file(request, kind, "links", asked, header, cells)


@require_safe
@seeing_campaigns
def treats_file(request: BrandRequest, kind: str) -> HttpResponse:
    """Every treat that the list holds."""
    asked, currency = _asked(request), request.brand.currency
    header = [_("Treat"), _("Sold"), _("Paid for it (%(currency)s)"), _("Taken back"), _("Guests")]
    header += [_("Beyond the gift (%(currency)s)"), _("Coupons used")]
    cells: list[list[Cell]] = [
        [
            row.treat.name,
            row.figures.sold,
            money.number(row.figures.sales, currency),
            row.figures.taken_back,
            row.figures.guests,
            money.number(row.figures.spend_over, currency),
            row.figures.coupons_used,
        ]
        for row in queries.by_treat(**asked.query, part=ALL).rows
    ]
    return _file(request, kind, "treats", asked, header, cells)


def _asked(request: BrandRequest) -> Asked:
    """Of a campaign only for members of the whole brand: its figures are those of all stores."""
    slug, number = request.GET.get("campaign"), request.GET.get("page", "")
    if slug and not request.stores.is_whole_brand:
        raise Http404
    campaign = get_object_or_404(Campaign, slug=slug) if slug else None
    own = own_days(request, campaign) if campaign else None
    return Asked(
        campaign=campaign,
        period=period_of(request, own=own, campaign=campaign),
        own=own,
        words=" ".join(request.GET.get("q", "")[:WORDS_LENGTH_MAX].split()),
        number=int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1,
    )


def _page(
    request: BrandRequest, template: str, read: Callable[[Asked], Ranking[Any]]
) -> HttpResponse:
    """Whoever asks for a page beyond the last gets the last."""
    asked = _asked(request)
    ranking = read(asked)
    pages = Paginator(range(ranking.count), PER_PAGE)
    page: Page[int] = pages.get_page(asked.number)
    if page.number != asked.number:
        asked = replace(asked, number=page.number)
        ranking = read(asked)
    days = period_context(request, asked.period, own=asked.own)
    more = f"&{days['period_query']}"
    if asked.campaign:
        more += f"&{urlencode({'campaign': asked.campaign.slug})}"
    context = {
        "brand": request.brand,
        "section": "campaigns" if asked.campaign else "overview",
        "ranking": ranking,
        "campaign": asked.campaign,
        "words": asked.words,
        "page": page,
        "more": more,
        "file": f"?{urlencode({'q': asked.words})}{more}",
        **days,
    }
    return render(request, template, context)


def _file(
    request: BrandRequest,
    kind: str,
    name: str,
    asked: Asked,
    header: list[str],
    cells: list[list[Cell]],
) -> HttpResponse:
    """Raises Http404 for a kind of file that there is not."""
    if kind not in files.TYPES:
        raise Http404
    named = [each % {"currency": request.brand.currency} for each in header]
    span = f"{asked.period.first.isoformat()}-{asked.period.last.isoformat()}"
    return files.download(kind, f"{name}-{span}", named, cells)
