"""How people engage, and the acts that each number is made of."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from campaigns.dashboard.period import SINCE
from campaigns.dashboard.period_views import period_context, period_of
from campaigns.engagement import study
from campaigns.engagement.figures import DAYS_MAX, of_days, shown
from campaigns.engagement.kinds import Level
from campaigns.few import FEW
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission

PER_PAGE = 50
EXPLAINED = {
    Level.AUTHOR: _("wrote a review or a question, or sent one on with words"),
    Level.CASUAL: _("said thanks, rated a treat, or answered why they come"),
    Level.SILENT: _("followed a link or said yes to messages, and no more"),
}


@require_safe
@member_of_brand(Permission.SEE_CAMPAIGNS)
def engagement(request: BrandRequest) -> HttpResponse:
    """9 queries beside those of the decorator."""
    context = _context(request)
    seen = context["seen"]
    context["levels"] = [
        {
            "level": level,
            "count": count,
            "explained": EXPLAINED[level],
            "is_hidden": level in seen.hidden,
            "study": study.LEVELS[level],
        }
        for level, count in seen.levels.items()
    ]
    context |= {"study_connected": study.CONNECTED, "source": study.SOURCE}
    return render(request, "campaigns/engagement/page.html", context)


@require_safe
@member_of_brand(Permission.SEE_CAMPAIGNS)
def acts(request: BrandRequest, name: str) -> HttpResponse:
    """The same queries. Of few people nothing is listed."""
    if name not in Level.values:
        raise Http404
    context, level = _context(request), Level(name)
    seen = context["seen"]
    is_hidden = seen.is_few or level in seen.hidden
    found = [] if is_hidden else seen.people_of(level)
    pages = Paginator(found, PER_PAGE)
    context |= {
        "level": level,
        "explained": EXPLAINED[level],
        "is_hidden": is_hidden,
        "count": seen.levels[level],
        "page": pages.get_page(request.GET.get("page")),
        "more": f"&{context['period_query']}",
    }
    return render(request, "campaigns/engagement/acts.html", context)


def _context(request: BrandRequest) -> dict[str, Any]:
    asked = period_of(request)
    period = shown(asked)
    days = period_context(request, period)
    choices = [choice for choice in days["period_choices"] if choice[0] != SINCE]
    return {
        "brand": request.brand,
        "section": "campaigns",
        "few": FEW,
        "is_cut": period != asked,
        "days_max": DAYS_MAX,
        "seen": of_days(request.brand, period),
        **days,
        "period_choices": choices,
    }
