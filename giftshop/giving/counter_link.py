"""/c/<signed>/: the QR that a till showed after handing over, followed by a phone.

GET shows whom a present would go to, with the same treat; POST begins it, as "Send one back" does on a gift's
page, without saying who is there: the name of whoever gives is theirs to type.
"""

from collections.abc import Callable
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.catalog import menu
from giftshop.catalog.brands import speak
from giftshop.catalog.menu import Offer
from giftshop.giving import drafts
from giftshop.giving.access import asked_for
from giftshop.orders import counter_links


def _offer(brand: Brand, choice: str, now: datetime) -> Offer | None:
    """What is preselected, as far as the menu has it still."""
    today = menu.read(brand, now)
    amounts = (menu.chosen_amount(treat, choice) for treat in today.treats)
    return today.offers().get(choice) or next(filter(None, amounts), None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def counter_link(request: HttpRequest, signed: str) -> HttpResponse:
    """To the shop where the link is over, or the shop is not open. Whoever begins twice goes on with the same
    present. Two queries beside those of the page or of the draft."""
    now = timezone.now()
    with scopes_disabled():
        followed = counter_links.read(signed, now=now)
    if followed is None:
        raise Http404
    brand = followed.brand
    if followed.is_over or brand.opened_at is None:
        return redirect("shop", brand.slug)
    speak(request, brand)
    with scope(brand=brand):
        if request.method == "POST":
            least = asked_for(request, brand)
            draft = drafts.begin_at_counter(
                followed=followed, request=request, least=least, now=now
            )
            return redirect("give-who", brand.slug, draft.pk)
        # Campaigns count who came by it, and tell nobody who that was (campaigns/links/middleware.py).
        note: Callable[..., None] | None = getattr(request, "note_counter_visit", None)
        if note:
            note(brand=brand, store=followed.store, redemption_id=followed.redemption_id, now=now)
        context = {
            "brand": brand,
            "store": followed.store,
            "sender": followed.sender,
            "gift": followed.gift,
            "offer": followed.gift and _offer(brand, drafts.choice_of(followed.gift), now),
        }
        return render(request, "giftshop/giving/counter_link.html", context)
