"""A campaign's picture in the studio: the pages of giftshop/studio/pictures, for whoever plans campaigns."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.models import Campaign
from campaigns.shop_page import pictures
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.http.uploads import without_token_yet
from giftshop.studio.pictures import views

may = member_of_brand(Permission.PLAN_CAMPAIGNS)


def of_campaign(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views of a place: says which campaign it is of."""

    @wraps(view)
    def found(request: BrandRequest, slug: str) -> HttpResponse:
        campaign = get_object_or_404(Campaign.objects.select_related("brand"), slug=slug)
        return view(request, campaign=pictures.place(campaign).campaign)

    return found


pages = [
    path("", require_safe(may(of_campaign(views.page))), name="studio_campaign_picture"),
    path(
        "focus/",
        require_POST(may(of_campaign(views.focus))),
        name="studio_campaign_picture_focus",
    ),
    path(
        "removal/",
        require_POST(may(of_campaign(views.removal))),
        name="studio_campaign_picture_removal",
    ),
]
takes = require_http_methods(["GET", "HEAD", "POST"])
uploads = [
    path("", require_safe(may(views.permit)), name="campaign_picture_permit"),
    path(
        "<slug:slug>/",
        without_token_yet(takes(may(of_campaign(views.uploaded)))),
        name="campaign_picture_upload",
    ),
]
"""Under /uploads/<brand>/: where large bodies are let in."""
