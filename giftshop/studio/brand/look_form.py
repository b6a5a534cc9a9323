"""What an owner fills in about the look of the brand."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from brands.models import Brand, Theme
from giftshop.catalog.colours import palette
from giftshop.studio.brand.changes import Look
from giftshop.studio.brand.forms import SectionForm

CORNERS = [("0.5", _("Crisp")), ("1", _("Plain")), ("1.5", _("Soft"))]
DRAWINGS = [
    ("", _("None")),
    ("frosty-spoon", _("Ice cream")),
    ("harbor-bean", _("Coffee")),
    ("pizza", _("Pizza")),
    ("flowers", _("Flowers")),
    ("neutral", _("A present")),
]
HEX = re.compile(r"#[0-9a-fA-F]{6}")
A_COLOUR = RegexValidator(rf"^{HEX.pattern}\Z", _("Write a colour like #c2185b."))


class ColourInput(forms.TextInput):
    input_type = "color"


class BrandLookForm(SectionForm):
    facts_class = Look

    accent = forms.CharField(label=_("Your colour"), validators=[A_COLOUR], widget=ColourInput())
    corners = forms.ChoiceField(label=_("Corners"), choices=CORNERS, widget=forms.RadioSelect)
    drawing = forms.ChoiceField(
        label=_("Mark and picture"), choices=DRAWINGS, required=False, widget=forms.RadioSelect
    )

    def as_it_is(self, brand: Brand) -> dict[str, Any]:
        return _look_of(brand)

    def facts(self) -> Look:
        """Of a valid form. What it doesn't ask stays; a colour that nobody touched, too."""
        said, kept, shown = self.cleaned_data, dict(self.brand.theme), _look_of(self.brand)
        if said["accent"] != shown["accent"]:
            kept["accent"] = said["accent"]
        if said["corners"] != shown["corners"]:
            kept["round"] = float(said["corners"])
        kept["art"] = said["drawing"]
        theme = Theme(**{name: value for name, value in kept.items() if value != ""})  # type: ignore[typeddict-item]
        return Look(theme=theme)


def _look_of(brand: Brand) -> dict[str, Any]:
    return {
        "accent": _accent(brand),
        "corners": _nearest_corners(brand.theme.get("round", 1)),
        "drawing": brand.theme.get("art", ""),
    }


def _accent(brand: Brand) -> str:
    """As an owner picked it; where pages are given another notation of it, the tone that mails show."""
    picked = brand.theme.get("accent", "")
    return picked if HEX.fullmatch(picked) else palette(brand).accent


def _nearest_corners(round_: float) -> str:
    return min((key for key, _name in CORNERS), key=lambda key: abs(float(key) - round_))
