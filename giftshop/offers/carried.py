"""The code of a link that somebody followed, until they begin an order: their browser keeps it alone, for a
week; where the brand's country wants a yes first, the address says it from page to page (decision 46)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from brands.policy.countries import law_of
from giftshop.http.said_on import says, typed, with_query
from giftshop.offers import promo_codes, purchase
from giftshop.offers.models import Offer

COOKIE = "promo"
COOKIE_DAYS = 7
CODE = "code"
"""Under which an address and a form say it."""


def carry(response: HttpResponse, offer: Offer) -> None:
    """On a redirect to the shop. The last link that was followed counts. The cookie goes to where the brand's
    orders are begun alone, names nobody and opens nothing. Expects the offer's brand."""
    if _stays_in_addresses(offer.brand):
        response["Location"] = with_query(response["Location"], {CODE: offer.promo_code})
        return
    response.set_cookie(
        COOKIE,
        offer.promo_code,
        max_age=COOKIE_DAYS * 24 * 3600,
        path=reverse("give", args=[offer.brand.slug]),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def code_of(request: HttpRequest) -> str:
    """What an order begins with, by the form that begins it, else by the browser. Empty for none, and for
    what can be no code."""
    return promo_codes.read(request.POST.get(CODE) or request.COOKIES.get(COOKIE, ""))


@says(CODE)
def _said(request: HttpRequest, brand: Brand) -> str:
    """A code that is good now; of a present that was begun with one (giving/access.py), that one."""
    if not _stays_in_addresses(brand):
        return ""
    begun = getattr(request, "draft", None)
    said = typed(request, CODE) or str(begun.data.get("promo", "") if begun else "")
    if not said:
        return ""
    with scope(brand=brand):
        offer = purchase.of_code(said)
    day = timezone.localdate(timezone.now(), brand.tz)
    return offer.promo_code if offer and offer.state_on(day) == Offer.State.OPEN else ""


def _stays_in_addresses(brand: Brand) -> bool:
    return law_of(brand.country).cookie_consent is not None
