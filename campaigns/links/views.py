"""A campaign's links: one more, one to change or retire, and what is printed of it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.links import links, prints
from campaigns.links.forms import MoveForm
from campaigns.models import Campaign, Link
from campaigns.planning import campaigns
from campaigns.planning.forms import LinkForm
from campaigns.planning.views import (
    common,
    planning_campaigns,
    render_campaign,
    seeing_campaigns,
    to_campaign,
)
from core.bidi import isolated
from core.forms.version import SavedSince
from giftshop.accounts.access import BrandRequest
from redemption.codes import qr


@require_POST
@planning_campaigns
def new_link(request: BrandRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign, slug=slug)
    form = LinkForm(request.POST, campaign=campaign)
    with campaigns.turns(request.brand):
        made = None
        if form.is_valid():
            made = links.add(campaign=campaign, **form.said(), by=request.actor)
    if made is None:
        return render_campaign(request, campaign, link_form=form, status=422)
    messages.success(request, _("Here is the link for “%(name)s”.") % {"name": isolated(made.name)})
    return to_campaign(request, campaign, part="#its-links")


@require_safe
@seeing_campaigns
def link(request: BrandRequest, slug: str) -> HttpResponse:
    """Its address, what is printed of it, and for those who plan campaigns what can be changed."""
    shown = _find(slug)
    return _page(request, shown, LinkForm(campaign=shown.campaign, link=shown))


@require_POST
@planning_campaigns
def change_link(request: BrandRequest, slug: str) -> HttpResponse:
    changed = _find(slug)
    form = LinkForm(request.POST, campaign=changed.campaign, link=changed)
    try:
        with campaigns.turns(request.brand):
            if form.is_valid():
                links.change(changed, **form.said(), seen=form.seen, by=request.actor)
    except SavedSince:
        kept = _find(slug)
        form = LinkForm(request.POST, campaign=kept.campaign, link=kept)
        form.show_over_saved()
        return _page(request, kept, form, status=409)
    if form.errors:
        return _page(request, _find(slug), form, status=422)
    messages.success(request, _("Saved."))
    return _to(request, changed)


@require_POST
@planning_campaigns
def move_link(request: BrandRequest, slug: str) -> HttpResponse:
    moved = _find(slug)
    form = MoveForm(request.POST, link=moved)
    with campaigns.turns(request.brand):
        if form.is_valid():
            links.move(moved, to=form.cleaned_data["campaign"], by=request.actor)
    if form.errors:
        shown = _find(slug)
        its = LinkForm(campaign=shown.campaign, link=shown)
        return _page(request, shown, its, move=form, status=422)
    to = isolated(form.cleaned_data["campaign"].name)
    messages.success(request, _("From now on it counts for “%(name)s”.") % {"name": to})
    return _to(request, moved)


@require_POST
@planning_campaigns
def retirement(request: BrandRequest, slug: str) -> HttpResponse:
    retired = _find(slug)
    links.retire(retired, by=request.actor)
    messages.success(request, _("Retired. It leads to your shop and counts no more."))
    return _to(request, retired)


@require_POST
@planning_campaigns
def return_(request: BrandRequest, slug: str) -> HttpResponse:
    returned = _find(slug)
    links.restore(returned, by=request.actor)
    messages.success(request, _("It counts again while its campaign runs."))
    return _to(request, returned)


@require_safe
@seeing_campaigns
def link_qr(request: BrandRequest, slug: str) -> HttpResponse:
    """The link as a QR for its poster."""
    return _file(f"{slug}.svg", "image/svg+xml", qr.svg_file(links.address(_find(slug))))


@require_safe
@seeing_campaigns
def link_png(request: BrandRequest, slug: str) -> HttpResponse:
    """The same for programs that take no SVG."""
    return _file(f"{slug}.png", "image/png", qr.png(links.address(_find(slug))))


@require_safe
@seeing_campaigns
def link_poster(request: BrandRequest, slug: str) -> HttpResponse:
    return _printed(f"{slug}-poster.pdf", _find(slug), prints.poster)


@require_safe
@seeing_campaigns
def link_cards(request: BrandRequest, slug: str) -> HttpResponse:
    return _printed(f"{slug}-cards.pdf", _find(slug), prints.cards)


def _find(slug: str) -> Link:
    return get_object_or_404(Link.objects.with_everything(), slug=slug)


def _page(
    request: BrandRequest,
    shown: Link,
    form: LinkForm,
    *,
    move: MoveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **common(request),
        "link": shown,
        "campaign": shown.campaign,
        "form": form,
        "move": move or MoveForm(link=shown),
    }
    return render(request, "campaigns/links/link.html", context, status=status)


def _to(request: BrandRequest, shown: Link) -> HttpResponse:
    return redirect("link", brand_slug=request.brand.slug, slug=shown.slug)


def _printed(name: str, link: Link, draw: Callable[[prints.Print], bytes]) -> HttpResponse:
    return _file(name, "application/pdf", draw(prints.of_link(link)))


def _file(name: str, kind: str, content: bytes) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
