"""Handing out in the studio: a sheet of cards, how it stands, and taking it back."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import validity
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.handouts import end, hand_out, print_sheet
from giftshop.handouts.counts import Standing, progress_of, standings
from giftshop.handouts.hand_out import FewerLeft
from giftshop.handouts.models import Handout
from giftshop.offers.models import Offer
from giftshop.offers.use import UseRefused
from giftshop.studio.handouts.forms import CardsForm, EndForm

PER_PAGE = 50
LINES_PER_PAGE = 100
NOTHING = Standing()

handing_out = member_of_brand(Permission.PLAN_CAMPAIGNS)


@require_safe
@handing_out
def handout_list(request: BrandRequest) -> HttpResponse:
    """What was handed out, the newest first, and of which offers something can be."""
    found = Handout.objects.select_related("offer").order_by("-made_at", "pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    stand = standings([each.pk for each in page], timezone.now())
    context = {
        **_common(request),
        "page": page,
        "rows": [(each, stand.get(each.pk, NOTHING)) for each in page],
        "offers": hand_out.offers().order_by("-created_at", "pk")[:PER_PAGE],
    }
    return render(request, "giftshop/studio/handouts/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@handing_out
def new_sheet(request: BrandRequest, offer_id: UUID) -> HttpResponse:
    offer, now = get_object_or_404(hand_out.offers(), pk=offer_id), timezone.now()
    data = request.POST if request.method == "POST" else None
    form = CardsForm.of(data, offer, _today(request))
    if form.is_valid():
        try:
            made = hand_out.sheet(
                brand=request.brand,
                offer_id=offer.pk,
                key=form.sent_as(),
                facts=form.facts(),
                by=request.actor,
                now=now,
            )
        except FewerLeft as fewer:
            form.add_error("number", only(fewer.left))
            offer.refresh_from_db()
        except UseRefused as refused:
            form.add_error(None, str(refused.reason.label))
            offer.refresh_from_db()
        except Offer.DoesNotExist:  # it became one for others meanwhile
            raise Http404 from None
        else:
            messages.success(request, _("The cards are made. Download the sheet and print it."))
            return _to(request, made)
    given, left = hand_out.left_of(offer, now)
    context = {**_common(request), "form": form, "offer": offer, "given": given, "left": left}
    status = 422 if form.is_bound else 200
    return render(request, "giftshop/studio/handouts/new_sheet.html", context, status=status)


@require_safe
@handing_out
def handout(request: BrandRequest, handout_id: UUID) -> HttpResponse:
    return _page(request, _find(handout_id), EndForm())


@require_POST
@handing_out
def sheet_file(request: BrandRequest, handout_id: UUID) -> HttpResponse:
    """The cards that are still good, as a PDF. By POST, since the audit log tells who took it."""
    shown = _find(handout_id)
    try:
        drawn = print_sheet.pdf(shown, by=request.actor, now=timezone.now())
    except print_sheet.NothingGood:
        problem = _("None of its cards can be used any more, so there is nothing to print.")
        return _page(request, shown, EndForm(), problem=problem, status=409)
    name = f'attachment; filename="{shown.offer.slug}-cards.pdf"'
    headers = {"Content-Disposition": name}
    return HttpResponse(drawn, content_type="application/pdf", headers=headers)


@require_POST
@handing_out
def handout_end(request: BrandRequest, handout_id: UUID) -> HttpResponse:
    """All of a sheet that was not used is taken back, for a reason; a list is sent to nobody else."""
    shown, form = _find(handout_id), EndForm(request.POST)
    if not shown.is_list and not form.is_valid():
        return _page(request, shown, form, status=422)
    reason = "" if shown.is_list else form.cleaned_data["reason"]
    end.end(handout_id=shown.pk, reason=reason, by=request.actor, now=timezone.now())
    if shown.is_list:
        messages.success(request, _("It is stopped. Nobody else is written to."))
    else:
        messages.success(request, _("It is taken back. What was used stays used."))
    return _to(request, shown)


def _page(
    request: BrandRequest, shown: Handout, form: EndForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    stand = standings([shown.pk], timezone.now()).get(shown.pk, NOTHING)
    context = {
        **_common(request),
        "handout": shown,
        "stand": stand,
        "form": form,
        "problem": problem,
        "last_day": validity.last_day(shown.good_until, request.brand.tz),
    }
    if shown.is_list:
        lines = shown.lines.select_related("use__code").order_by("position")
        context |= {
            "progress": progress_of(shown.pk),
            "page": Paginator(lines, LINES_PER_PAGE).get_page(request.GET.get("page")),
        }
    return render(request, "giftshop/studio/handouts/handout.html", context, status=status)


def only(left: int) -> str:
    """That fewer are left than were asked for."""
    if left == 0:
        return _("None is left by now.")
    said = ngettext("Only %(left)d is left by now.", "Only %(left)d are left by now.", left)
    return said % {"left": left}


def _find(handout_id: UUID) -> Handout:
    return get_object_or_404(Handout.objects.select_related("brand", "offer"), pk=handout_id)


def _today(request: BrandRequest) -> date:
    return timezone.localdate(timezone.now(), request.brand.tz)


def _to(request: BrandRequest, shown: Handout) -> HttpResponse:
    return redirect("studio_handout", brand_slug=request.brand.slug, handout_id=shown.pk)


def _common(request: BrandRequest) -> dict[str, Any]:
    return {"brand": request.brand, "section": "offers"}
