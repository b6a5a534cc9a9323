"""Whether the sender sees that their gift was enjoyed: the recipient says so, any time."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from giftshop.gift_page.access import GiftRequest, back, gift_page, is_unwrapped_here
from giftshop.orders.models import Gift


@require_POST
@gift_page
def sender_view(request: GiftRequest, token: str) -> HttpResponse:
    """By the button's own word; any other changes nothing."""
    told = {"yes": True, "no": False}.get(request.POST.get("tell", ""))
    if told is not None and is_unwrapped_here(request):
        Gift.objects.filter(pk=request.gift.pk).update(tells_sender=told)
    return back(token, "sender-view")
