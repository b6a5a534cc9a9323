"""What an owner fills in about a treat, its sizes and its choices."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

from django import forms
from django.contrib.staticfiles import finders
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from brands.models import Brand
from brands.translations import Translations, cleaned
from core import money
from core.forms.amount_field import AmountField, PriceField, WholeNumberField, set_currency
from core.forms.day_input import DayInput
from core.forms.line_field import LineField
from core.forms.version import VersionedForm
from giftshop.studio.catalog.translation_fields import TranslatedForm

SIZES_MAX, GROUPS_MAX, OPTIONS_MAX = 12, 6, 40
OPTIONS_LENGTH_MAX = 4_000
LATER_AHEAD_MAX = timedelta(days=2 * 366)
SALE_AWAY_MAX = timedelta(days=2 * 366)
DRAWING = re.compile(r"art/(?:frosty-spoon|harbor-bean|pizza|flowers)/([a-z-]+)\.svg")
"""Our own drawings of treats."""
NO_TREATS = {"hero", "mark"}


def typed(length: int, label: Any, *, required: bool = True, **more: Any) -> forms.CharField:
    box = forms.TextInput(attrs={"autocomplete": "off"})
    return LineField(label=label, max_length=length, required=required, widget=box, **more)


@cache
def drawings() -> tuple[str, ...]:
    """art/frosty-spoon/double-scoop.svg and so on: all that a treat can be shown by."""
    return tuple(sorted(_drawings()))


def _drawings() -> Iterator[str]:
    for finder in finders.get_finders():
        for path, _storage in finder.list([]):
            if (found := DRAWING.fullmatch(path)) and found[1] not in NO_TREATS:
                yield path


def drawing_choices() -> list[tuple[str, str]]:
    """Each with a name to be read aloud: "double scoop"."""
    return [("", str(_("No picture"))), *_named_drawings()]


@cache
def _named_drawings() -> list[tuple[str, str]]:
    return [
        (path, path.split("/")[-1].removesuffix(".svg").replace("-", " ")) for path in drawings()
    ]


class EntryForm(VersionedForm, TranslatedForm):
    TRANSLATED = ("name", "category", "description")

    name = typed(80, _("Name"), help_text=_("As it stands on your menu: “Double scoop”."))
    category = typed(
        40, _("Category"), required=False, help_text=_("Treats of one category stand together.")
    )
    description = forms.CharField(
        label=_("In a sentence"),
        max_length=240,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    art = forms.ChoiceField(
        label=_("Picture"), choices=drawing_choices, required=False, widget=forms.RadioSelect
    )

    on_sale_from = forms.DateField(
        label=_("On sale from"),
        required=False,
        widget=DayInput(),
        help_text=_("Empty: from now on."),
    )
    on_sale_until = forms.DateField(
        label=_("On sale until"),
        required=False,
        widget=DayInput(),
        help_text=_("The last day. Empty: without an end."),
    )

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_translations(brand)
        self.today = timezone.localdate(timezone.now(), brand.tz)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name in ("on_sale_from", "on_sale_until"):
            day = said.get(name)
            if day and name in self.changed_data and abs(day - self.today) > SALE_AWAY_MAX:
                self.add_error(name, _("That is more than two years away. Is the year right?"))
        first, last = said.get("on_sale_from"), said.get("on_sale_until")
        if first and last and last < first:
            self.add_error(
                "on_sale_until", _("The last day is before the first. Which one is right?")
            )
        return said


class SizeForm(TranslatedForm):
    TRANSLATED = ("name",)

    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    name = typed(40, _("Size"), required=False)
    amount = PriceField(label=_("Price"), required=False)
    later_amount = PriceField(label=_("Later price"), required=False)
    later_from = forms.DateField(label=_("From the day"), required=False, widget=DayInput())

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_currency(self, brand.currency)
        self.add_translations(brand)
        self.today = timezone.now().astimezone(brand.tz).date()

    @property
    def is_left_empty(self) -> bool:
        said = self.cleaned_data
        filled = said.get("name") or said.get("later_from") or self.is_translated()
        amounts = [said.get("amount"), said.get("later_amount")]
        return not filled and amounts == [None, None] and not self.errors

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        name, amount = said.get("name"), said.get("amount")
        self._check_later(said)
        has_amount = amount is not None or "amount" in self.errors
        if has_amount and not name and "name" not in self.errors:
            self.add_error("name", _("What is this size called? “Regular” will do."))
        begun = name or said.get("later_from") or said.get("later_amount") is not None
        if self.is_translated() and not name and "name" not in self.errors:
            self.add_error("name", _("What is this size called? “Regular” will do."))
        if (begun or "name" in self.errors) and not has_amount:
            self.add_error("amount", _("What does this size cost?"))
        return said

    def _check_later(self, said: dict[str, Any]) -> None:
        amount, day = said.get("later_amount"), said.get("later_from")
        if amount is not None and day is None and "later_from" not in self.errors:
            self.add_error("later_from", _("From which day on?"))
        if day is not None and amount is None and "later_amount" not in self.errors:
            self.add_error("later_amount", _("What will it cost then?"))
        if day is not None and not self.today < day <= self.today + LATER_AHEAD_MAX:
            self.add_error("later_from", _("Choose a day after today, within two years."))


class OptionGroupForm(TranslatedForm):
    TRANSLATED = ("name", "options")

    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    name = typed(40, _("What is chosen"), required=False)
    min_picks = WholeNumberField(
        label=_("At least"), required=False, min_value=0, max_value=20, initial=1
    )
    max_picks = WholeNumberField(
        label=_("At most"), required=False, min_value=1, max_value=20, initial=1
    )
    options = forms.CharField(
        label=_("Choices, one on each line"),
        max_length=OPTIONS_LENGTH_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = brand.currency
        self.add_translations(brand)
        for field in map(self.fields.get, (f"options_{tag}" for tag in self.languages)):
            if isinstance(field, forms.CharField):
                # An empty line stands for a choice that is not translated, at either end too.
                field.strip = False

    @property
    def is_left_empty(self) -> bool:
        said = self.cleaned_data
        filled = said.get("name") or said.get("options") or self.is_translated()
        return not filled and not self.errors

    def translations(self) -> Translations:
        """Of what is chosen."""
        said = super().translations()
        return cleaned({tag: {"name": words.get("name", "")} for tag, words in said.items()})

    def option_translations(self) -> tuple[Translations, ...]:
        """Of each choice, in their order."""
        written = {tag: self._further_lines(tag) for tag in self.languages}
        return tuple(
            cleaned({tag: {"label": lines[at]} for tag, lines in written.items() if lines})
            for at in range(len(self.cleaned_data["lines"]))
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        name, options = said.get("name"), said.get("options")
        begun = name or options or self.is_translated()
        if not (begun or self.errors.keys() & {"name", "options"}):
            return said
        if not name and "name" not in self.errors:
            self.add_error("name", _("What does your guest choose? “Flavour” for instance."))
        if not options and "options" not in self.errors:
            self.add_error("options", _("Write at least one choice."))
        if options:
            said["lines"] = self._lines(options)
            self._check_further_lines(len(said["lines"]))
        least, most = said.get("min_picks"), said.get("max_picks")
        said["min_picks"] = least = 1 if least is None else least
        said["max_picks"] = most = 1 if most is None else most
        if most < least:
            self.add_error("max_picks", _("At most can't be less than at least."))
        elif len(said.get("lines", ())) < least:
            self.add_error("options", _("There are fewer choices than have to be chosen."))
        return said

    def _further_lines(self, language: str) -> list[str]:
        """One for each choice where that was typed; an empty one is not translated. Empty lines below the
        last choice say nothing."""
        text: str = self.cleaned_data.get(f"options_{language}") or ""
        lines = [line.strip() for line in text.replace("\r\n", "\n").split("\n")]
        while len(lines) > len(self.cleaned_data.get("lines", ())) and not lines[-1]:
            lines.pop()
        return lines if any(lines) else []

    def _check_further_lines(self, count: int) -> None:
        for language in self.languages:
            lines = self._further_lines(language)
            if lines and len(lines) != count and "options" not in self.errors:
                self.add_error(
                    f"options_{language}",
                    ngettext(
                        "Above stands %(count)d choice: write one line.",
                        "Above stand %(count)d choices: write as many lines, one for each.",
                        count,
                    )
                    % {"count": count},
                )
            for line in lines:
                if len(line) > 60:
                    self.add_error(
                        f"options_{language}",
                        _("“%(line)s”: write a name of 60 characters at most.")
                        % {"line": line[:80]},
                    )

    def _lines(self, text: str) -> tuple[tuple[str, int], ...]:
        """("Extra shot", 80) of "Extra shot +0.80"; "A+" and "7+ herbs" are names."""
        found: dict[str, int] = {}
        for line in filter(None, (line.strip() for line in text.splitlines())):
            label, plus, price = line.rpartition("+")
            label, extra = (
                (label.strip(), self._extra(line, price))
                if plus and _is_price(label, price)
                else (line, 0)
            )
            if not label or len(label) > 60:
                self.add_error(
                    "options",
                    _("“%(line)s”: write a name of 60 characters at most.") % {"line": line[:80]},
                )
            elif label in found:
                self.add_error("options", _("“%(line)s” stands there twice.") % {"line": label})
            else:
                found[label] = extra
        if len(found) > OPTIONS_MAX:
            self.add_error("options", _("40 choices are the most."))
        return tuple(found.items())

    @cached_property
    def _extra_field(self) -> AmountField:
        field = AmountField(most=money.most_charge(self.currency))
        field.currency = self.currency
        return field

    def _extra(self, line: str, price: str) -> int:
        try:
            return int(self._extra_field.clean(price))
        except forms.ValidationError:
            self.add_error(
                "options",
                _("“%(line)s”: behind the plus stands what it costs extra.") % {"line": line[:80]},
            )
            return 0


def _is_price(before: str, behind: str) -> bool:
    """Whether a plus was meant to be followed by an amount: a number follows, or it clings to what does."""
    clings = (not before or before[-1].isspace()) and not behind[:1].isspace()
    return clings or any(letter.isdigit() for letter in behind)
