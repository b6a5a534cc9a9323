"""/shop/<brand>/c/<campaign>/: the page that keeps a post's promise."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.dashboard.number_formats import day_in_words
from campaigns.links import utm
from campaigns.models import Campaign
from campaigns.shop_page import page, pictures
from campaigns.shop_page.page import Landing
from giftshop.catalog.brands import ShopRequest, of_brand
from giftshop.catalog.views import own_copy
from giftshop.http.said_on import say_on

SLUG_LENGTH_MAX = 60


@require_safe
@own_copy
@of_brand
def campaign_page(request: ShopRequest, slug: str) -> HttpResponse:
    """While it is live. Before, after and while it is paused it leads to the shop, with a kind line; a draft
    with none, since nobody was promised anything yet."""
    campaign = get_object_or_404(Campaign.objects.select_related("brand"), slug=slug)
    now = timezone.now()
    if campaign.state_at(now) != Campaign.State.LIVE:
        return to_shop(request, campaign)
    shown = page.read(
        campaign,
        named=set(campaign.treats.values_list("pk", flat=True)),
        picture=pictures.uploaded(campaign),
        treat=request.GET.get("treat", "")[:SLUG_LENGTH_MAX],
        choice=request.GET.get("choice", ""),
        now=now,
    )
    return render(request, "campaigns/shop_page/page.html", context_of(shown))


def context_of(shown: Landing) -> dict[str, Any]:
    brand, campaign = shown.campaign.brand, shown.campaign
    first = shown.treats[0] if shown.treats else None
    return {
        "brand": brand,
        "campaign": campaign,
        "landing": shown,
        "menu": shown.menu,
        "chosen": shown.chosen,
        "preview": pictures.preview(campaign, first, shown.picture),
        "canonical": settings.BASE_URL + reverse("campaign_page", args=[brand.slug, campaign.slug]),
    }


def to_shop(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """With what its reader needs to know of it, once; what a link's address tells of itself goes along."""
    said = _why_not(campaign)
    if said and request.method == "GET":
        messages.info(request, said)
    shop = reverse("shop", args=[campaign.brand.slug])
    return redirect(utm.with_utm(say_on(request, campaign.brand, shop), request.GET))


def _why_not(campaign: Campaign) -> str:
    state = Campaign.State
    match campaign.state_at(timezone.now()):
        case state.ENDED | state.ARCHIVED:
            return _("That one is over. There is plenty left to make somebody's day.")
        case state.PAUSED:
            return _("That one is taking a break. Meanwhile, have a look around.")
        case state.PLANNED:
            day = day_in_words(campaign.starts_on)
            return _("That one begins on %(day)s. Until then, have a look around.") % {"day": day}
        case _other:
            return ""
