"""What an owner ticks of a treat and of each of its choices. Belongs inside the brand's scope."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.bidi import isolated
from core.forms.version import VersionedForm, saved_by_now, version_of
from giftshop.catalog.contents import Allergen, Contents, DietMark, in_order
from giftshop.catalog.models import Option, Treat
from giftshop.studio.catalog.contents import contents_of, faults, kept, options_of


class ContentsForm(VersionedForm):
    """Of one: the treat, or a choice."""

    allergens = forms.MultipleChoiceField(
        label=gettext_lazy("It contains"),
        choices=Allergen.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_none = forms.BooleanField(label=gettext_lazy("None of these fourteen"), required=False)
    diet = forms.MultipleChoiceField(
        label=gettext_lazy("It is"),
        choices=DietMark.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("is_none") and said.get("allergens"):
            self.add_error(
                "is_none", _("Something is ticked above. Tick this, or what it contains.")
            )
        return said

    def contents(self) -> Contents:
        """Of a cleaned form, as far as it could be read."""
        said = self.cleaned_data
        allergens = tuple(in_order(said.get("allergens") or ()))
        is_said = bool(allergens or said.get("is_none"))
        return Contents(allergens if is_said else None, tuple(said.get("diet") or ()))


class ContentsEntry:
    """All of a page: the treat's form, and one for each choice, in the order of `contents_of`."""

    def __init__(self, data: Any, *, treat: Treat) -> None:
        self.of_treat, self.options = treat, options_of(treat)
        prefixes = ["treat", *(f"option-{option.pk}" for option in self.options)]
        self.forms = [
            ContentsForm(data, prefix=prefix, initial=_initial(contents))
            for prefix, contents in zip(prefixes, contents_of(treat), strict=True)
        ]
        self.treat, *self.choices = self.forms
        self.treat.initial["version"] = version_of(kept(treat))
        self.is_bound = self.treat.is_bound

    def rows(self) -> list[tuple[Option, ContentsForm]]:
        return list(zip(self.options, self.choices, strict=True))

    def is_valid(self) -> bool:
        """Judges all of it, each mark also by what the other parts contain."""
        for form in self.forms:
            form.full_clean()
        own, *of_choices = [form.contents() for form in self.forms]
        labels = [option.label for option in self.options]
        for at, text in faults(own, list(zip(labels, of_choices, strict=True))):
            self.forms[at].add_error("diet", text)
        return not any(form.errors for form in self.forms)

    def problems(self) -> list[dict[str, str]]:
        """In the order of the page, each with whose it is."""
        whose = [self.of_treat.name, *(option.label for option in self.options)]
        return [
            {"text": f"{isolated(name)}: {text}", "anchor": field.id_for_label or field.auto_id}
            for name, form in zip(whose, self.forms, strict=True)
            for field in form
            for text in field.errors
        ]

    @property
    def seen(self) -> str:
        """The version that a valid entry was shown with."""
        return self.treat.seen

    def show_over_saved(self) -> None:
        """See VersionedForm."""
        self.treat.show_over_saved()
        for form in self.choices:
            form.data = self.treat.data

    def saved_by_now(self) -> list[dict[str, str]]:
        """Of all its parts."""
        return [difference for form in self.forms for difference in saved_by_now(form)]

    def contents(self) -> list[Contents]:
        """Of a valid entry."""
        return [form.contents() for form in self.forms]


def _initial(contents: Contents) -> dict[str, Any]:
    return {
        "allergens": list(contents.allergens or ()),
        "is_none": contents.allergens == (),
        "diet": list(contents.diet),
    }
