"""What a sender does with one gift by one press: the same once more, or now and not on its day."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.bidi import isolated
from giftshop.delivery.mend import MendRefused, send_again, send_now
from giftshop.delivery.repeat import RepeatRefused
from giftshop.gift_changes.access import GiftRequest, back, gift_of_order


@require_POST
@gift_of_order
def again(request: GiftRequest, token: str, position: int) -> HttpResponse:
    """The same e-mail to the same address, as often as the limits let it."""
    asked = cast(HttpRequest, request)
    try:
        send_again(gift=request.gift, now=timezone.now())
    except (MendRefused, RepeatRefused) as refused:
        messages.warning(asked, str(refused.reason.label))
    else:
        name = isolated(request.gift.recipient.short_name)
        messages.success(asked, _("It goes to %(name)s once more.") % {"name": name})
    return back(token, position)


@require_POST
@gift_of_order
def now(request: GiftRequest, token: str, position: int) -> HttpResponse:
    """A scheduled gift waits no longer."""
    asked = cast(HttpRequest, request)
    try:
        send_now(gift_id=request.gift.pk, order_id=request.order.pk, now=timezone.now())
    except MendRefused as refused:
        messages.warning(asked, str(refused.reason.label))
    else:
        messages.success(asked, _("It goes out in a moment."))
    return back(token, position)
