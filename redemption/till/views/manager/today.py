"""Figures of a day at this store: what was handed over, what was refused, the shift to print or keep."""

from datetime import time

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import csv_export, money
from redemption.audit import log
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.till import shift_report
from redemption.till.session import TillRequest, manager_at_the_till
from redemption.till.views.manager import days
from redemption.till.views.manager.frame import place
from redemption.till.views.manager.refusals import told, words

LIST_MAX = 200


@require_safe
@manager_at_the_till
def today(request: TillRequest) -> HttpResponse:
    """3 queries beside those of the decorator."""
    store = request.device.store
    asked = days.asked_for(request, store, timezone.now())
    day = shift_report.day_of(store=store, on=asked.shown)
    context = place(
        request,
        "today",
        days=asked,
        day=day,
        columns=days.columns(day),
        busiest=time(day.busiest[0]) if day.busiest else None,
        refused=_together(shift_report.refusals_by_reason(store=store, on=asked.shown)),
    )
    return render(request, "redemption/manager/today.html", context)


@require_safe
@manager_at_the_till
def refused(request: TillRequest) -> HttpResponse:
    store = request.device.store
    asked = days.asked_for(request, store, timezone.now())
    reasons = shift_report.refusals_by_reason(store=store, on=asked.shown)
    latest = shift_report.refusals(store=store, on=asked.shown, most=LIST_MAX)
    context = place(
        request,
        "refused",
        days=asked,
        attempts=[told(attempt) for attempt in latest],
        most=LIST_MAX,
        count=_together(reasons),
        reasons=[(words(reason), times) for reason, times in reasons],
    )
    return render(request, "redemption/manager/refused.html", context)


@require_safe
@manager_at_the_till
def summary(request: TillRequest) -> HttpResponse:
    """Made to be printed."""
    store, now = request.device.store, timezone.now()
    asked = days.asked_for(request, store, now)
    reasons = shift_report.refusals_by_reason(store=store, on=asked.shown)
    day = shift_report.day_of(store=store, on=asked.shown)
    context = place(
        request,
        "shift",
        days=asked,
        day=day,
        columns=days.columns(day),
        refused=_together(reasons),
        reasons=[(words(reason), times) for reason, times in reasons],
        now=now,
    )
    return render(request, "redemption/manager/shift.html", context)


@require_POST
@manager_at_the_till
def export(request: TillRequest) -> HttpResponse:
    """The summary as a file. Whoever takes one is named in the audit log, so it is no GET."""
    store, brand, now = request.device.store, request.device.brand, timezone.now()
    on = days.asked_for(request, store, now).shown
    with transaction.atomic():
        log.record(
            brand=brand,
            actor=Actor.staff(request.staff),
            act=Act.SHIFT_EXPORTED,
            subject=f"store:{store.pk}",
            now=now,
            details={"day": on.isoformat()},
            device=request.device,
        )
    text = csv_export.text(_header(brand.currency), _rows(shift_report.day_of(store=store, on=on)))
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{store.slug}-{on}.csv"'},
    )


def _header(currency: str) -> list[str]:
    return [
        _("Store"),
        _("Day"),
        _("Staff member"),
        _("Gifts"),
        _("Value (%(currency)s)") % {"currency": currency},
        _("Extras charged (%(currency)s)") % {"currency": currency},
        _("Spent over the gift (%(currency)s)") % {"currency": currency},
        _("Undone"),
        _("Gifts by hand"),
        _("Given by hand (%(currency)s)") % {"currency": currency},
    ]


def _rows(day: shift_report.Day) -> list[list[csv_export.Cell]]:
    """One for each person, and the sums."""
    currency = day.store.brand.currency
    people = [(name or _("Till system"), tally) for name, tally in day.by_staff]
    return [
        [
            day.store.name,
            day.on.isoformat(),
            name,
            tally.count,
            *(money.number(m, currency) for m in (tally.value, tally.extras, tally.over)),
            tally.reversals,
            tally.given,
            money.number(tally.given_value, currency),
        ]
        for name, tally in [*people, (_("Together"), day.total)]
    ]


def _together(reasons: list[tuple[str, int]]) -> int:
    return sum(times for _reason, times in reasons)
