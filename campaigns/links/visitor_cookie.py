"""The cookie by which a browser is known again: a random id of ours, which says nothing of who is there.

Where the law of the brand's country wants it, only after the browser's yes, to that brand alone
(decision 46).
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from brands.models import Brand
from brands.policy.countries import law_of
from campaigns.links.attribution import WINDOW
from campaigns.links.visitors import asks_not_to_be_tracked
from core import crypto

COOKIE = "visitor"
DAYS = 90
DAYS_AFTER_A_YES = WINDOW.days
"""No longer than a link can earn an order."""
LENGTH_MAX = 64


def wants_yes(brand: Brand) -> bool:
    """Whether a browser is asked before it keeps the brand's cookie."""
    return law_of(brand.country).cookie_consent is not None


def name_of(brand: Brand) -> str:
    """One for all brands that need not ask. What was said to a brand that asked was said to no other."""
    return f"{COOKIE}-{brand.pk.hex}" if wants_yes(brand) else COOKIE


def days_of(brand: Brand) -> int:
    """How long the browser keeps it."""
    return DAYS_AFTER_A_YES if wants_yes(brand) else DAYS


def read(request: HttpRequest, *, brand: Brand) -> str:
    """The id that the brand may know the browser by. Empty of one without, and of who asks not to be
    tracked."""
    if asks_not_to_be_tracked(request):
        return ""
    return request.COOKIES.get(name_of(brand), "")[:LENGTH_MAX]


def all_in(request: HttpRequest) -> list[str]:
    """The names of all such cookies of the browser, whichever brand's."""
    return [name for name in request.COOKIES if name == COOKIE or name.startswith(f"{COOKIE}-")]


def put(response: HttpResponse, visitor_id: str, *, brand: Brand) -> None:
    response.set_cookie(
        name_of(brand),
        visitor_id,
        max_age=days_of(brand) * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def drop(response: HttpResponse, *names: str) -> None:
    for name in names:
        response.delete_cookie(name, samesite="Lax")


def new_id() -> str:
    return crypto.new_token()
