"""Where somebody types what nobody tells us: likes and costs by link and day, and what treats cost."""

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
from django.views.decorators.http import require_http_methods

from campaigns.dashboard.period_views import own_days, period_context, period_of, today_of
from campaigns.models import Campaign, Link, LinkDay
from campaigns.path import goods, link_days, pasted, uploaded
from campaigns.path.forms import LinkDayForm, RowsForm, TreatCostsForm
from campaigns.planning import campaigns
from campaigns.planning.views import common
from core.forms.version import SavedSince
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.catalog.models import Treat
from giftshop.http.uploads import takes_upload

ROWS = 30
TREATS = 40
RETRY_SECONDS = 30
ASKED_BY = ("days", "from", "to", "link")
GET_OR_POST = ["GET", "HEAD", "POST"]
typing_campaigns = member_of_brand(Permission.SEE_CAMPAIGNS, change=Permission.PLAN_CAMPAIGNS)


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
    form = RowsForm(request.POST, campaign=campaign)
    with campaigns.turns(request.brand):
        plan = _plan(request, form)
        if plan and "take" in request.POST and request.POST.get("version") == plan.version:
            return _take(request, campaign, plan)
    status = 422 if form.errors else 409 if "take" in request.POST else 200
    return _rows_page(request, campaign, form, plan, status=status)


def _plan(request: BrandRequest, form: RowsForm) -> pasted.Plan | None:
    """What the form's rows would change; None, and the form says why, where that can't be told."""
    if not form.is_valid():
        return None
    try:
        text = form.cleaned_data["rows"]
        return pasted.read(text, campaign=form.campaign, today=today_of(request))
    except ValidationError as refused:
        form.add_error("rows", refused)
        return None


def _busy(request: BrandRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.select_related("brand"), slug=slug)
    file = uploaded.FileForm({})
    file.add_error("file", _("Somebody else is uploading right now. Try again in half a minute."))
    answer = _rows_page(request, campaign, RowsForm(campaign=campaign), file=file, status=503)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


@takes_upload(bytes_max=uploaded.BYTES_MAX, busy=_busy)
def typed_upload(request: Any, slug: str) -> HttpResponse:
    """The same of a file: its rows stand in the page, looked at, to be taken over from there. Who comes here
    by a link or by reloading is led to the page."""
    campaign = get_object_or_404(Campaign.objects.select_related("brand"), slug=slug)
    if request.method != "POST":
        page = reverse("typed_of_campaign", args=[request.brand.slug, slug])
        return redirect(f"{page}?{request.GET.urlencode()}" if request.GET else page)
    file = uploaded.FileForm(request.POST, request.FILES, problem=request.upload_problem)
    form, plan = RowsForm(campaign=campaign), None
    if file.is_valid():
        try:
            rows = uploaded.rows_of(file.cleaned_data["file"].file)
        except ValidationError as refused:
            file.add_error("file", refused)
        else:
            form = RowsForm({"rows": rows}, campaign=campaign)
            with campaigns.turns(request.brand):
                plan = _plan(request, form)
    status = 422 if file.errors or form.errors else 200
    return _rows_page(request, campaign, form, plan, file=file, status=status)


def _rows_asked(request: BrandRequest, campaign: Campaign) -> tuple[Any, dict[str, Any]]:
    """What was typed, of the days and the link that the address asks for, if it does; and how to say so."""
    rows, of = LinkDay.objects.filter(campaign=campaign), {}
    if {"days", "from", "to"} & set(request.GET):
        own = own_days(request, campaign)
        period = period_of(request, own=own, campaign=campaign)
        rows = rows.filter(day__range=(period.first, period.last))
        of = period_context(request, period, own=own)
    if slug := request.GET.get("link"):
        of["typed_link"] = get_object_or_404(Link, slug=slug)
        rows = rows.filter(link=of["typed_link"])
    if of:
        kept = {name: each for name, each in request.GET.items() if name in ASKED_BY}
        of["typed_query"] = f"&{urlencode(kept)}"
    return rows, of


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
    file: uploaded.FileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows, of = _rows_asked(request, campaign)
    context = {
        **common(request),
        "campaign": campaign,
        "form": form,
        "file": file or uploaded.FileForm(),
        "plan": plan,
        "columns": pasted.COLUMNS.values(),
        "is_outdated": status == 409,
        **of,
        **_typed(request, rows),
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
