"""Shop, e-mail and gift page with settings that are not saved: for the owner, before they press Save.

Nothing is written and nothing is sent. The brand is a copy in memory; a form on the page goes nowhere
(`form-action 'none'`), and the gift on it is a sample. The e-mail stands in a frame, whose address carries
what it shows of what was typed, signed.
"""

import copy
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from typing import Any
from urllib.parse import urlencode

from csp.constants import NONE, SELF
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from brands.models import Brand
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.catalog.brands import speak
from giftshop.catalog.views import shop_page
from giftshop.delivery import emails
from giftshop.delivery.email_parts import Letter
from giftshop.delivery.models import Delivery
from giftshop.gift_page.context import sample_page
from giftshop.previews import letter_page, sample
from giftshop.studio.brand import views as studio

LIFE = timedelta(hours=1)
SEEN = ("name", "theme", "support_email", "currency", "time_zone", "language", "languages")
"""What an e-mail shows of a brand: no long texts, for an address carries it."""


@require_POST
@member_of_brand(Permission.CHANGE_BRAND)
def preview(request: BrandRequest) -> HttpResponse:
    """What the form of one section would make of the page that was asked for; the section itself where it
    is not filled in right."""
    section = next((each for each in studio.SECTIONS if each.route == request.POST.get("of")), None)
    show = SHOWN.get(request.POST.get("show", ""))
    if section is None or show is None:
        raise Http404
    form = section.form(request.POST, brand=request.brand)
    if not form.is_valid():
        return studio.show(request, section, form, 422)
    brand = _with(request.brand, asdict(form.facts()))
    speak(request, brand)
    messages.info(request, _("A preview: nothing of it is saved, and its buttons do nothing."))
    response = show(request, brand, timezone.now())
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response._csp_replace = {  # type: ignore[attr-defined]  # as django-csp reads it
        "form-action": [NONE],
        **({"frame-src": [SELF]} if show is _mail else {}),
    }
    add_never_cache_headers(response)
    return response


def _shop(request: BrandRequest, brand: Brand, now: datetime) -> HttpResponse:
    return shop_page(request, brand)


def _gift(request: BrandRequest, brand: Brand, now: datetime) -> HttpResponse:
    context = sample_page(sample.gift(brand, now=now), plain=sample.CODE, token=sample.TOKEN)
    return render(request, "giftshop/gift_page/gift.html", context)


def _mail(request: BrandRequest, brand: Brand, now: datetime) -> HttpResponse:
    """From whom it comes, and how it looks. Its text is what some mail programs show instead."""
    letter = _letter(brand, now)
    headers = letter.message()
    saved = request.brand
    other = {
        name: getattr(brand, name) for name in SEEN if getattr(brand, name) != getattr(saved, name)
    }
    address = reverse("studio_brand_letter", args=[saved.slug])
    context: dict[str, Any] = {
        "brand": brand,
        "sent_from": str(make_header(decode_header(letter.from_email))),
        "answers_to": headers["Reply-To"] or letter.from_email,
        "subject": letter.subject,
        "text": letter.body,
        "address": f"{address}?{urlencode({'with': _signer(saved).sign_object(other, compress=True)})}",
    }
    return render(request, "giftshop/previews/mail.html", context)


@require_safe
@member_of_brand(Permission.CHANGE_BRAND)
def letter(request: BrandRequest) -> HttpResponse:
    """The e-mail alone, for the frame of its preview: as it is saved, or `with` what was typed there."""
    try:
        signed = request.GET.get("with")
        typed = _signer(request.brand).unsign_object(signed, max_age=LIFE) if signed else {}
    except signing.BadSignature as unknown:
        raise Http404 from unknown
    brand = _with(request.brand, typed)
    speak(request, brand)
    response = letter_page.answer(_letter(brand, timezone.now()))
    add_never_cache_headers(response)
    return response


def _letter(brand: Brand, now: datetime) -> Letter:
    gift = sample.gift(brand, now=now)
    delivery = Delivery(
        brand=brand, purpose="gift", subject=f"gift:{gift.pk}", address="ben@example.com"
    )
    return emails.gift_words(delivery, gift, plain=sample.CODE, token=sample.TOKEN)


def _with(saved: Brand, typed: Mapping[str, Any]) -> Brand:
    """A copy in memory with other columns."""
    brand = copy.copy(saved)
    for column, value in typed.items():
        setattr(brand, column, value)
    return brand


def _signer(brand: Brand) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"preview of a letter of {brand.pk}")


SHOWN = {"shop": _shop, "gift": _gift, "mail": _mail}
