"""What somebody fills in about an order's money: gifts to tick, amounts of them, and why."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms.amount_field import AmountField, CoinsField
from core.forms.line_field import LineField
from core.forms.version import VersionedForm, version_of
from core.templatetags.money import money as shown
from giftshop.refunds import choose
from giftshop.refunds.models import Refund
from giftshop.studio.refunds.order_money import GiftMoney, OrderMoney
from redemption.codes.acts import Refusal

NO_REASON = Refusal.NO_REASON.label


class Row(NamedTuple):
    """A gift of the form: what it is, its tick and, where a part can be meant, its amount."""

    money: GiftMoney
    tick: BoundField
    amount: BoundField | None
    lost: int
    """What a bank took of it since, minor units."""


class GiftsForm(VersionedForm):
    """Gifts of an order, by their place in it."""

    def __init__(
        self, data: QueryDict | None = None, *, money: OrderMoney, rows: list[GiftMoney]
    ) -> None:
        initial = {"version": version_of(money.kept())}
        super().__init__(data, initial=initial)
        self.money, self.gifts = money, rows
        for one in rows:
            self.fields[f"gift-{one.gift.position}"] = forms.BooleanField(
                label=one.gift.said["label"], required=False
            )

    def rows(self) -> Iterator[Row]:
        for one in self.gifts:
            key = f"amount-{one.gift.position}"
            amount = self[key] if key in self.fields else None
            yield Row(one, self[f"gift-{one.gift.position}"], amount, self._lost(one))

    def _lost(self, one: GiftMoney) -> int:
        return 0

    def _add_amount(self, one: GiftMoney, of: type[AmountField]) -> None:
        field = of(
            label=_("How much of it?"), required=False, least=1, help_text=_("Empty: all of it.")
        )
        field.currency = self.money.order.currency
        self.fields[f"amount-{one.gift.position}"] = field

    def _is_ticked(self, one: GiftMoney) -> bool:
        """An amount says it as well."""
        ticked = bool(self.cleaned_data.get(f"gift-{one.gift.position}"))
        return ticked or f"amount-{one.gift.position}" in self.errors or bool(self._amount(one))

    def _amount(self, one: GiftMoney) -> int | None:
        found: int | None = self.cleaned_data.get(f"amount-{one.gift.position}")
        return found

    def _ticked(self) -> list[GiftMoney]:
        return [one for one in self.gifts if self._is_ticked(one)]

    def _refuse_more_than(self, one: GiftMoney, most: int, words: str) -> None:
        if (self._amount(one) or 0) > most:
            amount = shown(most, self.money.order.currency)
            self.add_error(f"amount-{one.gift.position}", words % {"amount": amount})


class RefundForm(GiftsForm):
    """What goes back to the sender."""

    def __init__(self, data: QueryDict | None = None, *, money: OrderMoney) -> None:
        rows = [one for one in money.gifts if one.most and not one.is_under_way]
        super().__init__(data, money=money, rows=rows)
        for one in rows:
            if one.takes_amount:
                self._add_amount(one, CoinsField)
        if any(one.open < one.most for one in rows):
            self.fields["goodwill"] = forms.BooleanField(
                label=_("Give back what was used, too"), required=False
            )
        self.fields["reason"] = LineField(
            label=_("Why?"),
            max_length=200,
            help_text=_("For the audit log. The sender does not read it."),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            error_messages={"required": NO_REASON},
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        goodwill = bool(cleaned.get("goodwill"))
        ticked = self._ticked()
        if not ticked and self.gifts:
            first = f"gift-{self.gifts[0].gift.position}"
            self.add_error(first, _("Tick the gifts whose money goes back."))
        for one in ticked:
            most = one.most if goodwill else one.open
            if not most:
                used = _("Nothing is left of it. What was used goes back only as goodwill, below.")
                self.add_error(f"gift-{one.gift.position}", used)
            elif goodwill:
                self._refuse_more_than(one, most, _("At most %(amount)s can go back for it."))
            else:
                self._refuse_more_than(
                    one, most, _("%(amount)s is left of it. More goes back only as goodwill.")
                )
        return cleaned

    def amounts(self) -> dict[UUID, int | None]:
        """By the gift's id; None: all that is left of it or owed for it."""
        return {one.gift.pk: self._amount(one) for one in self._ticked()}


class ChoiceForm(GiftsForm):
    """Which gifts a refund was meant for."""

    def __init__(self, data: QueryDict | None = None, *, money: OrderMoney, refund: Refund) -> None:
        owing: dict[UUID | None, int] = {one.gift.pk: one.owed for one in money.gifts}
        gifts = [one.gift for one in money.gifts]
        self.most = choose.most_for(refund, gifts, owing, money.disputes)
        rows = [one for one in money.gifts if self.most[one.gift.pk]]
        super().__init__(data, money=money, rows=rows)
        self.refund = refund
        for one in rows:
            self._add_amount(one, AmountField)
        self.fields["none"] = forms.BooleanField(
            label=_("It was for none of these: all of them stay good, and it costs the shop"),
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        ticked = self._ticked()
        for one in ticked:
            most = self.most[one.gift.pk]
            self._refuse_more_than(one, most, _("It was for at most %(amount)s of it."))
        if not ticked and not cleaned.get("none"):
            self.add_error("none", _("Tick the gifts that it was for, or this."))
        elif ticked and cleaned.get("none"):
            self.add_error("none", _("Tick gifts or this, not both."))
        elif not self.errors and sum(self.amounts().values()) > self.refund.amount:
            amount = shown(self.refund.amount, self.refund.currency)
            for one in ticked:
                if self._amount(one):
                    self.add_error(
                        f"amount-{one.gift.position}",
                        _("Together that is more than the %(amount)s that went back.")
                        % {"amount": amount},
                    )
                    break
        return cleaned

    def _lost(self, one: GiftMoney) -> int:
        return self.most[one.gift.pk] - one.open

    def amounts(self) -> dict[UUID, int]:
        """Minor units by the gift's id: what was written first, and of the rest as much as each can take."""
        ticked = self._ticked()
        found = {one.gift.pk: self._amount(one) or 0 for one in ticked}
        rest = self.refund.amount - sum(found.values())
        for one in ticked:
            if not self._amount(one) and rest > 0:
                found[one.gift.pk] = min(self.most[one.gift.pk], rest)
                rest -= found[one.gift.pk]
        return found


class LostForm(GiftsForm):
    """Which gifts a lost dispute was about."""

    def __init__(self, data: QueryDict | None = None, *, money: OrderMoney) -> None:
        rows = [one for one in money.gifts if one.left]
        super().__init__(data, money=money, rows=rows)
        self.fields["none"] = forms.BooleanField(
            label=_("It was about none of these: all of them are good again"), required=False
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self._ticked() and not cleaned.get("none"):
            self.add_error("none", _("Tick the gifts that it was about, or this."))
        elif self._ticked() and cleaned.get("none"):
            self.add_error("none", _("Tick gifts or this, not both."))
        return cleaned

    def gift_ids(self) -> list[UUID]:
        return [one.gift.pk for one in self._ticked()]


class GoodwillDecisionForm(forms.Form):
    """A second person about goodwill above the limit."""

    decision = forms.ChoiceField(
        choices=[("approved", ""), ("declined", "")],
        widget=forms.HiddenInput,  # said by the button
        error_messages={"required": gettext_lazy("Say yes or no.")},
    )


class ClearanceForm(forms.Form):
    """Why a warning is wrong."""

    reason = LineField(
        label=gettext_lazy("Why is it wrong?"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": NO_REASON},
    )

    @classmethod
    def about(cls, key: UUID, data: QueryDict | None = None) -> "ClearanceForm":
        return cls(data, auto_id=f"warning-{key}-%s")


Sent = Mapping[Any, forms.Form]
"""The form that was sent and not done, by what it is about: the row's id, or the order's for a refund."""
