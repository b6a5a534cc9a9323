"""Whose page it is: a draft belongs to the browser that made it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from brands.models import Brand
from giftshop.catalog.brands import ShopRequest, of_brand
from giftshop.giving import drafts
from giftshop.orders.models import Draft

View = Callable[..., HttpResponse]


class DraftRequest(ShopRequest):
    """A request of the browser that made the draft, inside the brand's scope."""

    draft: Draft
    least: int
    """To how many it has to go."""


def least_recipients(request: Any, draft: Draft) -> int:
    """To how many it has to go, as a campaign asks that still runs (campaigns/links/middleware.py): an answer
    to a gift goes to its sender alone. One query, none for a browser that never followed a link."""
    if any("reply" in row for row in draft.data.get("rows", [])):
        return 1
    return asked_for(request, draft.brand, campaign_id=draft.link_campaign_id)


def asked_for(request: Any, brand: Brand, *, campaign_id: UUID | None = None) -> int:
    """The same of a present that is only begun. `campaign_id`: of the link that its draft was begun by."""
    ask: Callable[..., int] | None = getattr(request, "least_recipients", None)
    return ask(brand=brand, campaign_id=campaign_id) if ask else 1


def visitor_of(request: Any, brand: Brand) -> str:
    """The id by which campaigns know the browser again (campaigns/links/middleware.py), if they may."""
    ask: Callable[..., str] | None = getattr(request, "visitor_id", None)
    return ask(brand=brand) if ask else ""


def own_draft(view: View) -> View:
    """For views of `<slug:brand_slug>/…/<uuid:draft_id>`: puts `draft` on the request.

    A stranger's browser gets the same page as for no draft (404). A draft that is paid leads to its
    order. Costs three queries, the session's not counted, and one more for a browser that followed a link.
    """

    @of_brand
    @wraps(view)
    def guarded(request: Any, draft_id: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = drafts.find_own(request, draft_id)
        if draft is None:
            return render(
                request, "giftshop/giving/no_draft.html", {"brand": request.brand}, status=404
            )
        if paid := draft.orders.paid().first():
            return redirect("order", token=paid.link_token())
        request.draft = draft
        request.least = least_recipients(request, draft)
        return view(request, *args, **kwargs)

    return guarded
