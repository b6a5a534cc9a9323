"""Whose page it is: a draft belongs to the browser that made it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from giftshop.catalog.brands import ShopRequest, of_brand
from giftshop.giving import drafts
from giftshop.orders.models import Draft

View = Callable[..., HttpResponse]


class DraftRequest(ShopRequest):
    """A request of the browser that made the draft, inside the brand's scope."""

    draft: Draft


def own_draft(view: View) -> View:
    """For views of `<slug:brand_slug>/…/<uuid:draft_id>`: puts `draft` on the request.

    A stranger's browser gets the same page as for no draft (404). A draft that is paid leads to its
    order. Costs three queries, the session's not counted.
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
        return view(request, *args, **kwargs)

    return guarded
