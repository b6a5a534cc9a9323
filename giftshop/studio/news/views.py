"""News in the studio: drafts, on show, soon, over; one to write, to put on show and to take down."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.forms.version import SavedSince
from giftshop.accounts.access import BrandRequest, actor_of, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.news import write
from giftshop.news.models import News
from giftshop.news.write import NewsRefusal, NewsRefused
from giftshop.pictures.models import Picture
from giftshop.pictures.place import Place
from giftshop.pictures.upload import drop
from giftshop.studio.news.forms import NewsForm

PER_PAGE = 50

writing = member_of_brand(Permission.WRITE_NEWS)


@require_safe
@writing
def news_list(request: BrandRequest) -> HttpResponse:
    """What is to come and on show first, then drafts, then what is over."""
    today = _today(request)
    page = Paginator(News.objects.order_by("-is_draft", "-shown_until", "pk"), PER_PAGE)
    context = {
        **_common(request),
        "page": (shown := page.get_page(request.GET.get("page"))),
        "rows": [(each, each.state_on(today)) for each in shown],
    }
    return render(request, "giftshop/studio/news/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@writing
def new_news(request: BrandRequest) -> HttpResponse:
    form = _form(request, None)
    if not form.is_valid():
        return _page(request, form, None, 422 if form.is_bound else 200)
    by, now = actor_of(request.user), timezone.now()
    added = write.add(brand=request.brand, facts=form.facts(), by=by, now=now)
    messages.success(request, _("Saved as a draft."))
    return redirect("studio_one_news", brand_slug=request.brand.slug, news_id=added.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@writing
def news(request: BrandRequest, news_id: UUID) -> HttpResponse:
    shown = _find(news_id)
    form = _form(request, shown)
    if not form.is_valid():
        return _page(request, form, shown, 422 if form.is_bound else 200)
    by, now = actor_of(request.user), timezone.now()
    try:
        changed = write.rewrite(shown, facts=form.facts(), by=by, now=now, seen=form.seen)
    except SavedSince:
        saved = _find(news_id)
        form = _form(request, saved)
        form.show_over_saved()
        return _page(request, form, saved, 409)
    except NewsRefused as refused:
        if refused.reason == NewsRefusal.GONE:
            return _tell_it_is_gone(request, refused)
        form.add_error("shown_from", refused.reason.label)
        return _page(request, form, shown, 409)
    messages.success(request, _("Saved.") if changed else _("Nothing had changed."))
    return redirect("studio_one_news", brand_slug=request.brand.slug, news_id=news_id)


@require_POST
@writing
def publication(request: BrandRequest, news_id: UUID) -> HttpResponse:
    """On show with `on` in what is posted, else a draft again."""
    shown, by, now = _find(news_id), actor_of(request.user), timezone.now()
    try:
        if "on" in request.POST:
            write.publish(shown, by=by, now=now)
            messages.success(request, _("It is on show in its days."))
        else:
            write.take_down(shown, by=by, now=now)
            messages.success(request, _("It is a draft again."))
    except NewsRefused as refused:
        if refused.reason == NewsRefusal.GONE:
            return _tell_it_is_gone(request, refused)
        messages.error(request, refused.reason.label)
    return redirect("studio_one_news", brand_slug=request.brand.slug, news_id=news_id)


@require_POST
@writing
def removal(request: BrandRequest, news_id: UUID) -> HttpResponse:
    """With its pictures."""
    gone, now = _find(news_id), timezone.now()
    try:
        with transaction.atomic():
            drop(place=Place(request.brand, Picture.Purpose.NEWS, news=gone), now=now)
            write.delete(gone, by=actor_of(request.user), now=now)
    except NewsRefused as refused:
        return _tell_it_is_gone(request, refused)
    messages.success(request, _("It is gone."))
    return redirect("studio_news", brand_slug=request.brand.slug)


def _tell_it_is_gone(request: BrandRequest, refused: NewsRefused) -> HttpResponse:
    messages.info(request, refused.reason.label)
    return redirect("studio_news", brand_slug=request.brand.slug)


def _find(news_id: UUID) -> News:
    return get_object_or_404(News.objects.select_related("brand"), pk=news_id)


def _today(request: BrandRequest) -> date:
    return timezone.localdate(timezone.now(), request.brand.tz)


def _form(request: BrandRequest, shown: News | None) -> NewsForm:
    data = request.POST if request.method == "POST" else None
    return NewsForm.of(data, shown, brand=request.brand, today=_today(request))


def _common(request: BrandRequest) -> dict[str, Any]:
    return {"brand": request.brand, "section": "news"}


def _page(request: BrandRequest, form: NewsForm, shown: News | None, status: int) -> HttpResponse:
    context = {
        **_common(request),
        "form": form,
        "news": shown,
        "state": shown and shown.state_on(_today(request)),
    }
    return render(request, "giftshop/studio/news/form.html", context, status=status)
