"""The page of what somebody on a list was given: wrapped until they open it. GET changes nothing."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django_scopes import scope, scopes_disabled

from core import crypto
from giftshop import wrong_links
from giftshop.catalog.brands import speak
from giftshop.delivery import data_links
from giftshop.delivery.models import Delivery
from giftshop.handouts.models import HandoutLine
from giftshop.offers.views import keep_to_itself, shown
from redemption.models import Code


@require_safe
def handout_gift(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link has the gift. At most 6 queries."""
    line = _find(token)
    if line is None:
        return _nothing(request)
    use, brand = line.use, line.handout.brand
    assert use is not None  # nosec B101  # it was found by that
    assert use.code is not None  # nosec B101
    speak(request, brand)
    with scope(brand=brand):
        context: dict[str, Any] = {"data_path": _data_path(line), "token": token}
        if line.opened_at is None and use.code.state == Code.State.ACTIVE:
            context |= {"brand": brand, "offer": use.offer, "name": line.short_name}
            page = render(request, "giftshop/handouts/wrapped.html", context)
        else:
            context |= shown(use, timezone.now())
            page = render(request, "giftshop/offers/gift.html", context)
    return keep_to_itself(page)


@require_POST
@csrf_exempt
def handout_gift_opening(request: HttpRequest, token: str) -> HttpResponse:
    """The link is the authority, and no cookie is: see gift_page.access."""
    line = _find(token)
    if line is None:
        return _nothing(request)
    with scope(brand=line.handout.brand):
        unopened = HandoutLine.objects.filter(pk=line.pk, opened_at=None)
        unopened.update(opened_at=timezone.now())
    response = HttpResponseRedirect(reverse("handout-gift", args=[token]))
    response.status_code = 303
    return keep_to_itself(response)


def _find(token: str) -> HandoutLine | None:
    with scopes_disabled():
        rows = HandoutLine.objects.select_related(
            *("handout__brand", "use__offer__brand", "use__treat"),
            *("use__code__brand", "use__code__option_list"),
        )
        its = rows.filter(use__token_digest=crypto.token_digest(token), use__code__isnull=False)
        return its.first()


def _data_path(line: HandoutLine) -> str:
    """What is kept of them, by the letter that brought it. One query."""
    letter = Delivery.objects.filter(subject=f"handed_out:{line.pk}").order_by("-version").first()
    return data_links.path_of_letter(letter) if letter else ""


def _nothing(request: HttpRequest) -> HttpResponse:
    nothing = HttpResponse(render_to_string("404.html"), status=404)
    return keep_to_itself(wrong_links.refuse(request, nothing))
