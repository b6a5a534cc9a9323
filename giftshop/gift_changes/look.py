"""What the recipient will see, for the sender alone: the e-mail or the message on a phone, and the page that
it leads to.

It opens nothing. The code on it is a word that no till knows, its links lead nowhere, and a form on it goes
nowhere (`form-action 'none'`).
"""

from collections.abc import Callable
from functools import wraps
from typing import cast

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from giftshop.delivery import emails
from giftshop.delivery.email_parts import Letter
from giftshop.delivery.models import Delivery
from giftshop.delivery.texts.words import gift_template_of, gift_text_of
from giftshop.gift_changes.access import GiftRequest, back, gift_of_order
from giftshop.gift_page.context import sample_page
from giftshop.order_page import may
from giftshop.orders.models import Gift
from giftshop.previews import letter_page, sample


def closed_gift(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """As `gift_of_order`, while there is something to look at: once it is opened its page says what its
    recipient chose, which is not the sender's to see."""

    @gift_of_order
    @wraps(view)
    def looked_at(request: GiftRequest, token: str, position: int) -> HttpResponse:
        if not may.of_gift(request.gift, timezone.now()).look:
            return back(token, position)
        return view(request, token, position)

    return looked_at


@csp_replace({"form-action": [NONE], "frame-src": [SELF]})
@require_safe
@closed_gift
def preview(request: GiftRequest, token: str, position: int) -> HttpResponse:
    """The e-mail in a frame or the message on a drawn phone, before the page; a link that the sender passes
    on has neither."""
    gift = request.gift
    if gift.channel == Gift.Channel.LINK:
        return redirect("order-gift-page", token, position)
    context = {
        "brand": request.order.brand,
        "gift": gift,
        "token": token,
        "language": gift.language,
        "page": reverse("order-gift-page", args=[token, position]),
    }
    if gift.channel in Gift.BY_NUMBER:
        context["message"] = _message(gift)
    else:
        letter = _letter(gift)
        frame = reverse("order-gift-letter", args=[token, position])
        context |= {"subject": letter.subject, "text": letter.body, "frame": frame}
    return render(cast(HttpRequest, request), "giftshop/gift_changes/look.html", context)


@require_safe
@closed_gift
def letter(request: GiftRequest, token: str, position: int) -> HttpResponse:
    """The e-mail alone, for that frame."""
    return letter_page.answer(_letter(request.gift))


@csp_replace({"form-action": [NONE]})
@require_safe
@closed_gift
def page(request: GiftRequest, token: str, position: int) -> HttpResponse:
    """The gift's page as it is once it was opened."""
    asked = cast(HttpRequest, request)
    messages.info(
        asked,
        _("Only you see this. It opens nothing, its code is none, and its buttons do nothing."),
    )
    context = sample_page(request.gift, plain=sample.CODE, token=sample.TOKEN)
    return render(asked, "giftshop/gift_page/gift.html", context)


def _message(gift: Gift) -> str:
    """As the phone shows it, by text or by WhatsApp."""
    delivery = Delivery(brand=gift.order.brand, purpose="gift", subject=f"gift:{gift.pk}")
    told = {"plain": sample.CODE, "token": sample.TOKEN}
    if gift.channel == Gift.Channel.WHATSAPP:
        return gift_template_of(delivery, gift, **told).words
    return gift_text_of(delivery, gift, **told)


def _letter(gift: Gift) -> Letter:
    delivery = Delivery(
        brand=gift.order.brand,
        purpose="gift",
        subject=f"gift:{gift.pk}",
        address=gift.recipient.shown_email or "ben@example.com",
    )
    return emails.gift_words(delivery, gift, plain=sample.CODE, token=sample.TOKEN)
