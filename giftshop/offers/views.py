"""An offer's own page, where anybody takes it, and the page of what somebody was given."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scope, scopes_disabled

from brands.models import Brand, Store
from core import crypto, validity
from core.bidi import isolated
from giftshop import wrong_links
from giftshop.catalog import contents_of_gift, store_list
from giftshop.catalog.brands import speak
from giftshop.http.said_on import say_on, with_query
from giftshop.offers import carried
from giftshop.offers.discount import in_words
from giftshop.offers.models import Offer, OfferUse
from giftshop.offers.use import UseRefusal, UseRefused, given_by, promise, refusal_of, use, use_of
from redemption import code_format
from redemption.codes import qr
from redemption.models import Code

COOKIE = "taker"
COOKIE_DAYS = 400
COOKIE_LENGTH_MAX = 64
HOLDER = "browser:"
FATES = {
    Code.State.REDEEMED: "enjoyed",
    Code.State.ON_HOLD: "held",
    Code.State.VOIDED: "taken-back",
}


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows what is offered; a POST takes it, once for each browser. Whoever has it already is led to it."""
    with scopes_disabled():
        found = Offer.objects.select_related("brand").filter(slug=slug.lower()[:40]).first()
    if found is None or found.brand.opened_at is None or found.brand.closed_at:
        raise Http404
    speak(request, found.brand)
    if found.whom != Offer.Whom.ANYBODY:  # it is had on another page
        return _to_shop(request, found)
    with scope(brand=found.brand):
        return _take(request, found) if request.method == "POST" else _page(request, found)


def _to_shop(request: HttpRequest, found: Offer) -> HttpResponse:
    """Its page is another; what a link takes off comes off the order that is begun next. What its address
    says of how somebody came goes along."""
    address = reverse("shop", args=[found.brand.slug])
    shop = redirect(with_query(address, request.GET.dict()))
    if not found.promo_code:
        return shop
    state = found.state_on(timezone.localdate(timezone.now(), found.brand.tz))
    about = {"offer": isolated(found.said["name"]), "what": in_words(found)}
    if state == Offer.State.OPEN:
        carried.carry(shop, found)
        messages.success(request, _("%(offer)s: %(what)s. You see it before you pay.") % about)
    else:
        messages.info(request, _("%(offer)s can't be had right now.") % about)
    return shop


def _take(request: HttpRequest, found: Offer) -> HttpResponse:
    known = _browser(request)
    browser = known or _new_browser(request)
    if not browser:  # a second tap will bring its cookie along
        return _page(request, found, problem="cookies", status=422)
    seen = request.POST.get("seen", "")[:COOKIE_LENGTH_MAX]
    campaign_id, link_id = _came_by(request, found.brand)
    try:
        had = use(
            offer_id=found.pk,
            holder=browser,
            seen=seen,
            campaign_id=campaign_id,
            link_id=link_id,
        )
    except Offer.DoesNotExist:  # it became one for others meanwhile
        shop = reverse("shop", args=[found.brand.slug])
        return redirect(say_on(request, found.brand, shop))
    except UseRefused as refused:
        changed = refused.reason == UseRefusal.CHANGED
        found.refresh_from_db()  # as it is by now
        return _page(request, found, problem="changed" if changed else "", status=409)
    response = HttpResponseRedirect(_gift_of(request, found.brand, had))
    response.status_code = 303
    if not known:
        _remember(response, browser)
    return response


def _page(
    request: HttpRequest, found: Offer, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """Keeps nothing in the browser but what its form needs. At most 5 queries."""
    now, browser = timezone.now(), _browser(request)
    day = timezone.localdate(now, found.brand.tz)
    given = given_by(found, day)
    had = use_of(found, browser) if browser else None
    refusal = None if had else refusal_of(found, given, day)
    context = {
        "brand": found.brand,
        "offer": found,
        "given": given,
        "had": had,
        "refusal": refusal,
        "problem": "" if had or refusal else problem,
        "told": contents_of_gift.read(given.treat).treat if given and given.treat else None,
        "until": validity.last_day(
            validity.expiry(now, days=found.good_days, zone=found.brand.tz), found.brand.tz
        ),
        "seen": promise(found, given),
    }
    return render(request, "giftshop/offers/offer.html", context, status=status)


@require_safe
def offer_gift(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody was given: its code, until when, and the words that laws want on it. Whoever has the
    link has the gift. At most 5 queries, and one for a browser that followed a link."""
    digest = crypto.token_digest(token)
    with scopes_disabled():
        everything = OfferUse.objects.select_related(
            "offer__brand", "treat", "code__brand", "code__option_list"
        )
        its = everything.filter(token_digest=digest, code__isnull=False)
        found = its.filter(handout_id=None).first()  # of a sheet nobody has a link
    if found is None:
        nothing = HttpResponse(render_to_string("404.html"), status=404)
        return keep_to_itself(wrong_links.refuse(request, nothing))
    speak(request, found.offer.brand)
    with scope(brand=found.offer.brand):
        context = shown(found, timezone.now())
        if not context["was_earned"]:  # who bought something knows the way
            context["way_on"] = _way_on(request, found.offer.brand)
        return keep_to_itself(render(request, "giftshop/offers/gift.html", context))


def shown(found: OfferUse, now: datetime) -> dict[str, Any]:
    """What the page of a use that was given shows. Expects its offer, treat and code with its options, and
    the brand's scope. 3 queries at most."""
    offer, code = found.offer, _code_of(found)
    is_good = code.state == Code.State.ACTIVE and code.expires_at > now
    plain = code.reveal() if is_good else None
    treat = found.treat if code.kind == Code.Kind.ITEM else None
    stores = Store.objects.good_for(code.store_ids)
    nearest, count = store_list.at_first(treat.stores_among(stores) if treat else stores, now)
    return {
        "brand": offer.brand,
        "offer": offer,
        "treat": treat,
        "code": code,
        "was_earned": found.order_id is not None,
        "is_unearned": found.unearned_at is not None,
        "fate": "good" if plain else FATES.get(Code.State(code.state), "past"),
        "plain": plain,
        "groups": code_format.grouped(plain).split("-") if plain else [],
        "qr": qr.svg(plain) if plain else None,
        "until": code.last_day,
        "told": contents_of_gift.read(treat).treat if treat and is_good else None,
        "choices": [each for each in code.choices if each["chooser"] == "recipient"],
        "stores": nearest if is_good else [],
        "store_count": count,
    }


def _code_of(found: OfferUse) -> Code:
    if found.code is None:
        raise ValueError("what is only kept free has no page")
    return found.code


def _browser(request: HttpRequest) -> str:
    """Who asks: browser:<its id>; empty for one that took nothing yet."""
    kept = request.COOKIES.get(COOKIE, "")[:COOKIE_LENGTH_MAX]
    return f"{HOLDER}{kept}" if kept else ""


def _new_browser(request: HttpRequest) -> str:
    """The same of one that takes for the first time: by the cookie that came with its form, so that two taps
    at once are one browser's. Empty for one that kept none."""
    form = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    return f"{HOLDER}{crypto.digest(f'taker:{form}')[:16].hex()}" if form else ""


def _remember(response: HttpResponse, browser: str) -> None:
    """An id of its own, for pages of offers alone, from the tap on: no page else gets it, and no table keeps
    it."""
    response.set_cookie(
        COOKIE,
        browser.removeprefix(HOLDER),
        max_age=COOKIE_DAYS * 24 * 3600,
        path="/o/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _came_by(request: HttpRequest, brand: Brand) -> tuple[UUID | None, UUID | None]:
    """The running campaign and its link that brought this browser (campaigns/links/middleware.py), if any."""
    ask: Callable[..., tuple[UUID, UUID] | None] | None = getattr(request, "came_by", None)
    return (ask(brand=brand) if ask else None) or (None, None)


def _gift_of(request: HttpRequest, brand: Brand, had: OfferUse) -> str:
    """The address of what somebody was given; it says on by which link they came, where no cookie does."""
    return say_on(request, brand, reverse("offer-gift", args=[had.link_token()]))


def _way_on(request: HttpRequest, brand: Brand) -> str:
    """To the page of the campaign that brought this browser here, or else to the shop."""
    ask: Callable[..., str] | None = getattr(request, "campaign_page", None)
    page = ask(brand=brand) if ask else ""
    return say_on(request, brand, page or reverse("shop", args=[brand.slug]))


def keep_to_itself(response: HttpResponse) -> HttpResponse:
    """No address in a referrer, no place in a search engine."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
