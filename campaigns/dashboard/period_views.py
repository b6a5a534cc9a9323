"""The period that a page of figures was asked for."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from campaigns.dashboard import period as periods
from campaigns.dashboard import queries
from campaigns.dashboard.number_formats import days_between
from campaigns.dashboard.period import OWN, Period
from campaigns.dashboard.period_form import PeriodForm
from campaigns.models import Campaign
from giftshop.accounts.access import BrandRequest


def today_of(request: BrandRequest) -> date:
    return timezone.now().astimezone(request.brand.tz).date()


def own_days(request: BrandRequest, campaign: Campaign) -> Period | None:
    """On which the campaign ran, by the brand's calendar."""
    archived = campaign.archived_at
    archived_on = archived.astimezone(request.brand.tz).date() if archived else None
    today = today_of(request)
    return periods.own_days(campaign.starts_on, campaign.ends_on, archived_on, today=today)


@dataclass(frozen=True)
class Asked:
    """The days shown, and the form in which others are picked: with what is wrong, where they are none."""

    period: Period
    form: PeriodForm


def asked_for(
    request: BrandRequest, *, own: Period | None = None, campaign: Campaign | None = None
) -> Asked:
    """What the address asks for. Days that were picked and make no period are told at their fields, beside
    the usual ones."""
    today = today_of(request)
    if not {"from", "to"} & set(request.GET):
        period = period_of(request, own=own, campaign=campaign)
        return Asked(period, PeriodForm(today=today, shown=period))
    form = PeriodForm(request.GET, today=today)
    if not form.is_valid():
        return Asked(Period.ending(today, days=periods.USUAL), form)
    return Asked(form.period(), PeriodForm(today=today, shown=form.period()))


def period_of(
    request: BrandRequest, *, own: Period | None = None, campaign: Campaign | None = None
) -> Period:
    """What the address asks for; when it cannot be read, the usual days and a kind word. One query where it
    asks for all days since something first happened; a campaign began when it says."""
    today = today_of(request)

    def since() -> date | None:
        if campaign is not None:
            return campaign.starts_on
        ids = request.stores.ids
        return queries.first_day() if ids is None else queries.first_day_at(ids)

    try:
        return periods.read(request.GET.dict(), today=today, own=own, since=since)
    except periods.UnreadablePeriod:
        messages.warning(
            request,
            _(
                "Those dates do not make a period of up to %(days)s days, so here are the last %(usual)s."
            )
            % {"days": periods.DAYS_MAX, "usual": periods.USUAL},
        )
        return Period.ending(today, days=periods.USUAL)


def asked_context(
    request: BrandRequest, asked: Asked, *, page: str, own: Period | None = None
) -> dict[str, Any]:
    """Of a page that lets others be asked for; `page` is its address."""
    return {
        **period_context(request, asked.period, own=own),
        "period_form": asked.form,
        "period_page": page,
    }


def period_context(
    request: BrandRequest, period: Period, *, own: Period | None = None
) -> dict[str, Any]:
    today = today_of(request)
    shown = choices(today, own)
    usual = OWN if period == own else str(period.choice_on(today))
    asked = period.asked or usual
    return {
        "period": period,
        "period_words": days_between(period.first, period.last),
        "period_choices": shown,
        "period_choice": asked if asked in dict(shown) else "",
        "period_query": period.query(today, own=own),
    }


def choices(today: date, own: Period | None) -> list[tuple[str, str]]:
    """The periods that are one click away, by their word in the address."""
    shown = {OWN: _("All its days")} if own else {}
    shown |= {periods.TODAY: _("Today"), periods.WEEK: _("This week")}
    shown |= {periods.MONTH: _("This month"), str(periods.USUAL): _("28 days")}
    if own is None or own.last < today:
        shown[periods.SINCE] = _("Since it began")
    return list(shown.items())


def render_figures(
    request: BrandRequest, page: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The whole page, or its `figures` part when htmx changes the period."""
    swapping = request.headers.get("HX-Request") == "true"
    going_back = request.headers.get("HX-History-Restore-Request") == "true"
    part = "#figures" if swapping and not going_back else ""
    response = render(request, page + part, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
