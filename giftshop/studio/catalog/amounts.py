"""A gift of any amount as one form of a page: its words, and from what to what a sender may choose."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.forms.amount_field import PriceField, set_currency
from core.templatetags.money import money
from giftshop.catalog.models import Price, Treat
from giftshop.studio.catalog.entry import MenuEntry, words_of
from giftshop.studio.catalog.facts import SizeFacts
from giftshop.studio.catalog.forms import EntryForm

MOST_ABOVE_LEAST = _("The most has to be more than the least.")
SUGGESTED = ("first", "second", "third", "fourth")


class AmountsForm(forms.Form):
    amount = PriceField(label=_("The least"))
    most = PriceField(label=_("The most"))
    first = PriceField(label=_("A first amount to tap"), required=False)
    second = PriceField(label=_("A second"), required=False)
    third = PriceField(label=_("A third"), required=False)
    fourth = PriceField(label=_("A fourth"), required=False)

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = brand.currency
        set_currency(self, brand.currency)

    def suggested_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in SUGGESTED]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        least, most = said.get("amount"), said.get("most")
        if least is None or most is None:
            return said
        if most <= least:
            self.add_error("most", MOST_ABOVE_LEAST)
            return said
        limits = {"least": money(least, self.currency), "most": money(most, self.currency)}
        for name in SUGGESTED:
            amount = said.get(name)
            if amount is not None and not least <= amount <= most:
                self.add_error(name, _("Write an amount from %(least)s to %(most)s.") % limits)
        return said

    def facts(self, key: str = "") -> SizeFacts:
        """Of a valid form. What is suggested stands once, the least first."""
        said = self.cleaned_data
        suggested = {said[name] for name in SUGGESTED if said[name] is not None}
        return SizeFacts(
            name="",
            key=key,
            amount=said["amount"],
            most=said["most"],
            suggested=tuple(sorted(suggested)),
        )


class AmountEntry(MenuEntry):
    """A treat of a free amount: it has neither sizes nor anything to choose."""

    def __init__(self, data: Any, *, brand: Brand, treat: Treat | None = None) -> None:
        today = timezone.now().astimezone(brand.tz).date()
        self.treat = EntryForm(data, initial=words_of(treat, today) if treat else None, brand=brand)
        self.treat.fields["name"].help_text = _("As it stands on your menu: “Coffee for a while”.")
        self.kept = free_price(treat)
        initial = _said(self.kept) if self.kept else None
        self.amounts = AmountsForm(data, initial=initial, brand=brand)
        self.is_bound = self.treat.is_bound

    def in_order(self) -> list[forms.Form]:
        return [self.treat, self.amounts]

    def of_rows(self) -> list[str]:
        return []

    def is_valid(self) -> bool:
        faults = [form.errors for form in self.in_order()]  # of all of them at once
        return self.is_bound and not any(faults)

    def parts(self) -> dict[str, Any]:
        return {"sizes": (self.amounts.facts(self.kept.key if self.kept else ""),)}


def free_price(treat: Treat | None) -> Price | None:
    """Of a treat that is given for an amount. No query where its prices are loaded."""
    prices = treat.prices.all() if treat else ()
    return next((price for price in prices if price.is_free), None)


def _said(price: Price) -> dict[str, Any]:
    suggested = zip(SUGGESTED, price.suggested, strict=False)
    return {"amount": price.amount, "most": price.most, **dict(suggested)}
