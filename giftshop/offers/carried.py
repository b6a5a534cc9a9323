"""The code of a link that somebody followed: their browser keeps it alone, for a week of orders begun."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from giftshop.offers import promo_codes
from giftshop.offers.models import Offer

COOKIE = "promo"
COOKIE_DAYS = 7


def carry(response: HttpResponse, offer: Offer) -> None:
    """The last link that was followed counts. It goes to where the brand's orders are begun alone, names
    nobody and opens nothing. Expects the offer's brand."""
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
    """Empty for none, and for what can be no code."""
    return promo_codes.read(request.COOKIES.get(COOKIE, ""))
