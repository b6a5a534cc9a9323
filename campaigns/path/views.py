"""What a campaign earned, on one page that can be printed; what is left of it; and all of it as a file."""

from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.dashboard import files
from campaigns.dashboard.number_formats import share
from campaigns.dashboard.period import DAYS_MAX, OWN, SINCE, Period
from campaigns.dashboard.period_views import own_days, period_context, period_of, today_of
from campaigns.models import Campaign
from campaigns.path import words
from campaigns.path.coupons import by_offer
from campaigns.path.path import Strip, path_of, strips_of
from campaigns.planning.views import common, seeing_campaigns
from core import money
from core.csv_export import Cell
from core.templatetags.money import money as shown_money
from giftshop.accounts.access import BrandRequest
from giftshop.catalog.models import Treat

STRIPS = 12
ALL = slice(None)
OTHERS = {
    "redeemed_by_post": (39, 0.14),
    "redeemed_in_print": (360, 0.0002),
}
"""What Cold Stone Creamery had in 2010, by Social Media Examiner (October 2010): US cents for each redeemed
coupon, and the share of coupons that were redeemed."""


@require_safe
@seeing_campaigns
def campaign_path(request: BrandRequest, slug: str) -> HttpResponse:
    """18 queries or fewer beside those of the decorator, however much happened."""
    campaign, period, own = _asked(request, slug)
    today, currency = today_of(request), request.brand.currency
    path = path_of(campaign, period=period, today=today)
    number = request.GET.get("page", "")
    at = max(int(number), 1) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    strips = strips_of(campaign, period=period, part=slice((at - 1) * STRIPS, at * STRIPS))
    page = Paginator(range(strips.count), STRIPS).get_page(at)
    if page.number != at:  # beyond the last is the last
        part = slice((page.number - 1) * STRIPS, page.number * STRIPS)
        strips = strips_of(campaign, period=period, part=part)
    days = period_context(request, period, own=own)
    context = {
        **common(request),
        "campaign": campaign,
        "state": campaign.state_on(today),
        "path": path,
        "line": words.in_a_line(path, currency=currency),
        "strips": strips.rows,
        "page": page,
        "more": f"&{days['period_query']}",
        "coverage": words.coverage_of_links(strips.together.gifts_sold, path.figures.gifts_sold),
        "offers": by_offer(campaign, period=period) if path.figures.has_promotion else [],
        "offer_query": _days_alone(period, today),
        "others": others(),
        "today": today,
        **days,
    }
    return render(request, "campaigns/path/path.html", context)


def _days_alone(period: Period, today: date) -> str:
    """The days as a page asks for them that knows nothing of the campaign's own."""
    if period.days > DAYS_MAX:
        return urlencode({"days": SINCE})
    return replace(period, asked="").query(today)


def others() -> dict[str, tuple[str, str]]:
    """OTHERS as the reader writes them."""
    return {
        name: (shown_money(cents, "USD"), share(part, digits=2))
        for name, (cents, part) in OTHERS.items()
    }


@require_safe
@seeing_campaigns
def campaign_sums(request: BrandRequest, slug: str) -> HttpResponse:
    """What is left, and what goods cost. Nine queries or fewer beside those of the decorator."""
    campaign, period, own = _asked(request, slug)
    path = path_of(campaign, period=period, today=today_of(request))
    treats = Treat.objects.in_bulk([row.treat_id for row in path.goods.rows])
    context = {
        **common(request),
        "campaign": campaign,
        "path": path,
        "goods": [(treats[row.treat_id], row) for row in path.goods.rows],
        "unknown": path.figures.guests - path.goods.guests,
        **period_context(request, period, own=own),
    }
    return render(request, "campaigns/path/sums.html", context)


@require_safe
@seeing_campaigns
def campaign_path_file(request: BrandRequest, slug: str, kind: str) -> HttpResponse:
    """All its links, a row each."""
    campaign, period, _own = _asked(request, slug)
    strips = strips_of(campaign, period=period, part=ALL)
    currency = {"currency": request.brand.currency}
    header = [
        *(_("Link"), _("Channel"), _("Likes"), _("Comments"), _("Shares"), _("Visits")),
        *(
            _("Visitors"),
            _("Visits of theirs"),
            _("Orders"),
            _("Gifts"),
            _("Opened"),
            _("Guests"),
            _("First time"),
        ),
        *(_("Revenue (%(currency)s)") % currency, _("Beyond the gift (%(currency)s)") % currency),
        _("Cost (%(currency)s)") % currency,
        *(_("Coupons taken"), _("Coupons used")),
        _("Coupons as promotion (%(currency)s)") % currency,
        _("Beyond coupons (%(currency)s)") % currency,
        *(_("Orders with a discount"), _("Discounts as promotion (%(currency)s)") % currency),
    ]
    name = f"{campaign.slug}-{period.first.isoformat()}-{period.last.isoformat()}"
    rows = [_cells(strip, request.brand.currency) for strip in strips.rows]
    return files.download(kind, name, header, rows)


def _cells(strip: Strip, currency: str) -> list[Cell]:
    typed, figures = strip.path.typed, strip.path.figures
    counts = (
        *(typed.likes, typed.comments, typed.shares, figures.visits),
        *(strip.path.visitors, strip.path.known_visits),
        *(figures.orders, figures.gifts_sold, figures.opened, figures.guests, figures.first_time),
    )
    amounts = (figures.revenue, figures.spend_over, typed.cost)
    of_coupons = (figures.coupon_cost, figures.coupon_over)
    return [
        strip.link.name,
        strip.link.get_channel_display(),
        *("" if count is None else count for count in counts),
        *("" if amount is None else money.number(amount, currency) for amount in amounts),
        *(figures.coupons, figures.coupons_used),
        *(money.number(amount, currency) for amount in of_coupons),
        *(figures.discounts, money.number(figures.discount_cost, currency)),
    ]


def _asked(request: BrandRequest, slug: str) -> tuple[Campaign, Period, Period | None]:
    """Nothing asked for means all days since it began: gifts come to a counter after its last day, too."""
    campaign = get_object_or_404(Campaign.objects.select_related("brand"), slug=slug)
    own = own_days(request, campaign)
    if not {"days", "from", "to"} & set(request.GET):
        today = today_of(request)
        since = Period(min(campaign.starts_on, today), today)
        return campaign, replace(since, asked=OWN if since == own else SINCE), own
    return campaign, period_of(request, own=own, campaign=campaign), own
