"""What a shop keeps of somebody who has no account, and what they can do about it. GET changes nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_scopes import scope

from giftshop import wrong_links
from giftshop.catalog.brands import speak
from giftshop.delivery import suppression
from giftshop.delivery.mend import MendRefused
from giftshop.privacy import erase_handed_out, erase_senders, not_theirs
from giftshop.privacy import person as people
from giftshop.privacy.erase import erase
from giftshop.privacy.kept import kept_of
from giftshop.privacy.person import Person, Role

View = Callable[..., HttpResponse]


class PersonRequest(HttpRequest):
    """A request by somebody whose link was shown."""

    person: Person


def with_proof(view: View) -> View:
    """For views of `<str:proof>`: puts `person` on the request and enters the brand's scope. The address is
    the authority, and no cookie is: see gift_page.access. Two queries."""

    @csrf_exempt
    @wraps(view)
    def entered(request: Any, proof: str, *args: Any, **kwargs: Any) -> HttpResponse:
        found = people.find(proof)
        if found is None:
            nothing = HttpResponse(render_to_string("404.html"), status=404)
            return _private(wrong_links.refuse(request, nothing))
        request.person = found
        speak(request, found.brand)
        with scope(brand=found.brand):
            return _private(view(request, proof, *args, **kwargs))

    return entered


@require_safe
@with_proof
def your_data(request: PersonRequest, proof: str) -> HttpResponse:
    """Four queries at most: the link's two, their gifts, whether they want letters."""
    asked = request.person
    kept = kept_of(asked, timezone.now())
    context = {
        **_common(request, proof),
        "kept": kept,
        "may_say_not_me": not_theirs.may_say(asked, timezone.now()),
        "said_not_me": asked.held_back,
        **_letters(asked),
    }
    return _show(request, "giftshop/privacy/your_data.html", context)


@require_POST
@with_proof
def no_letters(request: PersonRequest, proof: str) -> HttpResponse:
    """Never write to me again: this shop or, said once more, any here. A gift's page says it for its shop
    alone, since that link may have been passed on."""
    asked = request.person
    if asked.address:
        everywhere = request.POST.get("whose") == "any" and asked.is_proven
        brand = None if everywhere else asked.brand
        suppression.suppress(address=asked.address, brand=brand, now=timezone.now())
    return _back(proof, "letters")


@require_http_methods(["GET", "HEAD", "POST"])
@with_proof
def not_me(request: PersonRequest, proof: str) -> HttpResponse:
    """GET asks, POST holds the gift back. What was done already leads back."""
    asked = request.person
    if asked.gift is None or not not_theirs.may_say(asked, timezone.now()):
        return _back(proof)
    why, status = "", 200
    if request.method == "POST":
        try:
            not_theirs.say(asked, now=timezone.now())
            return _back(proof)
        except MendRefused as refused:
            why, status = str(refused.reason.label), 409
    context = {
        **_common(request, proof),
        "gift": asked.gift,
        "sender": asked.gift.order.sender,
        "why": why,
    }
    return _show(request, "giftshop/privacy/not_me.html", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@with_proof
def erasure(request: PersonRequest, proof: str) -> HttpResponse:
    """GET asks, POST erases. What is erased already leads back."""
    asked = request.person
    if asked.role is Role.SENDER:
        return _erasure_of_sender(request, proof)
    if asked.role is not Role.RECIPIENT or not (asked.address or asked.gifts()):
        return _back(proof)
    if request.method == "POST":
        now, address = timezone.now(), asked.address if asked.is_proven else ""
        erase(asked, now=now)
        if address:
            erase_handed_out.erase(address, now=now)
        return _back(proof)
    gifts = asked.gifts()
    context = {**_common(request, proof), "gifts": gifts, **_letters(asked)}
    return _show(request, "giftshop/privacy/erasure.html", context)


def _erasure_of_sender(request: PersonRequest, proof: str) -> HttpResponse:
    asked = request.person
    if not (asked.is_proven and asked.address):
        return _back(proof)
    if request.method == "POST":
        erase_senders.erase(asked, now=timezone.now())
        return _back(proof)
    context = {**_common(request, proof), "orders": len(erase_senders.orders_of(asked))}
    return _show(request, "giftshop/privacy/sender_erasure.html", context)


def _letters(asked: Person) -> dict[str, Any]:
    """Whether they want none. One query."""
    if not asked.address:
        return {"has_address": False}
    rows = suppression.of(address=asked.address, brand=asked.brand)
    return {
        "has_address": True,
        "wants_none": bool(rows),
        "wants_none_at_all": any(row.brand_id is None for row in rows),
    }


def _common(request: PersonRequest, proof: str) -> dict[str, Any]:
    asked = request.person
    return {
        "brand": asked.brand,
        "proof": proof,
        "person": asked,
        "is_recipient": asked.role is Role.RECIPIENT,
        "is_sender": asked.role is Role.SENDER,
    }


def _show(
    request: PersonRequest, page: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(cast(HttpRequest, request), page, context, status=status)


def _back(proof: str, part: str = "") -> HttpResponseRedirect:
    anchor = f"#{part}" if part else ""
    response = HttpResponseRedirect(reverse("your-data", args=[proof]) + anchor)
    response.status_code = 303
    return response


def _private(response: HttpResponse) -> HttpResponse:
    """The address is a secret: it goes to no other site and no index."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
