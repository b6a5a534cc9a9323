"""How far gifts travel: a page of its own, and the rows that each of its numbers is made of."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.chains import figures, rows
from campaigns.chains.tree import draw
from campaigns.dashboard.period_views import period_context, period_of
from campaigns.few import FEW, is_few
from campaigns.moments import moments_of
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.orders.models import CameBy

PER_PAGE = 50
seeing_campaigns = member_of_brand(Permission.SEE_CAMPAIGNS)


@require_safe
@seeing_campaigns
def chain_rows(request: BrandRequest, kind: str, key: str) -> HttpResponse:
    """Row by row what a number of that page is made of, without whose it was; of a hidden group nothing. Five
    queries beside those of the decorator, and one where all days are asked for."""
    period = period_of(request)
    found = rows.of(kind, key, moments_of(request.brand, period))
    if found is None:
        raise Http404
    days = period_context(request, period)
    context = {
        "brand": request.brand,
        "section": "campaigns",
        "few": FEW,
        "found": found,
        "page": Paginator(found.rows, PER_PAGE).get_page(request.GET.get("page")),
        "more": f"&{days['period_query']}",
        **days,
    }
    return render(request, "campaigns/chain_rows.html", context)


@require_safe
@seeing_campaigns
def chains(request: BrandRequest) -> HttpResponse:
    """13 queries beside those of the decorator, and one where all days are asked for."""
    period = period_of(request)
    moments = moments_of(request.brand, period)
    generations = figures.by_generation(moments)
    opened, sent_on = figures.sent_on(moments)
    lengths = figures.by_length(moments)
    count = sum(each.chains for each in lengths)
    drawn = figures.longest(moments)
    steps = figures.steps(drawn) if drawn else {}
    context = {
        "brand": request.brand,
        "section": "campaigns",
        "few": FEW,
        "generations": list(zip(rows.GENERATIONS, generations, strict=True)),
        "most": max((each.revenue for each in generations if not each.is_hidden), default=0),
        "opened": opened,
        "sent_on": sent_on,
        "sent_on_is_few": is_few(sent_on),
        "ways": [(CameBy(each.key).label, each) for each in figures.by_way(moments)],
        "counters": figures.at_counters(moments),
        "lengths": lengths,
        "count": count,
        "count_is_few": is_few(count),
        "revenue": sum(each.revenue for each in lengths),
        "drawn": [(each, draw(steps[each.id])) for each in drawn],
        **period_context(request, period),
    }
    return render(request, "campaigns/chains.html", context)
