"""The recipient takes what brings them back, from the page of a gift that they enjoyed."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from giftshop.gift_page.access import GiftRequest, back, gift_page, is_unwrapped_here
from giftshop.gift_page.context import held_out_by, standing_redemption
from giftshop.offers import come_back
from giftshop.offers.models import Offer
from giftshop.offers.use import UseRefused

KEY_LENGTH_MAX = 36


@require_POST
@gift_page
def gift_come_back(request: GiftRequest, token: str) -> HttpResponse:
    """Once for each gift; where it went meanwhile, the page shows what there is now."""
    used = standing_redemption(request.code)
    if used is None or not is_unwrapped_here(request):
        return back(token)
    try:
        taken = come_back.take(
            brand=request.brand,
            gift_id=request.gift.pk,
            recipient=held_out_by(request.gift),
            offer_id=UUID(request.POST.get("offer", "")[:KEY_LENGTH_MAX]),
            used_at=used.redeemed_at,
            seen=request.POST.get("seen", "")[:KEY_LENGTH_MAX],
            now=timezone.now(),
        )
    except (UseRefused, Offer.DoesNotExist, ValueError):
        return back(token, "come-back")
    response = HttpResponseRedirect(reverse("offer-gift", args=[taken.link_token()]))
    response.status_code = 303
    return response
