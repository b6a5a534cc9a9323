"""What a campaign earned, on one page that can be printed; and where somebody types what nobody tells us."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.dashboard import files
from campaigns.dashboard.number_formats import share
from campaigns.dashboard.period import DAYS_MAX, OWN, SINCE, Period
from campaigns.dashboard.period_views import own_days, period_context, period_of, today_of
from campaigns.models import Campaign, Link, LinkDay
from campaigns.path import goods, link_days, pasted, words
from campaigns.path.coupons import by_offer
from campaigns.path.forms import LinkDayForm, RowsForm, TreatCostsForm
from campaigns.path.path import Strip, path_of, strips_of
from campaigns.planning import campaigns
from campaigns.planning.views import common, seeing_campaigns
from core import money
from core.csv_export import Cell
from core.forms.version import SavedSince
from core.templatetags.money import money as shown_money
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.catalog.models import Treat

STRIPS = 12
ROWS = 30
TREATS = 40
ALL = slice(None)
OTHERS = {
    "redeemed_by_post": (39, 0.14),
    "redeemed_in_print": (360, 0.0002),
}
"""What Cold Stone Creamery had in 2010, by Social Media Examiner (October 2010): US cents for each redeemed
coupon, and the share of coupons that were redeemed."""

GET_OR_POST = ["GET", "HEAD", "POST"]
typing_campaigns = member_of_brand(Permission.SEE_CAMPAIGNS, change=Permission.PLAN_CAMPAIGNS)


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
    days = period_context(request, period, own=own)
    context = {
        **common(request),
        "campaign": campaign,
        "state": campaign.state_on(today),
        "path": path,
        "line": words.in_a_line(path, currency=currency),
        "strips": strips.rows,
        "page": Paginator(range(strips.count), STRIPS).get_page(at),
        "more": f"&{days['period_query']}",
        "coverage": words.coverage_of_links(strips.together.gifts_sold, path.figures.gifts_sold),
        "offers": by_offer(campaign, period=period) if path.figures.has_coupons else [],
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
def campaign_path_file(request: BrandRequest, slug: str, kind: str) -> HttpResponse:
    """All its links, a row each."""
    campaign, period, _own = _asked(request, slug)
    strips = strips_of(campaign, period=period, part=ALL)
    currency = {"currency": request.brand.currency}
    header = [
        *(_("Link"), _("Channel"), _("Likes"), _("Comments"), _("Shares"), _("Visits")),
        *(_("Visitors"), _("Orders"), _("Gifts"), _("Opened"), _("Guests"), _("First time")),
        *(_("Revenue (%(currency)s)") % currency, _("Beyond the gift (%(currency)s)") % currency),
        _("Cost (%(currency)s)") % currency,
        *(_("Coupons taken"), _("Coupons used")),
        _("Coupons as promotion (%(currency)s)") % currency,
        _("Beyond coupons (%(currency)s)") % currency,
    ]
    name = f"{campaign.slug}-{period.first.isoformat()}-{period.last.isoformat()}"
    rows = [_cells(strip, request.brand.currency) for strip in strips.rows]
    return files.download(kind, name, header, rows)


def _cells(strip: Strip, currency: str) -> list[Cell]:
    typed, figures = strip.path.typed, strip.path.figures
    counts = (
        *(typed.likes, typed.comments, typed.shares, figures.visits, strip.path.visitors),
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


@require_http_methods(GET_OR_POST)
@typing_campaigns
def typed_of_link(request: BrandRequest, slug: str) -> HttpResponse:
    """What was typed of one link, day by day, and a form for one day."""
    link = get_object_or_404(Link.objects.select_related("campaign__brand"), slug=slug)
    today, asked = today_of(request), _day(request)
    if request.method != "POST":
        return _link_page(request, link, LinkDayForm(link=link, today=today, shown=asked))
    form = LinkDayForm(request.POST, link=link, today=today)
    try:
        with campaigns.turns(request.brand):
            if form.is_valid():
                day = form.cleaned_data["day"]
                link_days.put(link, day=day, said=form.said(), seen=form.seen, by=request.actor)
    except SavedSince:
        shown = form.cleaned_data["day"]
        form = LinkDayForm(request.POST, link=link, today=today, shown=shown)
        form.show_over_saved()
        return _link_page(request, link, form, status=409)
    if form.errors:
        return _link_page(request, link, form, status=422)
    messages.success(request, _("Saved."))
    return redirect("typed_of_link", brand_slug=request.brand.slug, slug=link.slug)


def _day(request: BrandRequest) -> date | None:
    try:
        return parse_date(request.GET.get("day", "")[:10])
    except ValueError:
        return None


def _link_page(
    request: BrandRequest, link: Link, form: LinkDayForm, *, status: int = 200
) -> HttpResponse:
    rows = LinkDay.objects.filter(link=link)
    context = {
        **common(request),
        "link": link,
        "campaign": link.campaign,
        "form": form,
        **_typed(request, rows),
    }
    return render(request, "campaigns/path/of_link.html", context, status=status)


def _typed(request: BrandRequest, rows: Any) -> dict[str, Any]:
    """A page of what was typed, newest first, and the sums of all of it."""
    sums = rows.aggregate(**{f"sum_of_{name}": Sum(name) for name in link_days.SAID})
    newest = rows.select_related("link").order_by("-day", "link__name")
    return {
        "sums": {name: sums[f"sum_of_{name}"] for name in link_days.SAID},
        "page": Paginator(newest, ROWS).get_page(request.GET.get("page")),
    }


@require_http_methods(GET_OR_POST)
@typing_campaigns
def typed_of_campaign(request: BrandRequest, slug: str) -> HttpResponse:
    """All that was typed of its links; rows of a spreadsheet are looked at line by line, then taken over."""
    campaign = get_object_or_404(Campaign.objects.select_related("brand"), slug=slug)
    if request.method != "POST":
        return _rows_page(request, campaign, RowsForm(campaign=campaign))
    form, plan = RowsForm(request.POST, campaign=campaign), None
    with campaigns.turns(request.brand):
        if form.is_valid():
            text = form.cleaned_data["rows"]
            try:
                plan = pasted.read(text, campaign=campaign, today=today_of(request))
            except ValidationError as refused:
                form.add_error("rows", refused)
        if plan and "take" in request.POST and request.POST.get("version") == plan.version:
            return _take(request, campaign, plan)
    status = 422 if form.errors else 409 if "take" in request.POST else 200
    return _rows_page(request, campaign, form, plan, status=status)


def _take(request: BrandRequest, campaign: Campaign, plan: pasted.Plan) -> HttpResponse:
    for line in plan.lines:
        if line.is_kept and line.link and line.day:
            link_days.put(line.link, day=line.day, said=line.said, by=request.actor)
    said = ngettext("%(count)d line is taken over.", "%(count)d lines are taken over.", plan.kept)
    messages.success(request, said % {"count": plan.kept})
    return redirect("typed_of_campaign", brand_slug=request.brand.slug, slug=campaign.slug)


def _rows_page(
    request: BrandRequest,
    campaign: Campaign,
    form: RowsForm,
    plan: pasted.Plan | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        **common(request),
        "campaign": campaign,
        "form": form,
        "plan": plan,
        "columns": pasted.COLUMNS.values(),
        "is_outdated": status == 409,
        **_typed(request, LinkDay.objects.filter(campaign=campaign)),
    }
    return render(request, "campaigns/path/of_campaign.html", context, status=status)


@require_http_methods(GET_OR_POST)
@typing_campaigns
def treat_costs(request: BrandRequest) -> HttpResponse:
    """What the goods of each treat cost the brand, a page of treats at a time."""
    page = Paginator(Treat.objects.order_by("-is_active", "position", "name"), TREATS).get_page(
        request.GET.get("page")
    )
    treats, currency = list(page.object_list), request.brand.currency
    sent = request.POST if request.method == "POST" else None
    form = TreatCostsForm(sent, treats=treats, currency=currency)
    status = 200
    if request.method == "POST":
        try:
            with campaigns.turns(request.brand):
                if form.is_valid():
                    goods.put(
                        treats,
                        brand=request.brand,
                        wanted=form.wanted(),
                        seen=form.seen,
                        by=request.actor,
                    )
        except SavedSince:
            form = TreatCostsForm(request.POST, treats=treats, currency=currency)
            form.show_over_saved()
            status = 409
        else:
            if not form.errors:
                messages.success(request, _("Saved."))
                address = reverse("treat_costs", kwargs={"brand_slug": request.brand.slug})
                return redirect(f"{address}?page={page.number}")
            status = 422
    context = {**common(request), "form": form, "page": page}
    return render(request, "campaigns/path/treat_costs.html", context, status=status)
