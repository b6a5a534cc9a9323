"""How one enters a gift's page: by its secret, and no other way.

The address is the authority; no cookie is. So these views need no CSRF token, and could not have one:
under `no-referrer`, which keeps the secret from leaking, browsers send `Origin: null` with a form.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop import wrong_links
from giftshop.catalog.brands import speak
from giftshop.openings import sender_browsers
from giftshop.orders.models import Gift
from redemption.models import Code

COOKIE_DAYS = 400
_SALT = "giftshop.delivery.opened"

View = Callable[..., HttpResponse]


class GiftRequest(HttpRequest):
    """A request for one gift whose secret was shown."""

    gift: Gift
    brand: Brand
    language_url: str
    """Where its reader says which language they read."""
    code: Code
    """The gift's: a gift without one has no page yet."""


def gift_page(view: View) -> View:
    """For views of `<str:token>`: puts `gift`, `code` and `brand` on the request and enters the scope.

    No such gift, not paid, not due: one and the same answer, which reveals nothing; the database sorts
    them out, so that its time is the same too. One query.
    """

    @csrf_exempt
    @wraps(view)
    def entered(request: Any, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        with scopes_disabled():
            pages = Gift.objects.with_everything().select_related("code__option_list")
            gift = pages.to_be_opened(timezone.now()).with_token(token).first()
        if gift is None or gift.code is None:
            return keep_to_itself(wrong_links.refuse(request, nothing_here()))
        request.gift, request.code, request.brand = gift, gift.code, gift.order.brand
        speak(request, request.brand, gift.recipient.language)
        request.language_url = reverse("gift-language", args=[token])
        with scope(brand=request.brand):
            return keep_to_itself(view(request, token, *args, **kwargs))

    return entered


def nothing_here(template: str = "giftshop/gift_page/nothing_here.html") -> HttpResponse:
    """The same bytes for everyone: rendered without the request, so not even a form token differs."""
    return HttpResponse(render_to_string(template), status=404)


def keep_to_itself(response: HttpResponse) -> HttpResponse:
    """No address in a referrer, no place in a search engine."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def back(token: str, part: str = "") -> HttpResponseRedirect:
    """To the gift's page, where a part of it stands: after something was sent."""
    response = HttpResponseRedirect(reverse("gift", args=[token]) + (part and f"#{part}"))
    response.status_code = 303
    return response


def is_unwrapped_here(request: GiftRequest) -> bool:
    """Whether this browser opened this gift before."""
    value = request.get_signed_cookie(_cookie_name(request.gift), default="", salt=_SALT)
    return bool(value == str(request.gift.pk))


def is_opened_elsewhere(request: GiftRequest) -> bool:
    """Whether it was opened, and not by this browser: it gets in by a code (giftshop/openings)."""
    return request.gift.opened_at is not None and not is_unwrapped_here(request)


def is_looked_at_by_sender(request: GiftRequest) -> bool:
    """Whether this browser showed the order's page: what is tapped here is a look, unless it is said that the
    gift is for whoever looks."""
    return sender_browsers.is_senders(request, request.gift.order_id)


def remember_unwrapping(request: GiftRequest, response: HttpResponse, token: str) -> None:
    """Signed and bound to the gift: a cookie for one gift opens no other, and is sent to its pages only,
    since those of many gifts together would be longer than a header may be."""
    response.set_signed_cookie(
        _cookie_name(request.gift),
        str(request.gift.pk),
        salt=_SALT,
        max_age=COOKIE_DAYS * 24 * 3600,
        path=reverse("gift", args=[token]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _cookie_name(gift: Gift) -> str:
    return f"opened-{gift.pk.hex}"
