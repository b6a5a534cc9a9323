"""What a marketer says of an offer."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands.models import Brand
from core.bidi import isolated
from core.forms.amount_field import AmountField, WholeNumberField, set_currency
from core.forms.day_input import DayInput
from core.forms.line_field import LineField
from core.forms.version import VersionedForm, version_of
from core.forms.words_field import WordsField
from core.templatetags.money import money as shown
from giftshop.catalog.models import Treat
from giftshop.offers import promo_codes
from giftshop.offers.models import (
    GOOD_DAYS_MAX,
    NAME_LENGTH_MAX,
    PERCENT_MAX,
    TERMS_LENGTH_MAX,
    Offer,
)
from giftshop.offers.write import OfferFacts, facts_of
from giftshop.orders.models import RECIPIENTS_MAX
from giftshop.studio.catalog.translation_fields import TranslatedForm, initial_of

GOOD_DAYS = 30
USES_MAX = 1_000_000
Gives, Whom = Offer.Gives, Offer.Whom


class OfferForm(VersionedForm, TranslatedForm):
    TRANSLATED = ("name", "terms")

    name = LineField(
        label=gettext_lazy("What it is called"),
        max_length=NAME_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("The first thing that people read: a scoop on us."),
    )
    whom = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        choices=Whom.choices,
        widget=forms.RadioSelect,
        initial=Whom.ANYBODY,
    )
    least_gifts = WholeNumberField(
        label=gettext_lazy("Who give to at least so many"),
        min_value=1,
        max_value=RECIPIENTS_MAX,
        required=False,
    )
    least_total = AmountField(
        label=gettext_lazy("Or pay at least"),
        least=1,
        required=False,
        help_text=gettext_lazy("Of both, if you say both."),
    )
    gives = forms.ChoiceField(
        label=gettext_lazy("What it gives"),
        choices=Gives.choices,
        widget=forms.RadioSelect,
        initial=Gives.TREAT,
    )
    treat = forms.ChoiceField(label=gettext_lazy("Which treat"), required=False)
    amount = AmountField(label=gettext_lazy("How much"), least=1, required=False)
    percent = WholeNumberField(
        label=gettext_lazy("How many percent"),
        min_value=1,
        max_value=PERCENT_MAX,
        required=False,
        help_text=gettext_lazy(
            "Of what the gifts of the order cost, rounded in the sender's favour."
        ),
    )
    promo_code = LineField(
        label=gettext_lazy("Code to type"),
        max_length=promo_codes.LENGTH_MAX,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        help_text=gettext_lazy(
            "Four to twenty letters and digits, as WELCOME10: for whoever types it, or follows its link."
            " Empty: for everybody who buys so much."
        ),
    )
    good_days = WholeNumberField(
        label=gettext_lazy("Good for so many days"),
        min_value=1,
        max_value=GOOD_DAYS_MAX,
        initial=GOOD_DAYS,
        help_text=gettext_lazy(
            "From the day it is taken, or its gift was used. Nobody pays for it, so it may end sooner than"
            " what you sell."
        ),
    )
    holds_out = forms.BooleanField(
        label=gettext_lazy("Hold out a tenth, to tell later what it brought"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "One in ten of those whom it is for don't see it, always the same ones. Not of who opens its"
            " page, which promises it."
        ),
    )
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=DayInput())
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=DayInput(),
        required=False,
        help_text=gettext_lazy("Leave it empty if it goes on until it is used up."),
    )
    budget = AmountField(
        label=gettext_lazy("Budget"),
        least=1,
        required=False,
        help_text=gettext_lazy(
            "It ends before this is exceeded by a cent, at the prices of your menu."
        ),
    )
    uses_max = WholeNumberField(
        label=gettext_lazy("How many in all"), min_value=1, max_value=USES_MAX, required=False
    )
    uses_a_day_max = WholeNumberField(
        label=gettext_lazy("How many a day"), min_value=1, max_value=USES_MAX, required=False
    )
    terms = WordsField(
        label=gettext_lazy("Terms of your own"),
        max_length=TERMS_LENGTH_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "We say ourselves that it is a promotion, until when it is good, and that it is no money."
        ),
    )

    def __init__(self, *args: Any, brand: Brand, offer: Offer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand, self.offer = brand, offer
        set_currency(self, brand.currency)
        self.fields["treat"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose one")),
            *_treats(brand, offer.treat_id if offer else None),
        ]
        self.add_translations(brand)

    @classmethod
    def of(cls, data: Any, offer: Offer | None, *, brand: Brand, today: date) -> "OfferForm":
        """With what is kept of it; a new one begins today."""
        if offer is None:
            return cls(data, initial={"starts_on": today}, brand=brand)
        kept = asdict(facts_of(offer))
        treat = f"{offer.treat_id}:{offer.size}" if offer.treat_id else ""
        further = initial_of(offer.translations)
        initial = {**kept, **further, "treat": treat, "version": version_of(kept)}
        return cls(data, initial=initial, brand=brand, offer=offer)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        first, last = said.get("starts_on"), said.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("This is before the first day."))
        self._wants(Gives.TREAT, "treat", _("Choose the treat that it gives."))
        self._wants(Gives.AMOUNT, "amount", _("Say how much it gives."))
        self._wants(Gives.OFF, "amount", _("Say how much it gives."))
        self._wants(Gives.PERCENT, "percent", _("Say how many percent it takes off."))
        takes_off = said.get("gives") in Offer.TAKES_OFF
        if said.get("gives") == Gives.OFF:
            self._clean_least(said)
        if not takes_off and said.get("promo_code"):
            self.add_error("promo_code", _("Only for what is taken off an order."))
        asked = {"least_gifts", "least_total"}
        is_asked = any(said.get(name) for name in asked) or asked & self.errors.keys()
        if said.get("whom") == Whom.SENDER and not is_asked and not takes_off:
            self.add_error("least_gifts", _("Say to how many they give, or what they pay."))
        capped = {"budget", "uses_max"}
        if not any(said.get(name) for name in capped) and not capped & self.errors.keys():
            self.add_error("budget", _("Say a budget or how many in all, so that it ends."))
        return said

    def _clean_least(self, said: dict[str, Any]) -> None:
        """Of an amount off the order: something has to be left of it."""
        least = said.get("least_total")
        if not least and "least_total" not in self.errors:
            self.add_error("least_total", _("Say what they pay at least for that."))
        elif least and least <= (said.get("amount") or 0):
            self.add_error("least_total", _("This has to be more than what is taken off."))

    def clean_promo_code(self) -> str:
        typed = str(self.cleaned_data["promo_code"])
        code = promo_codes.read(typed)
        if typed and not code:
            raise ValidationError(_("Write four to twenty letters from A to Z and digits."))
        return code

    def _wants(self, gives: Offer.Gives, name: str, words: str) -> None:
        said = self.cleaned_data
        if said.get("gives") == gives and not said.get(name) and name not in self.errors:
            self.add_error(name, words)

    def facts(self) -> OfferFacts:
        said = dict(self.cleaned_data)
        names = ("name", "terms", "whom", "gives", "good_days", "holds_out", "starts_on", "ends_on")
        caps = ("budget", "uses_max", "uses_a_day_max")
        if said["gives"] in Offer.TAKES_OFF:
            said["whom"] = Whom.SENDER.value  # nobody else pays for an order
        return OfferFacts(
            **{name: said[name] for name in (*names, *caps)},
            **_asked(said),
            **_thing(said),
            translations=self.translations(),
        )


def _asked(said: dict[str, Any]) -> dict[str, Any]:
    if said["whom"] != Whom.SENDER:
        return {}
    return {name: said[name] for name in ("least_gifts", "least_total")}


def _thing(said: dict[str, Any]) -> dict[str, Any]:
    if said["gives"] == Gives.PERCENT:
        return {"percent": said["percent"], "promo_code": said["promo_code"]}
    if said["gives"] == Gives.OFF:
        return {"amount": said["amount"], "promo_code": said["promo_code"]}
    if said["gives"] == Gives.AMOUNT:
        return {"amount": said["amount"]}
    treat, _colon, size = said["treat"].partition(":")
    return {"treat_id": UUID(treat), "size": size}


def _treats(brand: Brand, kept: UUID | None) -> list[tuple[str, str]]:
    """Each size of the menu with its price, and that which is kept. 2 queries in the brand's scope."""
    menu = Treat.objects.filter(Q(is_active=True) | Q(pk=kept)).prefetch_related("prices")
    return [
        (
            f"{treat.pk}:{price.key}",
            f"{isolated(f'{treat.name}, {price.name}')} · {shown(price.amount, brand.currency)}",
        )
        for treat in menu.order_by("position", "name")
        for price in treat.prices.all()
        if not price.is_free
    ]
