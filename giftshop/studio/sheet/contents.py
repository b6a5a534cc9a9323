"""What is in a treat or in its choices, as cells of a sheet say it.

A cell holds codes: "milk, nuts", "none", or nothing where it is not said yet; in a cell with a line for each
choice that is "unsaid". A file and a page say them in the reader's language.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from giftshop.catalog.contents import Allergen, Contents, DietMark
from giftshop.studio.sheet.columns import Column, Kind, plain
from giftshop.studio.sheet.unclear import Unclear

NONE, UNSAID, EMPTY = "none", "unsaid", ""
WORDS = {NONE: gettext_noop("none"), UNSAID: gettext_noop("not said")}
ALLERGENS, DIET = "allergens", "diet"
"""As the fields of the treat and of a group are called here, and the columns of the rows."""
FIELDS = (ALLERGENS, DIET)
KINDS = (Kind.ALLERGENS, Kind.DIET, Kind.ALLERGENS_OF_CHOICES, Kind.DIET_OF_CHOICES)
SHOWN_MAX = 40
EVERY_ALLERGEN, EVERY_MARK = tuple(Allergen.values), tuple(DietMark.values)
Pairs = tuple[tuple[str, str], ...]
"""What is said of each choice: its label, and one cell."""


def read(text: str, kind: Kind) -> str:
    """Raises Unclear."""
    if kind in {Kind.ALLERGENS, Kind.DIET}:
        return _single(_one(text, kind), kind)
    is_diet = kind is Kind.DIET_OF_CHOICES
    one = Kind.DIET if is_diet else Kind.ALLERGENS
    return _joined([_one(line, one) for line in text.split("\n")], is_diet=is_diet)


def cells_of(contents: Contents) -> dict[str, str]:
    """Of a treat: {"allergens": "milk, nuts", "diet": "vegan"}."""
    one = _codes(contents)
    return {
        ALLERGENS: _single(one[ALLERGENS], Kind.ALLERGENS),
        DIET: _single(one[DIET], Kind.DIET),
    }


def cells_of_choices(contents: Sequence[Contents]) -> dict[str, str]:
    """Of a group: a line for each choice."""
    each = [_codes(one) for one in contents]
    return {field: _joined([one[field] for one in each], is_diet=field == DIET) for field in FIELDS}


def contents_of(allergens: str, diet: str) -> Contents:
    """What one cell of each, or one line, says."""
    said: tuple[str, ...] | None = _listed(allergens)
    if allergens in {EMPTY, UNSAID}:
        said = None
    return Contents(said, _listed(diet))


def line_of(contents: Contents, field: str) -> str:
    """One of `cells_of_choices`."""
    return _codes(contents)[field]


def lines_of(cell: str, count: int, *, is_diet: bool) -> list[str] | None:
    """One for each choice; None where there are more or fewer."""
    if cell == EMPTY:
        return [NONE if is_diet else UNSAID] * count
    lines = cell.split("\n")
    return lines if len(lines) == count else None


def in_words(cell: Any, column: Column) -> str:
    """As a file or a page says it."""
    if isinstance(cell, tuple):  # Pairs
        return ", ".join(f"{label}: {_line_in_words(line)}" for label, line in cell)
    return "\n".join(map(_line_in_words, str(cell).split("\n")))


def _line_in_words(line: str) -> str:
    names = _names_in(get_language() or settings.LANGUAGE_CODE)
    return ", ".join(names[code] for code in line.split(", ") if code)


def _single(code: str, kind: Kind) -> str:
    """What needs no word in a cell of its own."""
    return EMPTY if code == (NONE if kind is Kind.DIET else UNSAID) else code


def _joined(lines: Sequence[str], *, is_diet: bool) -> str:
    if set(lines) <= {NONE if is_diet else UNSAID}:
        return EMPTY
    return "\n".join(lines)


@lru_cache(maxsize=10_000)
def _codes(contents: Contents) -> Mapping[str, str]:
    said = UNSAID if contents.allergens is None else _in_order(contents.allergens, EVERY_ALLERGEN)
    return {ALLERGENS: said, DIET: _in_order(contents.diet, EVERY_MARK)}


def _in_order(codes: Sequence[str], every: Sequence[str]) -> str:
    return ", ".join(code for code in every if code in codes) or NONE


def _listed(cell: str) -> tuple[str, ...]:
    return () if cell in {EMPTY, NONE, UNSAID} else tuple(cell.split(", "))


def _one(text: str, kind: Kind) -> str:
    every = DietMark if kind is Kind.DIET else Allergen
    words = [word for word in map(plain, re.split("[,;\n]", text)) if word]
    known = _known()
    takes = {*every.values, NONE, UNSAID} - ({UNSAID} if kind is Kind.DIET else set())
    codes = {known.get(word, "") for word in words}
    for word in words:
        if known.get(word) not in takes:
            names = ", ".join([*(str(each.label) for each in every), _(WORDS[NONE])])
            raise Unclear(
                _("“%(word)s” is none of these: %(names)s.")
                % {"word": word[:SHOWN_MAX], "names": names}
            )
    if len(codes) > 1 and codes & {NONE, UNSAID}:
        raise Unclear(_("Write either “%(none)s” or what it is.") % {"none": _(WORDS[NONE])})
    if not codes:
        return NONE if kind is Kind.DIET else UNSAID
    return codes.pop() if codes & {NONE, UNSAID} else _in_order(list(codes), every.values)


@cache
def _known() -> dict[str, str]:
    """Each code by its names in all of our languages, and by itself."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for code, name in _names().items():
                found[plain(name)] = code
    return {**{code: code for code in _names()}, **found}


@cache
def _names_in(language: str) -> dict[str, str]:
    with translation.override(language):
        return _names()


def _names() -> dict[str, str]:
    """Of each code, in the reader's language."""
    labels = {each.value: str(each.label) for every in (Allergen, DietMark) for each in every}
    return {**labels, **{code: _(word) for code, word in WORDS.items()}}
