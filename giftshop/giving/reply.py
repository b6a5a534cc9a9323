"""Send one back: a present begun on the page of a gift, to whoever sent that.

That page has no CSRF token (giftshop/gift_page/access.py), so what it sends is proven by what only an opened
gift says; another site's form, which could only make a browser forget its session, is not heard.
"""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from giftshop.catalog.brands import ShopRequest, of_brand
from giftshop.giving import drafts
from giftshop.orders import replies

OURS = ("same-origin", "")
"""What a browser says of where a form came from; older ones say nothing."""


@csrf_exempt
@require_POST
@of_brand
def reply(request: ShopRequest) -> HttpResponse:
    """Begin a present to the sender of the gift that was answered, with the same treat. What is no such gift
    leads to the shop, as does a shop that is not open."""
    is_ours = request.headers.get("Sec-Fetch-Site", "") in OURS
    gift = replies.gift_of(request.POST.get("gift", "")) if is_ours else None
    if gift is None or request.brand.opened_at is None:
        return redirect("shop", request.brand.slug)
    draft = drafts.begin_reply(brand=request.brand, session=request.session, gift=gift)
    return redirect("give-who", request.brand.slug, draft.pk)
