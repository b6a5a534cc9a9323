"""How far gifts travel: a page of its own."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from campaigns.chains import figures
from campaigns.chains.tree import draw
from campaigns.dashboard.period_views import period_context, period_of
from campaigns.few import FEW, is_few
from campaigns.moments import moments_of
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.orders.models import CameBy

GENERATIONS = (
    _("First: nobody had given to them"),
    _("Sent on once"),
    _("Sent on twice"),
    _("Sent on three times or more"),
)


@require_safe
@member_of_brand(Permission.SEE_CAMPAIGNS)
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
        "generations": list(zip(GENERATIONS, generations, strict=True)),
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
