"""The columns of a menu's sheet: what each is called, and which field of a treat's form it stands for.

A row is one size of a treat. What is said of the treat as a whole stands in its first row; its ID and its
name in each, so that a sheet can be sorted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brands.models import Brand
from giftshop.catalog.translations import further_languages
from giftshop.studio.catalog.forms import GROUPS_MAX


class Kind(Enum):
    """How a cell is written and read."""

    LINE = auto()
    TEXT = auto()
    AMOUNT = auto()
    DAY = auto()
    NUMBER = auto()
    YES_NO = auto()
    LIST = auto()
    AMOUNTS = auto()
    ALLERGENS = auto()
    DIET = auto()
    ALLERGENS_OF_CHOICES = auto()
    DIET_OF_CHOICES = auto()
    STORES = auto()


class Part(Enum):
    """Of which form of a treat's page the field is."""

    TREAT = auto()
    SIZE = auto()
    GROUP = auto()


@dataclass(frozen=True, kw_only=True)
class Column:
    part: Part
    field: str
    """As the form calls it, with its language: name_de."""
    label: str | Promise
    kind: Kind = Kind.LINE
    number: int = 0
    """Of the group, from 1."""
    language: str = ""
    currency: str = ""
    in_each_row: bool = False
    width: int = 16

    @property
    def heading(self) -> str:
        """In the reader's language: "Price (USD)", "Choice 1 (de)"."""
        name = self.bare_heading
        more = self.language or self.currency
        return f"{name} ({more})" if more else name

    @property
    def bare_heading(self) -> str:
        return str(self.label) % {"number": self.number} if self.number else str(self.label)


ID = Column(part=Part.TREAT, field="slug", label=_("ID"), in_each_row=True, width=22)
NAME = Column(part=Part.TREAT, field="name", label=_("Name"), in_each_row=True, width=26)
IS_ACTIVE = Column(
    part=Part.TREAT, field="is_active", label=_("On the menu"), kind=Kind.YES_NO, width=12
)
PLACE = Column(part=Part.TREAT, field="place", label=_("Place"), kind=Kind.NUMBER, width=8)
"""In the order of the menu, what is off it counted with it: 1 is the first."""
STORES = Column(part=Part.TREAT, field="stores", label=_("Stores"), kind=Kind.STORES, width=22)
SIZE_ID = Column(part=Part.SIZE, field="key", label=_("Size ID"), width=18)
TREAT = (
    ID,
    NAME,
    Column(part=Part.TREAT, field="category", label=_("Category"), width=18),
    Column(
        part=Part.TREAT, field="description", label=_("In a sentence"), kind=Kind.TEXT, width=44
    ),
    IS_ACTIVE,
    PLACE,
    Column(part=Part.TREAT, field="on_sale_from", label=_("On sale from"), kind=Kind.DAY),
    Column(part=Part.TREAT, field="on_sale_until", label=_("On sale until"), kind=Kind.DAY),
    STORES,
    Column(part=Part.TREAT, field="allergens", label=_("Contains"), kind=Kind.ALLERGENS, width=22),
    Column(part=Part.TREAT, field="diet", label=_("Diet"), kind=Kind.DIET, width=18),
)
LAST = (
    Column(part=Part.TREAT, field="art", label=_("Drawing"), width=30),
    SIZE_ID,
)
GROUP = (
    ("name", _("Choice %(number)d"), Kind.LINE, 18),
    ("min_picks", _("Choice %(number)d: at least"), Kind.NUMBER, 12),
    ("max_picks", _("Choice %(number)d: at most"), Kind.NUMBER, 12),
    ("options", _("Choice %(number)d: one on each line"), Kind.LIST, 30),
    ("allergens", _("Choice %(number)d: each contains"), Kind.ALLERGENS_OF_CHOICES, 22),
    ("diet", _("Choice %(number)d: diet of each"), Kind.DIET_OF_CHOICES, 18),
)
TRANSLATED_GROUP = {"name", "options"}


def columns_of(brand: Brand, groups: int = GROUPS_MAX) -> list[Column]:
    """In the order of a sheet, with room for so many choices."""
    languages = further_languages(brand)
    size = (
        Column(part=Part.SIZE, field="name", label=_("Size"), width=16),
        _amount("amount", _("Price"), brand),
        _amount("later_amount", _("Later price"), brand),
        Column(part=Part.SIZE, field="later_from", label=_("From the day"), kind=Kind.DAY),
        _amount("most", _("The most"), brand),
        _amount("suggested", _("Amounts to tap"), brand, Kind.AMOUNTS),
    )
    own = [*TREAT, *size, *(column for at in range(groups) for column in _group(at + 1))]
    translated = [
        _in(language, column) for language in languages for column in own if _is_translated(column)
    ]
    return [*own, *translated, *LAST]


def by_heading(columns: Sequence[Column]) -> dict[str, Column]:
    """In each of our languages, with its currency and without; see `plain`."""
    found: dict[str, Column] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for column in columns:
                found.setdefault(plain(column.heading), column)
                if column.currency:
                    found.setdefault(plain(column.bare_heading), column)
    return found


def plain(heading: str) -> str:
    """Without what nobody means: capitals and further spaces."""
    return " ".join(heading.casefold().split())


def _amount(field: str, label: Promise, brand: Brand, kind: Kind = Kind.AMOUNT) -> Column:
    return Column(part=Part.SIZE, field=field, label=label, kind=kind, currency=brand.currency)


def _group(number: int) -> list[Column]:
    return [
        Column(part=Part.GROUP, field=field, label=label, kind=kind, number=number, width=width)
        for field, label, kind, width in GROUP
    ]


def _is_translated(column: Column) -> bool:
    if column.part is Part.TREAT:
        return column.field in {"name", "category", "description"}
    return column.field == "name" if column.part is Part.SIZE else column.field in TRANSLATED_GROUP


def _in(language: str, column: Column) -> Column:
    return Column(
        part=column.part,
        field=f"{column.field}_{language}",
        label=column.label,
        kind=column.kind,
        number=column.number,
        language=language,
        width=column.width,
    )
