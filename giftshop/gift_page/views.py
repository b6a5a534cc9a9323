"""The recipient's gift page. GET shows, and changes nothing, ever: mail scanners open every link."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from giftshop import wrong_links
from giftshop.catalog import store_list
from giftshop.catalog.brands import languages_of, speak
from giftshop.delivery import data_links, purposes, suppression
from giftshop.gift_page.access import (
    GiftRequest,
    back,
    gift_page,
    is_looked_at_by_sender,
    is_opened_elsewhere,
    is_unwrapped_here,
    keep_to_itself,
    nothing_here,
    remember_unwrapping,
)
from giftshop.gift_page.context import (
    elsewhere,
    field_name,
    has_picks,
    is_usable,
    money_back,
    opened,
    places,
    questions,
    recipients_choices,
    stores_of,
    wrapped,
)
from giftshop.gift_page.forms import ThanksForm
from giftshop.gift_page.open import open_gift
from giftshop.gift_page.thanks import ThanksRefused, say_thanks
from giftshop.orders.models import Gift, Recipient
from redemption.choices import WrongPick
from redemption.codes.choose import ChoosingRefused, choose
from redemption.models import Code

PAGE = "giftshop/gift_page/gift.html"
KEY_LENGTH_MAX = 64
ELSEWHERE = "giftshop/gift_page/elsewhere.html"


@require_safe
@gift_page
def show(request: GiftRequest, token: str) -> HttpResponse:
    if is_unwrapped_here(request) or _is_gone(request):
        return render(request, PAGE, opened(request.gift))
    if is_opened_elsewhere(request):
        return render(request, ELSEWHERE, elsewhere(request.gift, timezone.now()))
    shown = wrapped(request.gift, for_sender=is_looked_at_by_sender(request))
    return render(request, "giftshop/gift_page/wrapped.html", shown)


def _is_gone(request: GiftRequest) -> bool:
    """Nothing is left to unwrap."""
    is_void = request.code.state == Code.State.VOIDED
    return is_void or money_back(request.gift, request.code) is not None


@require_safe
@gift_page
def stores(request: GiftRequest, token: str) -> HttpResponse:
    """All stores that take the gift, or those that were looked for."""
    now = timezone.now()
    if not is_unwrapped_here(request) or not is_usable(request.code, now):
        return back(token)
    found = store_list.found_by(cast(HttpRequest, request), stores_of(request.gift, request.code))
    context = {
        "brand": request.brand,
        "token": token,
        "page": found.page,
        "words": found.words,
        "places": places(request.gift, found.page, now),
        "gift": request.gift,
    }
    return render(request, "giftshop/gift_page/stores.html", context)


@require_POST
@gift_page
def opening(request: GiftRequest, token: str) -> HttpResponse:
    """The first browser opens it; another one gets in by a code."""
    response = back(token)
    if is_looked_at_by_sender(request) and "mine" not in request.POST:
        return response
    key = request.POST.get("key", "")[:KEY_LENGTH_MAX]
    if open_gift(gift_id=request.gift.pk, token=token, key=key):
        remember_unwrapping(request, response, token)
    return response


@require_POST
@gift_page
def language(request: GiftRequest, token: str) -> HttpResponse:
    """The recipient reads another one: the page and what is written to them from now on are in it."""
    chosen = request.POST.get("language", "")
    if chosen in languages_of(request.brand):
        Recipient.objects.filter(pk=request.gift.recipient_id).update(language=chosen)
    pages = [reverse(name, args=[token]) for name in ("gift", "gift-stores", "gift-return")]
    stood = request.POST.get("next", "")
    response = HttpResponseRedirect(stood if stood in pages else pages[0])
    response.status_code = 303
    return response


@require_POST
@gift_page
def choices(request: GiftRequest, token: str) -> HttpResponse:
    if not is_unwrapped_here(request):
        return back(token)
    picks = {
        choice["key"]: request.POST.getlist(field_name(choice["key"]))
        for choice in recipients_choices(request.code)
    }
    try:
        request.gift.code = choose(code_id=request.code.pk, picks=picks)
        said: dict[str, Any] = {"picked_nothing": not has_picks(request.gift.code)}
    except WrongPick as error:
        said = {
            "wrong_pick": str(error),
            "wrong_choice": error.choice,
            "questions": questions(request.code, picks),
        }
    except ChoosingRefused:
        said = {"wrong_pick": _("This gift can no longer be changed.")}
    return _part(request, token, "choices", said)


@require_POST
@gift_page
def thanks(request: GiftRequest, token: str) -> HttpResponse:
    form = ThanksForm(request.POST)
    if not is_unwrapped_here(request):
        return back(token)
    if form.is_valid():
        try:
            request.gift = _with_thanks(request.gift, form.cleaned_data["words"])
        except ThanksRefused:
            request.gift.refresh_from_db(fields=["thanks", "thanked_at"])
            form.add_error(
                "words",
                _("Thanks were sent from another page a moment ago. These words were not sent."),
            )
    if form.errors:
        form.fields["words"].widget.attrs["autofocus"] = True
    return _part(request, token, "thanks", {"thanks_form": form})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest, signed: str) -> HttpResponse:
    """Never write to me again. GET asks; POST does it, from the page or a mail program's own button."""
    delivery = suppression.delivery_for(signed)
    if delivery is None:
        return keep_to_itself(wrong_links.refuse(request, nothing_here("404.html")))
    brand = delivery.sender
    speak(request, brand)
    everywhere = request.POST.get("whose") == "any"
    if request.method == "POST" and delivery.address:  # erased, it is known to nobody here
        suppression.suppress(address=delivery.address, brand=None if everywhere else brand)
    context = {
        "brand": brand,
        "done": request.method == "POST",
        "everywhere": everywhere,
        "why": purposes.find(delivery.purpose).why,
        "data_path": data_links.path_of_letter(delivery),
    }
    return keep_to_itself(render(request, "giftshop/gift_page/stop_mail.html", context))


def _with_thanks(gift: Gift, words: str) -> Gift:
    said = say_thanks(gift_id=gift.pk, words=words)
    gift.thanks, gift.thanked_at = said.thanks, said.thanked_at
    return gift


def _part(request: GiftRequest, token: str, part: str, said: dict[str, Any]) -> HttpResponse:
    """The part of the page that changed, for htmx; the page again after a plain form."""
    failed = "wrong_pick" in said or ("thanks_form" in said and said["thanks_form"].errors)
    if not request.htmx and not failed and not said.get("picked_nothing"):  # type: ignore[attr-defined]
        return back(token, part)
    template = f"{PAGE}#{part}" if request.htmx else PAGE  # type: ignore[attr-defined]
    return render(cast(HttpRequest, request), template, {**opened(request.gift), **said})
