"""One page for each picture of a brand's: upload it, say what to keep in sight, take it away.

Who may stands in urls.py.
"""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from giftshop.accounts.access import BrandRequest
from giftshop.catalog.models import Treat
from giftshop.http.outside_calls import NoAnswer
from giftshop.http.uploads import takes_upload
from giftshop.news.models import News
from giftshop.news.write import NewsRefusal
from giftshop.pictures import files, upload_rules
from giftshop.pictures.models import Picture
from giftshop.pictures.place import OfCampaign, Place, PlaceGone
from giftshop.pictures.upload import change_words, take_away, upload
from giftshop.studio.pictures.forms import FocusForm, UploadForm
from giftshop.templatetags import shop

RETRY_SECONDS = 30
SECTIONS = {
    Picture.Purpose.TREAT: "menu",
    Picture.Purpose.NEWS: "news",
    Picture.Purpose.CAMPAIGN: "campaigns",
}


def page(request: BrandRequest, **named: Any) -> HttpResponse:
    """How it looks now. A part of the page asks again while it is being prepared."""
    place = _place(request, **named)
    newest = place.newest()
    if request.headers.get("HX-Request"):
        is_waiting = newest is not None and newest.state == Picture.State.WAITING
        return HttpResponse(status=204) if is_waiting else HttpResponseClientRefresh()
    return _render(request, place, newest)


def permit(request: BrandRequest) -> HttpResponse:
    """204 for whoever may upload: the proxy asks before it listens to a large body."""
    return HttpResponse(status=204)


Uploading = Callable[..., HttpResponse]


def told_when_gone(view: Uploading) -> Uploading:
    """For acts on the picture of something that somebody deletes in the same moment."""

    @wraps(view)
    def guarded(request: BrandRequest, **named: Any) -> HttpResponse:
        try:
            return view(request, **named)
        except PlaceGone:
            messages.info(request, NewsRefusal.GONE.label)
            return redirect("studio_news", brand_slug=request.brand.slug)

    return guarded


def _busy(request: BrandRequest, **named: Any) -> HttpResponse:
    place = _place(request, **named)
    form = UploadForm({}, purpose=place.purpose)
    form.add_error("file", _("Somebody else is uploading right now. Try again in half a minute."))
    answer = _render(request, place, place.newest(), upload_form=form, status=503)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


@takes_upload(bytes_max=upload_rules.BYTES_MAX, busy=_busy)
@told_when_gone
def uploaded(request: Any, **named: Any) -> HttpResponse:
    """Takes a picture; who comes here by reloading is led to its page."""
    place = _place(request, **named)
    if request.method != "POST":
        return redirect(_addresses(place)["page"])
    form = UploadForm(
        request.POST, request.FILES, purpose=place.purpose, problem=request.upload_problem
    )
    if not form.is_valid():
        return _render(request, place, place.newest(), upload_form=form, status=422)
    said, by = form.cleaned_data, request.actor
    try:
        upload(place=place, file=said["file"], alt=said["alt"], by=by, now=timezone.now())
    except NoAnswer:
        form.add_error("file", _("We can't keep pictures right now. Please try again in a while."))
        return _render(request, place, place.newest(), upload_form=form, status=503)
    messages.success(request, _("It has arrived."))
    return redirect(_addresses(place)["page"])


@told_when_gone
def focus(request: BrandRequest, **named: Any) -> HttpResponse:
    """Another focus has it cut anew; other words are there at once."""
    place = _place(request, **named)
    newest = place.newest()
    if newest is None or newest.state != Picture.State.READY:
        return redirect(_addresses(place)["page"])
    form = FocusForm(request.POST, picture=newest)
    if not form.is_valid():
        return _render(request, place, newest, focus_form=form, status=422)
    said, by, now = form.cleaned_data, request.actor, timezone.now()
    try:
        whole = files.read(newest.shown["whole"][-1][2]) if form.moves_focus else None
        if whole:
            point = (said["focus_x"], said["focus_y"])
            upload(place=place, file=BytesIO(whole), alt=said["alt"], focus=point, by=by, now=now)
    except NoAnswer:
        form.add_error(
            "focus_x", _("We can't cut pictures right now. Please try again in a while.")
        )
        return _render(request, place, newest, focus_form=form, status=503)
    if not whole:
        change_words(place=place, alt=said["alt"], by=by, now=now)
        messages.success(request, _("Saved."))
    return redirect(_addresses(place)["page"])


@told_when_gone
def removal(request: BrandRequest, **named: Any) -> HttpResponse:
    place = _place(request, **named)
    take_away(place=place, by=request.actor, now=timezone.now())
    messages.success(request, _("The picture is gone."))
    return redirect(_addresses(place)["page"])


def _place(
    request: BrandRequest,
    slug: str = "",
    news_id: UUID | None = None,
    purpose: str = "",
    campaign: OfCampaign | None = None,
) -> Place:
    if campaign:
        return Place(request.brand, Picture.Purpose.CAMPAIGN, campaign=campaign)
    if slug:
        treat = get_object_or_404(Treat.objects.select_related("brand"), slug=slug)
        return Place(request.brand, Picture.Purpose.TREAT, treat)
    if news_id:
        news = get_object_or_404(News.objects.select_related("brand"), pk=news_id)
        return Place(request.brand, Picture.Purpose.NEWS, news=news)
    if purpose not in {Picture.Purpose.LOGO, Picture.Purpose.HERO}:
        raise Http404
    return Place(request.brand, Picture.Purpose(purpose))


def _addresses(place: Place) -> dict[str, str]:
    """Of the page, of its three forms, and of the page above it."""
    slug = place.brand.slug
    if place.treat:
        kind, args, above = "treat", [slug, place.treat.slug], "studio_treat"
    elif place.news:
        kind, args, above = "news", [slug, str(place.news.pk)], "studio_one_news"
    elif place.campaign:
        kind, args, above = "campaign", [slug, place.campaign.slug], "edit_campaign"
    else:
        kind, args, above = "brand", [slug, str(place.purpose)], "studio_brand_look"
    named = {
        "page": f"studio_{kind}_picture",
        "focus": f"studio_{kind}_picture_focus",
        "removal": f"studio_{kind}_picture_removal",
        "upload": f"{kind}_picture_upload",
    }
    found = {name: reverse(route, args=args) for name, route in named.items()}
    return {**found, "above": reverse(above, args=args if place.thing else [slug])}


def _render(
    request: BrandRequest,
    place: Place,
    newest: Picture | None,
    *,
    upload_form: UploadForm | None = None,
    focus_form: FocusForm | None = None,
    status: int = 200,
) -> HttpResponse:
    is_ready = newest is not None and newest.state == Picture.State.READY
    if newest is not None and is_ready and focus_form is None:
        focus_form = FocusForm(picture=newest)
    context = {
        "brand": request.brand,
        "section": SECTIONS.get(place.purpose, "brand"),
        "place": place,
        "picture": newest,
        "own_picture": place.shown(),
        "drawn": shop.picture(place.thing),
        "upload_form": upload_form or UploadForm(purpose=place.purpose),
        "focus_form": focus_form if is_ready else None,
        "addresses": _addresses(place),
    }
    return render(request, "giftshop/studio/pictures/picture.html", context, status=status)
