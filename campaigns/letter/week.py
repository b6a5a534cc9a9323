"""The figures of a week for its letter, from the sums that the dashboard reads."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from brands.models import Brand, Store
from campaigns.dashboard import queries
from campaigns.dashboard.dashboard import addresses
from campaigns.dashboard.figures import total
from campaigns.dashboard.period import Period
from campaigns.letter.story import Ranked, Week
from campaigns.models import Link
from campaigns.reasons import sentence
from campaigns.reasons.read import Group, read

WEEK = 7
MONTH = 28


def of_brand(brand: Brand, monday: date) -> Week:
    """The seven days before that Monday. Expects the brand's scope. Eight queries."""
    yesterday = monday - timedelta(days=1)
    period = Period.ending(yesterday, days=WEEK)
    month = Period.ending(yesterday, days=MONTH)
    days = queries.by_day(period=month)
    since = queries.first_day()
    figures = addresses(brand, period=period, today=monday)
    links = queries.by_link(period=period)
    stores = queries.by_store(period=period)
    found = read(Group())
    return Week(
        figures=total([days[day] for day in period.each_day()]),
        before=(
            total([days[day] for day in period.before.each_day()])
            if since and since <= period.before.first
            else None
        ),
        month=total(list(days.values())),
        linked=links.together,
        links=[_link(brand, row.link, row.figures.redeemed, period) for row in links.rows[:2]],
        stores=[_ranked(brand, row.store, row.figures.redeemed, period) for row in stores.rows[:2]],
        gap=sentence.claim(found.belief, found.answers),
        currency=brand.currency,
        paths={
            **figures,
            "baskets": figures["spend_over"],
            "month": f"{reverse('dashboard', args=[brand.slug])}?{_days(month)}",
            "gap": reverse("reasons_gap", args=[brand.slug]),
        },
        paths_before=addresses(brand, period=period.before, today=monday),
    )


def of_store(brand: Brand, store: Store, monday: date) -> Week:
    """The same of what happened at its counter, on pages that those see who run it. Two queries."""
    period = Period.ending(monday - timedelta(days=1), days=WEEK)
    days = queries.by_day_at([store.pk], period=Period(period.before.first, period.last))
    since = queries.first_day_at([store.pk])
    return Week(
        figures=total([days[day] for day in period.each_day()]),
        before=(
            total([days[day] for day in period.before.each_day()])
            if since and since <= period.before.first
            else None
        ),
        currency=brand.currency,
        paths={
            **addresses(brand, period=period, today=monday, store=store),
            "baskets": _page_of(brand, store, period),
        },
        paths_before=addresses(brand, period=period.before, today=monday, store=store),
    )


def _link(brand: Brand, link: Link, redeemed: int, period: Period) -> Ranked:
    path = reverse("figure", args=[brand.slug, "redeemed"])
    return Ranked(link.name, f"{path}?{_days(period)}&{urlencode({'link': link.slug})}", redeemed)


def _ranked(brand: Brand, store: Store, redeemed: int, period: Period) -> Ranked:
    return Ranked(store.name, _page_of(brand, store, period), redeemed)


def _page_of(brand: Brand, store: Store, period: Period) -> str:
    return f"{reverse('store_figures', args=[brand.slug, store.slug])}?{_days(period)}"


def _days(period: Period) -> str:
    return urlencode({"from": period.first.isoformat(), "to": period.last.isoformat()})
