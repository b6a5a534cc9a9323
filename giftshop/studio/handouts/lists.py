"""Giving to a list in the studio: typed or uploaded, looked at line by line, and sent by a second yes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from brands.policy.countries import law_of
from giftshop.accounts.access import BrandRequest
from giftshop.handouts import hand_out, people, send_list
from giftshop.handouts.hand_out import FewerLeft
from giftshop.handouts.models import ListDraft
from giftshop.handouts.people import DryRun, Verdict
from giftshop.http.uploads import takes_upload
from giftshop.offers.models import Offer
from giftshop.offers.use import UseRefused
from giftshop.sheets import read
from giftshop.studio.handouts.forms import ConsentForm, ListFileForm, ListForm
from giftshop.studio.handouts.views import handing_out, only

PER_PAGE = 100
RETRY_SECONDS = 30


@require_http_methods(["GET", "HEAD", "POST"])
@handing_out
def new_list(request: BrandRequest, offer_id: UUID) -> HttpResponse:
    """Typed or pasted; or with a file, which is sent to where large bodies are let in."""
    offer = _offer(offer_id)
    form = ListForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _keep(request, offer, people.typed(form.cleaned_data["people"]))
        except ValidationError as refused:
            form.add_error("people", refused)
    return _form_page(request, offer, form, ListFileForm(), 422 if form.is_bound else 200)


def _busy(request: BrandRequest, offer_id: UUID) -> HttpResponse:
    form = ListFileForm({})
    form.add_error("file", _("Somebody else is uploading right now. Try again in half a minute."))
    answer = _form_page(request, _offer(offer_id), ListForm(), form, 503)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


@takes_upload(bytes_max=read.BYTES_MAX, busy=_busy)
def uploaded(request: Any, offer_id: UUID) -> HttpResponse:
    """Who comes here by reloading is led to the page."""
    offer = _offer(offer_id)
    if request.method != "POST":
        return redirect("studio_new_list", brand_slug=request.brand.slug, offer_id=offer_id)
    form = ListFileForm(request.POST, request.FILES, problem=request.upload_problem)
    if form.is_valid():
        try:
            table = read.read(form.cleaned_data["file"].file)
            return _keep(request, offer, people.of_table(table["rows"]))
        except ValidationError as refused:
            form.add_error("file", refused)
    return _form_page(request, offer, ListForm(), form, 422)


def permit(request: BrandRequest) -> HttpResponse:
    """204 for whoever may upload: the proxy asks before it listens to a large body."""
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD", "POST"])
@handing_out
def list_draft(request: BrandRequest) -> HttpResponse:
    """Line by line what would happen; a POST sends it, once."""
    posted = request.method == "POST"
    if posted and (sent := _sent_already(request)):
        return redirect("studio_handout", brand_slug=request.brand.slug, handout_id=sent)
    now = timezone.now()
    draft = send_list.waiting(request.user.pk, now)
    if draft is None:
        return _nothing_waits(request)
    told, left = send_list.dry_run(draft, now)
    form = ConsentForm.of(request.POST if posted else None, told, draft)
    if not posted:
        return _dry_run(request, draft, told, left, form)
    if not form.is_valid():
        return _dry_run(request, draft, told, left, form, status=422)
    try:
        made = send_list.send(
            brand=request.brand,
            user_id=request.user.pk,
            draft_id=form.cleaned_data["draft"],
            seen=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            words=form.words,
            by=request.actor,
            now=now,
        )
    except send_list.NothingWaits:
        return _nothing_waits(request)
    except send_list.ChangedSince:
        told, left = send_list.dry_run(draft, now)
        fresh = ConsentForm.of(None, told, draft)
        return _dry_run(request, draft, told, left, fresh, status=409)
    except FewerLeft as fewer:
        form.add_error(None, only(fewer.left))
    except UseRefused as refused:
        form.add_error(None, str(refused.reason.label))
    else:
        said = ngettext("%(n)d gift is on its way.", "%(n)d gifts are on their way.", made.number)
        messages.success(request, said % {"n": made.number})
        return redirect("studio_handout", brand_slug=request.brand.slug, handout_id=made.pk)
    told, left = send_list.dry_run(draft, now)
    return _dry_run(request, draft, told, left, form, status=422)


@require_POST
@handing_out
def list_removal(request: BrandRequest) -> HttpResponse:
    ListDraft.objects.filter(user=request.user).delete()
    messages.success(request, _("The list is dropped. Nobody was written to."))
    return redirect("studio_handouts", brand_slug=request.brand.slug)


def _sent_already(request: BrandRequest) -> UUID | None:
    """By a second click, or from a page that Back brought."""
    form = ConsentForm(request.POST)
    form.is_valid()
    draft_id = form.cleaned_data.get("draft")
    return hand_out.made_with(draft_id) if draft_id else None


def _offer(offer_id: UUID) -> Offer:
    found: Offer = get_object_or_404(hand_out.offers(), pk=offer_id)
    return found


def _keep(request: BrandRequest, offer: Offer, lines: list[people.Row]) -> HttpResponse:
    send_list.keep(
        brand=request.brand, user_id=request.user.pk, offer=offer, lines=lines, now=timezone.now()
    )
    return redirect("studio_list_draft", brand_slug=request.brand.slug)


def _nothing_waits(request: BrandRequest) -> HttpResponse:
    messages.info(request, _("No list waits here. Type or upload one."))
    return redirect("studio_handouts", brand_slug=request.brand.slug)


def _form_page(
    request: BrandRequest, offer: Offer, form: ListForm, file_form: ListFileForm, status: int
) -> HttpResponse:
    given, left = hand_out.left_of(offer, timezone.now())
    context = {
        **_common(request),
        "offer": offer,
        "form": form,
        "file_form": file_form,
        "given": given,
        "left": left,
    }
    return render(request, "giftshop/studio/handouts/new_list.html", context, status=status)


def _dry_run(
    request: BrandRequest,
    draft: ListDraft,
    told: DryRun,
    left: int,
    form: ConsentForm,
    *,
    status: int = 200,
) -> HttpResponse:
    asked = request.GET.get("show", "")
    state = asked if asked in Verdict.values else ""
    counts = told.counts
    lines = [line for line in told.lines if line.verdict == state] if state else told.lines
    context = {
        **_common(request),
        "draft": draft,
        "offer": draft.offer,
        "told": told,
        "left": left,
        "form": form,
        "state": state,
        "states": [(each.value, each.label, counts[each]) for each in Verdict if counts[each]],
        "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "number": len(told.people),
        "is_outdated": status == 409,
        "law": law_of(request.brand.country).mail_consent,
    }
    return render(request, "giftshop/studio/handouts/list_draft.html", context, status=status)


def _common(request: BrandRequest) -> dict[str, Any]:
    return {"brand": request.brand, "section": "offers"}
