"""What is ticked of a menu as sold out. Belongs inside the brand's scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Exists, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from brands.models import Store
from core.forms.day_input import DayInput
from core.forms.version import VersionedForm, version_of
from core.scoped_choices import scoped_choices
from giftshop.catalog.hours import day_at
from giftshop.catalog.models import Option, OptionGroup, Price, SoldOut, Treat, TreatQuerySet
from giftshop.catalog.sold_out import AHEAD_MAX, Thing, gone_at, list_of


def _ticks() -> "forms.ModelMultipleChoiceField[Any]":
    return forms.ModelMultipleChoiceField(
        label=_("Sold out"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class SoldOutForm(VersionedForm):
    """Which treats, sizes and choices are gone at the store, and how long what is new stays gone."""

    treats = _ticks()
    sizes = _ticks()
    options = _ticks()
    until = forms.DateField(
        label=_("Gone until"),
        required=False,
        widget=DayInput(),
        help_text=_(
            "The last day of what you tick now. Empty: today only, and tomorrow it is there again."
        ),
    )

    def __init__(
        self,
        sent: QueryDict | None,
        *,
        store: Store,
        now: datetime,
        still_out: "QuerySet[Any] | None" = None,
    ) -> None:
        """`still_out`: the gifts of a treat (OuterRef "pk") that are still to be handed over."""
        self.still_out = still_out
        self.store, self.gone, self.day = store, gone_at(store, now), day_at(store, now)
        things = [row.thing for row in self.gone]
        super().__init__(
            sent,
            initial={
                "treats": [each.pk for each in things if isinstance(each, Treat)],
                "sizes": [each.pk for each in things if isinstance(each, Price)],
                "options": [each.pk for each in things if isinstance(each, Option)],
                "version": version_of(list_of(self.day, things)),
            },
        )
        self.sent = sent
        self.treats_shown = list(
            self._of_store().prefetch_related("prices", "option_groups__options")
        )
        shown = [treat.pk for treat in self.treats_shown]
        sizes, options = Price.objects.all(), Option.objects.all()
        scoped_choices(self, "treats", self._of_store())
        scoped_choices(self, "sizes", sizes.filter(treat__in=shown).select_related("treat"))
        options = options.filter(group__treat__in=shown).select_related("group__treat")
        scoped_choices(self, "options", options)

    def _of_store(self) -> TreatQuerySet:
        """What the store has of the menu, in its days or not, and what is off it and not handed over yet."""
        found: TreatQuerySet = Treat.objects.at(self.store)
        shown = Q(is_active=True)
        if self.still_out is not None:
            shown |= Q(Exists(self.still_out))
        return found.filter(shown).order_by("-is_active", "position", "name")

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until is not None and not self.day <= until <= self.day + AHEAD_MAX:
            raise forms.ValidationError(_("Choose today or a later day, within a year."))
        return until

    def things(self) -> list[Thing]:
        """Of a valid form: what is ticked, and what is gone of treats that the page doesn't show."""
        shown = {treat.pk for treat in self.treats_shown}
        return [*self.ticked(), *(row.thing for row in self.gone if row.treat_id not in shown)]

    def ticked(self) -> list[Thing]:
        """Of a valid form."""
        said = self.cleaned_data
        return [*said["treats"], *said["sizes"], *said["options"]]

    @property
    def is_off_the_menu(self) -> bool:
        """Something was ticked that the menu no longer has."""
        return bool(self.errors.keys() - {"until"})

    def rows(self) -> list["Row"]:
        """What the page shows: as it was sent and not saved, else as it is. No query."""
        return [_row(treat, self) for treat in self.treats_shown]

    def tick(self, name: str, thing: Thing) -> "Tick":
        row = next((row for row in self.gone if row.thing == thing), None)
        is_gone = row is not None
        is_ticked = is_gone if self.sent is None else str(thing.pk) in self.sent.getlist(name)
        return Tick(name, thing, is_ticked, _later(row, self.day))


@dataclass(frozen=True)
class Tick:
    """A box to tick."""

    name: str
    thing: Thing
    is_ticked: bool
    until: date | None
    """Its last day, when that is later than today."""


@dataclass(frozen=True)
class Row:
    """A treat, and what of it may be gone alone."""

    treat: Treat
    tick: Tick
    sizes: list[Tick]
    groups: list[tuple[OptionGroup, list[Tick]]]

    @property
    def parts(self) -> list[Tick]:
        return [*self.sizes, *(tick for _group, ticks in self.groups for tick in ticks)]

    @property
    def is_partly_ticked(self) -> bool:
        return any(tick.is_ticked for tick in self.parts)


def _row(treat: Treat, form: SoldOutForm) -> Row:
    return Row(
        treat,
        form.tick("treats", treat),
        _several(form.tick("sizes", price) for price in treat.prices.all()),
        [
            (group, ticks)
            for group in treat.option_groups.all()
            if (ticks := _several(form.tick("options", each) for each in group.options.all()))
        ],
    )


def _several(ticks: Iterable[Tick]) -> list[Tick]:
    """None where there is only one: then it is the treat that is gone."""
    found = list(ticks)
    return found if len(found) > 1 else []


def _later(row: SoldOut | None, today: date) -> date | None:
    return row.until if row and row.until > today else None


def said_of(form: SoldOutForm, changed: bool) -> str:
    """What was done, in a line."""
    if not changed:
        return gettext("Nothing had changed.")
    if not form.ticked():
        return gettext("Everything is there again.")
    return gettext("Noted. Friends see it on their gift before they walk here.")
