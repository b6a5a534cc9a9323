"""Shop, e-mail and gift page with settings that are not saved: for the owner, before they press Save.

Nothing is written and nothing is sent. The brand is a copy in memory; a form on the page goes nowhere
(`form-action 'none'`), and the gift on it is a sample.
"""

import copy
from dataclasses import asdict
from datetime import datetime
from typing import Any

from csp.constants import NONE
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from brands.models import Brand
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission
from giftshop.catalog.brands import speak
from giftshop.catalog.views import shop_page
from giftshop.delivery import emails
from giftshop.delivery.models import Delivery
from giftshop.gift_page.context import sample_page
from giftshop.previews import sample
from giftshop.studio.brand import views as studio


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
    brand = copy.copy(request.brand)
    for column, value in asdict(form.facts()).items():
        setattr(brand, column, value)
    speak(request, brand)
    messages.info(request, _("A preview: nothing of it is saved, and its buttons do nothing."))
    response = show(request, brand, timezone.now())
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response._csp_replace = {"form-action": [NONE]}  # type: ignore[attr-defined]  # as django-csp reads it
    add_never_cache_headers(response)
    return response


def _shop(request: BrandRequest, brand: Brand, now: datetime) -> HttpResponse:
    return shop_page(request, brand)


def _gift(request: BrandRequest, brand: Brand, now: datetime) -> HttpResponse:
    context = sample_page(sample.gift(brand, now=now), plain=sample.CODE, token=sample.TOKEN)
    return render(request, "giftshop/gift_page/gift.html", context)


def _mail(request: BrandRequest, brand: Brand, now: datetime) -> HttpResponse:
    """Its words and headers: how a mail program draws it, only a mail program shows."""
    gift = sample.gift(brand, now=now)
    delivery = Delivery(
        brand=brand, purpose="gift", subject=f"gift:{gift.pk}", address="ben@example.com"
    )
    letter = emails.gift_words(delivery, gift, plain=sample.CODE, token=sample.TOKEN)
    headers = letter.message()
    context: dict[str, Any] = {
        "brand": brand,
        "sent_from": letter.from_email,
        "answers_to": headers["Reply-To"] or letter.from_email,
        "subject": letter.subject,
        "text": letter.body,
    }
    return render(request, "giftshop/previews/mail.html", context)


SHOWN = {"shop": _shop, "gift": _gift, "mail": _mail}
