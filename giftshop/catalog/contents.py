"""What is in a treat or in a choice of it: allergens, and for whom it is.

The allergens are the fourteen of Annex II to Regulation (EU) No 1169/2011, in its order. The marks are those
that a kitchen can vouch for by what it puts in; halal and kosher are certified by others and left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Allergen(models.TextChoices):
    GLUTEN = "gluten", _("Gluten")
    CRUSTACEANS = "crustaceans", _("Crustaceans")
    EGGS = "eggs", _("Eggs")
    FISH = "fish", _("Fish")
    PEANUTS = "peanuts", _("Peanuts")
    SOYBEANS = "soybeans", _("Soybeans")
    MILK = "milk", _("Milk")
    NUTS = "nuts", _("Nuts")
    CELERY = "celery", _("Celery")
    MUSTARD = "mustard", _("Mustard")
    SESAME = "sesame", _("Sesame")
    SULPHITES = "sulphites", _("Sulphites")
    LUPIN = "lupin", _("Lupin")
    MOLLUSCS = "molluscs", _("Molluscs")


class DietMark(models.TextChoices):
    VEGAN = "vegan", _("Vegan")
    VEGETARIAN = "vegetarian", _("Vegetarian")
    GLUTEN_FREE = "gluten-free", _("Gluten-free")
    LACTOSE_FREE = "lactose-free", _("Lactose-free")
    ALCOHOL_FREE = "alcohol-free", _("Alcohol-free")


ALLERGENS = tuple(Allergen.values)
_MEAT = ["fish", "crustaceans", "molluscs"]
RULED_OUT_BY: dict[str, list[str]] = {
    "vegan": ["milk", "eggs", *_MEAT],
    "vegetarian": _MEAT,
    "gluten-free": ["gluten"],
}
"""Milk rules out no "lactose-free": milk without lactose is milk."""


@dataclass(frozen=True)
class Contents:
    allergens: tuple[str, ...] | None = None
    """None: not said yet; empty: none of the fourteen."""
    diet: tuple[str, ...] = ()

    def ruled_out(self, also: Iterable[str] = ()) -> dict[str, list[str]]:
        """{"vegan": ["milk"]}: the marks that can't be, and by which allergens, of its own and of `also`."""
        if not self.diet:
            return {}
        within = {*(self.allergens or ()), *also}
        found = {mark: in_order(within & set(RULED_OUT_BY.get(mark, ()))) for mark in self.diet}
        return {mark: allergens for mark, allergens in found.items() if allergens}


class WithContents(models.Model):
    allergens = ArrayField(
        models.CharField(max_length=12, choices=Allergen),
        null=True,
        blank=True,
        help_text=_("Not said yet where there is none; empty: none of the fourteen."),
    )
    diet = ArrayField(models.CharField(max_length=14, choices=DietMark), default=list, blank=True)

    class Meta:
        abstract = True

    @property
    def contents(self) -> Contents:
        told = None if self.allergens is None else tuple(self.allergens)
        return Contents(told, tuple(self.diet))


def constraints(name: str) -> list[models.BaseConstraint]:
    """What the database holds a table's columns to."""
    ruled_out = models.Q()
    for mark, allergens in RULED_OUT_BY.items():
        ruled_out |= models.Q(diet__contains=[mark], allergens__overlap=allergens)
    return [
        models.CheckConstraint(
            condition=models.Q(allergens=None)
            | models.Q(allergens__contained_by=list(Allergen.values)),
            name=f"{name}_allergens_are_of_the_fourteen",
        ),
        models.CheckConstraint(
            condition=models.Q(diet__contained_by=list(DietMark.values)),
            name=f"{name}_diet_is_known",
        ),
        models.CheckConstraint(
            condition=models.Q(allergens=None) | ~ruled_out,
            name=f"{name}_diet_fits_its_allergens",
        ),
    ]


def in_order(allergens: Iterable[str]) -> list[str]:
    """As the regulation lists them."""
    found = set(allergens)
    return [each for each in ALLERGENS if each in found]


def names(allergens: Iterable[str]) -> str:
    """As people read them: "Milk, Nuts"."""
    return ", ".join(str(Allergen(each).label) for each in in_order(allergens))


def marks(diet: Iterable[str]) -> list[str]:
    """Their names; what is vegan is vegetarian without a word."""
    found = set(diet)
    if DietMark.VEGAN in found:
        found -= {DietMark.VEGETARIAN}
    return [str(mark.label) for mark in DietMark if mark.value in found]


@dataclass(frozen=True)
class Told:
    """What a page tells, in words."""

    contains: str = ""
    """Always, or of a choice: "Milk"."""
    by_choice: str = ""
    """Only with some of its choices: "Nuts"."""
    is_none: bool = False
    """None of the fourteen, whatever is chosen."""
    adds_none: bool = False
    """Of a choice: none of the fourteen beside those of its treat."""
    is_unsaid: bool = False
    """Of a choice: not said yet."""
    is_open: bool = False
    """Something is said, and not yet of all of it and its choices."""
    marks: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is told: of a bouquet nobody asks."""
        is_said = self.is_none or self.adds_none or self.is_unsaid or self.is_open
        return bool(self.contains or self.by_choice or self.marks or is_said)


def told(own: Contents, choices: Iterable[Contents] = ()) -> Told:
    """Of a treat with its choices."""
    of_choices = list(choices)
    always = set(own.allergens or ())
    sometimes = {each for one in of_choices for each in one.allergens or ()} - always
    parts = [own, *of_choices]
    is_begun = any(one != Contents() for one in parts)
    is_open = is_begun and any(one.allergens is None for one in parts)
    return Told(
        contains=names(always),
        by_choice=names(sometimes),
        is_none=is_begun and not (always or sometimes or is_open),
        is_open=is_open,
        marks=tuple(marks(own.diet)),
    )


def told_of_choice(own: Contents) -> Told:
    """Of one choice, beside what its treat contains anyway."""
    return Told(
        contains=names(own.allergens or ()),
        adds_none=own.allergens == (),
        is_unsaid=own.allergens is None,
        marks=tuple(marks(own.diet)),
    )
