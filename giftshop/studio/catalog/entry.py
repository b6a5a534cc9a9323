"""A treat with its sizes and choices, as one form of a page. Belongs inside the brand's scope."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from core.forms import amount_field
from core.forms.version import saved_by_now, version_of
from core.locales import readers_locale
from giftshop.catalog.models import OptionGroup, Price, Treat
from giftshop.studio.catalog.facts import GroupFacts, SizeFacts, TreatFacts
from giftshop.studio.catalog.forms import (
    GROUPS_MAX,
    SIZES_MAX,
    EntryForm,
    OptionGroupForm,
    SizeForm,
)
from giftshop.studio.catalog.translation_fields import initial_of


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]  # not so while it runs
    """At least one, whatever number was sent."""

    def total_form_count(self) -> int:
        return max(1, super().total_form_count())


SizeRows = forms.formset_factory(
    SizeForm, Rows, extra=2, max_num=SIZES_MAX, validate_max=True, absolute_max=SIZES_MAX + 1
)
GroupRows = forms.formset_factory(
    OptionGroupForm,
    Rows,
    extra=1,
    max_num=GROUPS_MAX,
    validate_max=True,
    absolute_max=GROUPS_MAX + 1,
)


class MenuEntry:
    """A treat with its sizes and groups, as one form of a page."""

    def __init__(self, data: Any, *, brand: Brand, treat: Treat | None = None) -> None:
        more: dict[str, Any] = {"form_kwargs": {"brand": brand}}
        today = timezone.now().astimezone(brand.tz).date()
        self.treat = EntryForm(data, initial=words_of(treat, today) if treat else None, brand=brand)
        self.sizes = SizeRows(data, prefix="sizes", initial=_sizes(treat, today), **more)
        self.groups = GroupRows(data, prefix="groups", initial=_groups(treat, brand), **more)
        self.is_bound = self.treat.is_bound

    @property
    def seen(self) -> str:
        """The version that a valid entry was shown with."""
        return self.treat.seen

    def show_over_saved(self) -> None:
        """See VersionedForm."""
        self.treat.show_over_saved()

    def in_order(self) -> list[forms.Form]:
        """Its parts, as the page shows them."""
        return [self.treat, *self.sizes.forms, *self.groups.forms]

    def of_rows(self) -> list[str]:
        """What is wrong with all sizes or all groups together."""
        return [*self.sizes.non_form_errors(), *self.groups.non_form_errors()]

    def saved_by_now(self) -> list[dict[str, str]]:
        """Of all its parts."""
        return [difference for form in self.in_order() for difference in saved_by_now(form)]

    def is_valid(self) -> bool:
        parts = [self.treat.is_valid(), self.sizes.is_valid(), self.groups.is_valid()]
        if all(parts) and not self.facts().sizes:
            self.sizes.forms[0].add_error("amount", _("A treat needs a price."))
            return False
        if not all(parts):
            return False
        are_other = [_are_of_other_names(rows) for rows in (self.sizes, self.groups)]
        return all(are_other)

    def problems(self) -> list[dict[str, Any]]:
        """In the order of the page, for the summary above it."""
        return [{"text": text, "anchor": ""} for text in self.of_rows()] + [
            {"text": f"{field.label}: {text}", "anchor": field.auto_id}
            for form in self.in_order()
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
            on_sale_from=said["on_sale_from"],
            on_sale_until=said["on_sale_until"],
            translations=self.treat.translations(),
            **self.parts(),
        )

    def parts(self) -> dict[str, Any]:
        """The facts of a valid entry that are not the treat's own."""
        return {
            "sizes": tuple(
                SizeFacts(
                    name=form.cleaned_data["name"],
                    amount=form.cleaned_data["amount"],
                    key=form.cleaned_data["key"],
                    later_amount=form.cleaned_data["later_amount"],
                    later_from=form.cleaned_data["later_from"],
                    translations=form.translations(),
                )
                for form in self.sizes.forms
                if not form.is_left_empty
            ),
            "groups": tuple(
                GroupFacts(
                    name=form.cleaned_data["name"],
                    min_picks=form.cleaned_data["min_picks"],
                    max_picks=form.cleaned_data["max_picks"],
                    options=form.cleaned_data["lines"],
                    key=form.cleaned_data["key"],
                    translations=form.translations(),
                    option_translations=form.option_translations(),
                )
                for form in self.groups.forms
                if not form.is_left_empty
            ),
        }


def _are_of_other_names(rows: "forms.BaseFormSet[Any]") -> bool:
    """Of valid rows: no two have one name. Says so at the second."""
    names: set[str] = set()
    is_right = True
    for form in rows.forms:
        name = form.cleaned_data.get("name") or ""
        if name.casefold() in names:
            form.add_error("name", _("“%(line)s” stands there twice.") % {"line": name})
            is_right = False
        names |= {name.casefold()} if name else set()
    return is_right


def words_of(treat: Treat, today: date) -> dict[str, Any]:
    """Its own, as the form shows them, with the version of all that is said of it."""
    facts = TreatFacts.of(treat, today)
    further = initial_of(treat.translations)
    return {**facts.columns(), **further, "version": version_of(facts.said())}


def _sizes(treat: Treat | None, today: date) -> list[dict[str, Any]]:
    """With what each costs today; a later price that holds by now is today's."""
    return [_size(price, today) for price in treat.prices.all()] if treat else []


def _size(price: Price, today: date) -> dict[str, Any]:
    shown = {"key": price.key, "name": price.name, "amount": price.on(today)}
    shown |= initial_of(price.translations)
    if price.later_from is not None and price.later_from > today:
        shown |= {"later_amount": price.later_amount, "later_from": price.later_from}
    return shown


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
            **initial_of(group.translations),
            **_further_lines(group),
        }
        for group in treat.option_groups.all()
    ]


def _further_lines(group: OptionGroup) -> dict[str, str]:
    """{"options_de": "Minze\\nVanille"}: in the order of the choices."""
    options = list(group.options.all())
    languages = {language for option in options for language in option.translations}
    return {
        f"options_{language}": "\n".join(
            option.translations.get(language, {}).get("label", "") for option in options
        )
        for language in languages
    }


def _line(label: str, extra: int, currency: str) -> str:
    return f"{label} +{amount_field.written(extra, currency, readers_locale())}" if extra else label
