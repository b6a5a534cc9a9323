"""The page on which a sender puts one gift right, until it is opened.

GET changes nothing. A form that is older than what is kept is shown again with what was typed, and so is one
that comes too late: nothing of it is lost.
"""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.bidi import isolated, left_to_right
from core.forms.version import SavedSince
from giftshop.delivery.mend import MendRefusal, MendRefused, mend, refusal_of
from giftshop.gift_changes.access import GiftRequest, back, gift_of_order, read
from giftshop.gift_changes.forms import Change
from giftshop.orders.models import Gift
from redemption.codes.acts import ActRefused

PAGE = "giftshop/gift_changes/change.html"
AT_A_FIELD = {
    MendRefusal.TOO_FAR: "date",
    MendRefusal.NO_ADDRESS: "email",
    MendRefusal.NO_TEXTS: "phone",
}


@require_http_methods(["GET", "HEAD", "POST"])
@gift_of_order
def change(request: GiftRequest, token: str, position: int) -> HttpResponse:
    """Two queries to show it."""
    now = timezone.now()
    if request.method != "POST":
        return _shown(request, token, Change(request.gift, now=now))
    form = Change(request.gift, now=now, post=request.POST)
    if form.problems():
        return _shown(request, token, form, status=422)
    try:
        is_changed = mend(
            gift_id=request.gift.pk,
            order_id=request.order.pk,
            wanted=form.wanted(),
            seen=form.kept.seen,
            now=now,
        )
    except SavedSince:
        request.gift = read(request, position)
        form = Change(request.gift, now=now, post=request.POST)
        form.show_over_saved()
        return _shown(request, token, form, status=409)
    except (MendRefused, ActRefused) as refused:
        return _refused(request, token, form, refused)
    said = _said(read(request, position)) if is_changed else _("Nothing was changed.")
    messages.success(cast(HttpRequest, request), said)
    return back(token, position)


def _refused(
    request: GiftRequest, token: str, form: Change, refused: MendRefused | ActRefused
) -> HttpResponse:
    words = str(refused.reason.label)
    if field := AT_A_FIELD.get(cast(MendRefusal, refused.reason)):
        form.refuse(field, words)
        return _shown(request, token, form, status=422)
    request.gift = read(request, request.gift.position)
    return _shown(request, token, form, status=409, refused=words)


def _said(gift: Gift) -> str:
    names = {
        "name": isolated(gift.recipient.short_name),
        "email": left_to_right(gift.recipient.shown_email or gift.recipient.phone),
    }
    if gift.channel == Gift.Channel.LINK:
        return _("Changed. Send %(name)s the link below.") % names
    if not gift.is_due(timezone.now()):
        return _("Changed. It goes to %(email)s on its day.") % names
    return _("Changed. It goes to %(email)s in a moment.") % names


def _shown(
    request: GiftRequest, token: str, form: Change, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    gift = request.gift
    barrier = refusal_of(gift, timezone.now())
    context: dict[str, Any] = {
        "brand": request.order.brand,
        "order": request.order,
        "gift": gift,
        "token": token,
        "barrier": barrier.label if barrier else "",
        "refused": refused,
        "form": form,
        "problems": form.problems() if form.asked else [],
        "designs": Gift.Design.choices,
        "address": reverse("order-gift", args=[token, gift.position]),
    }
    return render(cast(HttpRequest, request), PAGE, context, status=status)
