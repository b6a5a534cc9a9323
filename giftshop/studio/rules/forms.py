"""A brand's rules as an owner words them."""

from dataclasses import asdict
from typing import Any, cast

from babel.numbers import get_currency_name
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brands.models import RETURNED_WITHIN_DAYS, Brand, Returns
from core import validity
from core.forms.amount_field import AmountField, WholeNumberField
from core.forms.version import VersionedForm, version_of
from core.locales import readers_locale
from giftshop.studio.rules import law_words, vat_fields
from giftshop.studio.rules.changes import Rules, floors
from giftshop.studio.rules.vat_fields import VatFields

A_DAY = 24 * 3600
YEARS_TEN = 3660
WITHDRAWAL_DAYS_MAX = 366
"""Longer ago than that no bank takes a payment back."""
UNOPENED_MIN = 14
"""The recipient is reminded after a week, and comes first."""
LIMITS = ("void_limit", "goodwill_person_limit", "goodwill_store_limit")


def _too_soon() -> str:
    return gettext(
        "At least %(days)d, or money that should go back by itself could count as earned before."
    ) % {"days": RETURNED_WITHIN_DAYS}


class RulesForm(VatFields, VersionedForm):
    reversal_window_seconds = WholeNumberField(
        label=_("Seconds"),
        min_value=0,
        max_value=A_DAY,
        help_text=_("60 is plenty for a wrong tap. With 0 only managers undo."),
    )
    managers_reverse_same_day = forms.BooleanField(
        label=_("Managers may undo until their store's day ends"), required=False
    )
    void_limit = AmountField(label=_("Amount"))
    goodwill_person_limit = AmountField(label=_("One person, in a day"))
    goodwill_store_limit = AmountField(label=_("Everybody at one store, in a day"))
    breakage = forms.ChoiceField(
        label=_("What is left on it counts as earned"),
        choices=[("after", _("Some days after it expired")), ("never", _("Never: it stays owed"))],
        widget=forms.RadioSelect,
    )
    breakage_after_days = WholeNumberField(
        label=_("Days after it expired"),
        required=False,
        min_value=0,
        max_value=YEARS_TEN,
        help_text=_("So long you can still extend it for a friend who just missed it."),
    )
    gift_valid_days = WholeNumberField(
        label=_("Days"),
        min_value=1,
        max_value=validity.DAYS_MAX,
        help_text=_("1,830 is five years."),
    )
    withdrawal_days = WholeNumberField(
        label=_("Days after paying"), required=False, min_value=0, max_value=WITHDRAWAL_DAYS_MAX
    )

    returns_as = forms.ChoiceField(
        label=_("And when a recipient gives a gift back, what does its sender get?"),
        choices=Returns.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    unopened_days = WholeNumberField(
        label=_("Days after it arrived"), min_value=UNOPENED_MIN, max_value=YEARS_TEN
    )
    returns_unopened = forms.BooleanField(
        label=_("After its last day, send the money of a gift that nobody opened back by itself"),
        required=False,
    )
    people_kept_days = WholeNumberField(
        label=_("Days after its use"),
        min_value=0,
        max_value=YEARS_TEN,
        help_text=_(
            "90 is enough for questions about a visit. Who asks to be erased is erased at once."
        ),
    )

    shows_counter_link = forms.BooleanField(
        label=_("Show the guest a code to treat whoever sent it back"),
        required=False,
        help_text=_(
            "For 15 seconds, beside the answer, until the next scan or a tap. It leads to your shop"
            " with the sender filled in; their address stays with you. Nobody is paid for sending."
            " Where nobody sent the gift it says: Treat a friend."
        ),
    )

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self._as_they_are(Rules.of(brand)))
        super().__init__(*args, **kwargs)
        self.brand = brand
        for limit in LIMITS:
            self.fields[limit].currency = brand.currency  # type: ignore[attr-defined]
        name = get_currency_name(brand.currency, count=2, locale=readers_locale())
        self.fields["void_limit"].help_text = _(
            "In %(currency)s. What is worth more waits until a second person agrees; with 0 every"
            " cancellation does."
        ) % {"currency": name}
        self.fields["withdrawal_days"].help_text = law_words.without_days(brand.country)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        asked = cleaned.get("breakage") == "after"
        if asked and "breakage_after_days" in cleaned and cleaned["breakage_after_days"] is None:
            self.add_error("breakage_after_days", _("After how many days?"))
        days = cleaned.get("breakage_after_days")
        too_soon = asked and days is not None and days < RETURNED_WITHIN_DAYS
        if cleaned.get("returns_unopened") and too_soon:
            self.add_error("breakage_after_days", _too_soon())
        return cleaned

    def clean_gift_valid_days(self) -> int:
        return cast(int, self._at_least_by_law("gift_valid_days"))

    def clean_withdrawal_days(self) -> int | None:
        return self._at_least_by_law("withdrawal_days")

    def _at_least_by_law(self, field: str) -> int | None:
        days: int | None = self.cleaned_data[field]
        floor = floors(self.brand.country)[field]
        if floor and days is not None and days < floor.value:
            raise forms.ValidationError(law_words.TOO_SHORT[field](floor))
        return days

    def rules(self) -> Rules:
        """Of a valid form."""
        said = self.cleaned_data
        return Rules(
            reversal_window_seconds=said["reversal_window_seconds"],
            managers_reverse_same_day=said["managers_reverse_same_day"],
            **{limit: said[limit] for limit in LIMITS},
            breakage_after_days=said["breakage_after_days"]
            if said["breakage"] == "after"
            else None,
            gift_valid_days=said["gift_valid_days"],
            withdrawal_days=said["withdrawal_days"],
            returns_as=said["returns_as"],
            unopened_days=said["unopened_days"],
            returns_unopened=said["returns_unopened"],
            people_kept_days=said["people_kept_days"],
            **self.vat_rules(),
            shows_counter_link=said["shows_counter_link"],
        )

    def _as_they_are(self, rules: Rules) -> dict[str, Any]:
        return {
            "reversal_window_seconds": rules.reversal_window_seconds,
            "managers_reverse_same_day": rules.managers_reverse_same_day,
            **{limit: getattr(rules, limit) for limit in LIMITS},
            "breakage": "never" if rules.breakage_after_days is None else "after",
            "breakage_after_days": rules.breakage_after_days,
            "gift_valid_days": rules.gift_valid_days,
            "withdrawal_days": rules.withdrawal_days,
            "returns_as": rules.returns_as,
            "unopened_days": rules.unopened_days,
            "returns_unopened": rules.returns_unopened,
            "people_kept_days": rules.people_kept_days,
            **vat_fields.as_they_are(rules.vat_rate, rules.vat_on_amounts),
            "shows_counter_link": rules.shows_counter_link,
            "version": version_of(asdict(rules)),
        }
