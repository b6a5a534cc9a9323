"""Have a code? What a sender types before they pay, kept in the draft as it is, and what becomes of it."""

from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from core.forms.line_field import LineField
from core.templatetags.money import money
from giftshop.giving import drafts
from giftshop.giving.access import DraftRequest, own_draft
from giftshop.giving.forms import DraftForm
from giftshop.offers import purchase
from giftshop.offers.discount import Basket
from giftshop.offers.promo_codes import TYPED_LENGTH_MAX
from giftshop.offers.purchase import Earned, PromoRefusal, PromoRefused
from giftshop.orders.models import Draft, Order


class PromoForm(DraftForm):
    promo = LineField(
        label=gettext_lazy("Code"),
        max_length=TYPED_LENGTH_MAX,
        error_messages={"required": gettext_lazy("Type the code.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class Found(NamedTuple):
    """What an order earns, and what is said of the code that was typed for it."""

    earned: Earned | None
    form: PromoForm
    is_by_code: bool = False
    instead_of: Earned | None = None
    """What the order would earn without the code: only one of them is had."""


def found(draft: Draft, wanted: drafts.DraftOrder, now: datetime, *, check: bool = False) -> Found:
    """A code that is good counts alone; one that is not leaves what is earned without. Also of who was at
    Stripe's page and is back. `check`: a code is asked for. One query where there are no offers to senders;
    with a code two more."""
    basket = Basket(len(wanted.lines), wanted.total)
    orders = draft.orders.filter(state=Order.State.PENDING).values_list("pk", flat=True)
    without = purchase.best(
        brand=draft.brand,
        gifts=basket.gifts,
        total=basket.total,
        sender=wanted.sender_email,
        orders=orders,
        now=now,
    )
    typed = str(draft.data.get("promo", ""))
    form = PromoForm.of({"promo": typed}, check=check or bool(typed))
    if not typed or not form.is_valid():
        return Found(without, form)
    try:
        bare = form.cleaned_data["promo"]  # what is pasted may bring along what nobody sees
        earned = purchase.by_code(typed=bare, basket=basket, orders=orders, now=now)
    except PromoRefused as refused:
        form.add_error("promo", _why(refused))
        return Found(without, form)
    return Found(earned, form, is_by_code=True, instead_of=without)


def _why(refused: PromoRefused) -> str:
    offer = refused.offer
    if offer and refused.reason == PromoRefusal.FEW_GIFTS:
        least = offer.least_gifts or 0
        words = ngettext(
            "This code is for at least %(least)s gift at once.",
            "This code is for at least %(least)s gifts at once.",
            least,
        )
        return words % {"least": least}
    if offer and refused.reason == PromoRefusal.LITTLE:
        least_total = money(offer.least_total, offer.brand.currency)
        return _("This code is for orders of at least %(least)s.") % {"least": least_total}
    return str(refused.reason.label)


@require_POST
@own_draft
def code(request: DraftRequest) -> HttpResponse:
    """Keeps what was typed, or with `remove` in what is posted nothing; the page says what it is good for,
    and has the focus on what is wrong with it."""
    is_removed = "remove" in request.POST
    said: dict[str, Any] = {} if is_removed else PromoForm.taken(request.POST)
    with drafts.changing(request.draft) as data:
        data.pop("promo", None)
        data |= {name: typed for name, typed in said.items() if typed}
    url = reverse("give-pay", args=[request.brand.slug, request.draft.pk])
    is_good = is_removed or _is_good(request, timezone.now())
    return redirect(f"{url}#promo" if is_good else f"{url}?check=1#problems")


def _is_good(request: DraftRequest, now: datetime) -> bool:
    try:
        wanted = drafts.read(request.draft, now, least=request.least)
    except drafts.DraftIncomplete:
        return True  # the page leads to what is missing first
    return found(request.draft, wanted, now).is_by_code
