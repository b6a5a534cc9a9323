"""What an owner fills in about a treat. Belongs inside the brand's scope."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django import forms
from django.contrib.staticfiles import finders
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.forms import amount_field
from core.forms.amount_field import AmountField, WholeNumberField
from core.locales import readers_locale
from core.money import is_chargeable
from giftshop.catalog.models import Treat
from giftshop.studio.catalog.changes import GroupFacts, SizeFacts, TreatFacts

SIZES_MAX, GROUPS_MAX, OPTIONS_MAX = 12, 6, 40
OPTIONS_LENGTH_MAX = 4_000
DRAWING = re.compile(r"art/(?:frosty-spoon|harbor-bean)/([a-z-]+)\.svg")
"""Our own drawings of treats."""
NO_TREATS = {"hero", "mark"}


def typed(length: int, label: Any, *, required: bool = True, **more: Any) -> forms.CharField:
    box = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=length, required=required, widget=box, **more)


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
    named = [
        (path, path.split("/")[-1].removesuffix(".svg").replace("-", " ")) for path in drawings()
    ]
    return [("", str(_("No picture"))), *named]


class EntryForm(forms.Form):
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


class SizeForm(forms.Form):
    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    name = typed(40, _("Size"), required=False)
    amount = AmountField(label=_("Price"), required=False, least=1)

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = self.fields["amount"].currency = brand.currency  # type: ignore[attr-defined]

    @property
    def is_left_empty(self) -> bool:
        said = self.cleaned_data
        return not said.get("name") and said.get("amount") is None and not self.errors

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        name, amount = said.get("name"), said.get("amount")
        if amount is not None and not is_chargeable(amount, self.currency):
            self.add_error("amount", _("This currency takes no such coins: round it."))
        has_amount = amount is not None or "amount" in self.errors
        if has_amount and not name and "name" not in self.errors:
            self.add_error("name", _("What is this size called? “Regular” will do."))
        if (name or "name" in self.errors) and not has_amount:
            self.add_error("amount", _("What does this size cost?"))
        return said


class OptionGroupForm(forms.Form):
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

    @property
    def is_left_empty(self) -> bool:
        said = self.cleaned_data
        return not said.get("name") and not said.get("options") and not self.errors

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        name, options = said.get("name"), said.get("options")
        if not (name or options or self.errors.keys() & {"name", "options"}):
            return said
        if not name and "name" not in self.errors:
            self.add_error("name", _("What does your guest choose? “Flavour” for instance."))
        if not options and "options" not in self.errors:
            self.add_error("options", _("Write at least one choice."))
        if options:
            said["lines"] = self._lines(options)
        least, most = said.get("min_picks"), said.get("max_picks")
        said["min_picks"] = least = 1 if least is None else least
        said["max_picks"] = most = 1 if most is None else most
        if most < least:
            self.add_error("max_picks", _("At most can't be less than at least."))
        elif len(said.get("lines", ())) < least:
            self.add_error("options", _("There are fewer choices than have to be chosen."))
        return said

    def _lines(self, text: str) -> tuple[tuple[str, int], ...]:
        """("Extra shot", 80) of "Extra shot +0.80"."""
        found: dict[str, int] = {}
        for line in filter(None, (line.strip() for line in text.splitlines())):
            label, plus, price = line.rpartition("+")
            label, extra = (label.strip(), self._extra(line, price)) if plus else (line, 0)
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

    def _extra(self, line: str, price: str) -> int:
        field = AmountField(most=10_000_000)
        field.currency = self.currency
        try:
            return int(field.clean(price))
        except forms.ValidationError:
            self.add_error(
                "options",
                _("“%(line)s”: behind the plus stands what it costs extra.") % {"line": line[:80]},
            )
            return 0


SizeRows = forms.formset_factory(SizeForm, extra=2, max_num=SIZES_MAX, validate_max=True)
GroupRows = forms.formset_factory(OptionGroupForm, extra=1, max_num=GROUPS_MAX, validate_max=True)


class MenuEntry:
    """A treat with its sizes and groups, as one form of a page."""

    def __init__(self, data: Any, *, brand: Brand, treat: Treat | None = None) -> None:
        more: dict[str, Any] = {"form_kwargs": {"brand": brand}}
        self.treat = EntryForm(data, initial=_words(treat) if treat else None)
        self.sizes = SizeRows(data, prefix="sizes", initial=_sizes(treat), **more)
        self.groups = GroupRows(data, prefix="groups", initial=_groups(treat, brand), **more)
        self.is_bound = self.treat.is_bound

    def is_valid(self) -> bool:
        parts = [self.treat.is_valid(), self.sizes.is_valid(), self.groups.is_valid()]
        if all(parts) and not self.facts().sizes:
            self.sizes.forms[0].add_error("amount", _("A treat needs a price."))
            return False
        return all(parts)

    def problems(self) -> list[dict[str, Any]]:
        """In the order of the page, for the summary above it."""
        forms_in_order = [self.treat, *self.sizes.forms, *self.groups.forms]
        whole = [*self.sizes.non_form_errors(), *self.groups.non_form_errors()]
        return [{"text": text, "anchor": ""} for text in whole] + [
            {"text": f"{field.label}: {text}", "anchor": field.auto_id}
            for form in forms_in_order
            for field in form
            for text in field.errors
        ]

    def facts(self) -> TreatFacts:
        """Of a valid entry."""
        said = self.treat.cleaned_data
        return TreatFacts(
            name=said["name"],
            description=said["description"],
            category=said["category"],
            art=said["art"],
            sizes=tuple(
                SizeFacts(
                    name=form.cleaned_data["name"],
                    amount=form.cleaned_data["amount"],
                    key=form.cleaned_data["key"],
                )
                for form in self.sizes.forms
                if not form.is_left_empty
            ),
            groups=tuple(
                GroupFacts(
                    name=form.cleaned_data["name"],
                    min_picks=form.cleaned_data["min_picks"],
                    max_picks=form.cleaned_data["max_picks"],
                    options=form.cleaned_data["lines"],
                    key=form.cleaned_data["key"],
                )
                for form in self.groups.forms
                if not form.is_left_empty
            ),
        )


def _words(treat: Treat) -> dict[str, str]:
    return {name: getattr(treat, name) for name in ("name", "category", "description", "art")}


def _sizes(treat: Treat | None) -> list[dict[str, Any]]:
    if treat is None:
        return []
    return [{"key": row.key, "name": row.name, "amount": row.amount} for row in treat.prices.all()]


def _groups(treat: Treat | None, brand: Brand) -> list[dict[str, Any]]:
    if treat is None:
        return []
    return [
        {
            "key": group.key,
            "name": group.name,
            "min_picks": group.min_picks,
            "max_picks": group.max_picks,
            "options": "\n".join(
                _line(option.label, option.extra, brand.currency) for option in group.options.all()
            ),
        }
        for group in treat.option_groups.all()
    ]


def _line(label: str, extra: int, currency: str) -> str:
    return f"{label} +{amount_field.written(extra, currency, readers_locale())}" if extra else label
