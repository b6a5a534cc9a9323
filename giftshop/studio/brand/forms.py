"""What an owner fills in about the brand itself."""

import re
from dataclasses import asdict, fields
from typing import Any

from babel.numbers import get_currency_name, list_currencies
from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, Theme
from core.forms.version import VersionedForm, version_of
from core.locales import readers_locale
from giftshop import places
from giftshop.delivery.colours import palette
from giftshop.studio.brand.changes import BrandFacts

OLD = re.compile(r".*\(\d{4}.*\)")
"""Babel names what is no money any more with its years: "German mark (1948-2002)"."""
CORNERS = [("0.5", _("Crisp")), ("1", _("Plain")), ("1.5", _("Soft"))]
DRAWINGS = [("", _("None")), ("frosty-spoon", _("Ice cream")), ("harbor-bean", _("Coffee"))]
LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "ja", "ko")
COLUMNS = tuple(each.name for each in fields(BrandFacts) if each.name != "theme")
HEX = re.compile(r"#[0-9a-fA-F]{6}")
A_COLOUR = RegexValidator(rf"^{HEX.pattern}\Z", _("Write a colour like #c2185b."))


class ColourInput(forms.TextInput):
    input_type = "color"


def currencies() -> list[tuple[str, str]]:
    """[("EUR", "Euro (EUR)"), ...] by name: what people pay with today."""
    locale = readers_locale()
    named = {code: get_currency_name(code, locale=locale) for code in list_currencies("en")}
    today = [
        (code, f"{name} ({code})")
        for code, name in named.items()
        if re.fullmatch(r"[A-Z]{3}", code)
        and name != code
        and not code.startswith("X")
        and not OLD.fullmatch(get_currency_name(code, locale="en"))
    ]
    return sorted(today, key=lambda choice: choice[1].casefold())


def languages(own: str) -> list[tuple[str, str]]:
    """By name in the reader's language; the brand's own is among them."""
    names = readers_locale().languages
    tags = dict.fromkeys([own, *LANGUAGES])
    return sorted(
        ((tag, str(names.get(tag.replace("-", "_"), tag))) for tag in tags),
        key=lambda pair: pair[1],
    )


class BrandForm(VersionedForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    tagline = forms.CharField(
        label=_("In a few words"),
        max_length=160,
        required=False,
        help_text=_("The headline of your shop: “Hand-folded ice cream, and a second spoon”."),
    )
    country = forms.ChoiceField(label=_("Country"), choices=places.countries)
    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=currencies,
        help_text=_("For good once there is a price."),
    )
    language = forms.ChoiceField(
        label=_("Language"), help_text=_("In which you write your menu and your news.")
    )
    support_email = forms.EmailField(
        label=_("E-mail for questions"),
        max_length=254,
        required=False,
        help_text=_("Answers to our e-mails go there."),
    )
    legal_name = forms.CharField(
        label=_("Legal name"),
        max_length=120,
        required=False,
        help_text=_("Whom a sender buys from: your own name, or your company's with its form."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    legal_address = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        help_text=_("Where letters reach you. Street, postal code and city, each on its line."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )
    tax_id = forms.CharField(
        label=_("Tax id"),
        max_length=40,
        required=False,
        help_text=_("If your country wants to see one: a VAT number, for instance."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    accent = forms.CharField(label=_("Your colour"), validators=[A_COLOUR], widget=ColourInput())
    corners = forms.ChoiceField(label=_("Corners"), choices=CORNERS, widget=forms.RadioSelect)
    drawing = forms.ChoiceField(
        label=_("Mark and picture"), choices=DRAWINGS, required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _as_it_is(brand))
        super().__init__(*args, **kwargs)
        self.brand = brand
        own = forms.ChoiceField(
            label=_("Time zone"),
            choices=places.every_zone(timezone.now(), first=[brand.time_zone]),
            help_text=_("Days of campaigns and the figures follow this clock."),
        )
        self.fields["time_zone"] = own
        self.fields["language"].choices = languages(brand.language)  # type: ignore[attr-defined]

    def facts(self) -> BrandFacts:
        """Of a valid form."""
        said = {name: self.cleaned_data[name] for name in COLUMNS}
        return BrandFacts(**said, theme=self._theme())

    def clean_legal_address(self) -> str:
        """Each line tidied, none empty."""
        lines = (" ".join(line.split()) for line in self.cleaned_data["legal_address"].splitlines())
        return "\n".join(filter(None, lines))

    def _theme(self) -> Theme:
        """What the form doesn't ask stays; a colour that nobody touched, too."""
        said, kept = self.cleaned_data, dict(self.brand.theme)
        if said["accent"] != _as_it_is(self.brand)["accent"]:
            kept["accent"] = said["accent"]
        if said["corners"] != _as_it_is(self.brand)["corners"]:
            kept["round"] = float(said["corners"])
        kept["art"] = said["drawing"]
        return Theme(**{name: value for name, value in kept.items() if value != ""})  # type: ignore[typeddict-item]


def _as_it_is(brand: Brand) -> dict[str, Any]:
    theme = brand.theme
    return {
        **{name: getattr(brand, name) for name in COLUMNS},
        "accent": _accent(brand),
        "corners": _nearest_corners(theme.get("round", 1)),
        "drawing": theme.get("art", ""),
        "version": version_of(asdict(BrandFacts.of(brand))),
    }


def _accent(brand: Brand) -> str:
    """As an owner picked it; where pages are given another notation of it, the tone that mails show."""
    picked = brand.theme.get("accent", "")
    return picked if HEX.fullmatch(picked) else palette(brand).accent


def _nearest_corners(round_: float) -> str:
    return min((key for key, _name in CORNERS), key=lambda key: abs(float(key) - round_))
