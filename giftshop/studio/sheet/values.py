"""One cell of a sheet: what it says. What could be read in two ways is refused in words, never guessed."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from babel.numbers import get_currency_symbol
from django.conf import settings
from django.forms import DateField
from django.utils.translation import gettext as _

from core import csv_export, money
from core.forms import amount_field
from core.forms.amount_field import AmountField
from core.locales import readers_locale
from giftshop.studio.sheet import contents
from giftshop.studio.sheet.columns import Column, Kind
from giftshop.studio.sheet.unclear import Unclear

LENGTH_MAX = 40
"""Characters of what is a number or a day."""
SIGNS = "$£€¥"
SPACES = re.compile("[\u00a0\u2009\u202f]")
NUMBER = re.compile(r"[+-]?\d{1,18}(?:[.,'\u2019 ]\d{1,18}){0,8}", re.ASCII)
THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,'\u2019 ])\d{3})(?:\1\d{3})*", re.ASCII)
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
DOTTED_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d\d)", re.ASCII)
SLASHED_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.ASCII)
YES = {"yes", "y", "ja", "j", "sí", "si", "s", "true", "wahr", "verdadero", "1", "x"}
NO = {"no", "n", "nein", "false", "falsch", "falso", "0"}
EMPTY = ""


def read(cell: Any, column: Column, currency: str) -> Any:
    """EMPTY, a text, minor units, a number, a day or a bool, by the column's kind; what is no amount and no
    number in any language stays the text it is, for the form to refuse. Raises Unclear."""
    if isinstance(cell, dict) and "fault" in cell:
        raise Unclear(_("The sheet itself says %(fault)s here.") % {"fault": cell["fault"]})
    if isinstance(cell, dict) and "day" in cell and column.kind is not Kind.DAY:
        raise Unclear(_("The spreadsheet made a date of this. Format the cell as text."))
    if isinstance(cell, str):
        cell = csv_export.taken_back(cell.replace("\r\n", "\n").replace("\r", "\n")).strip()
        if cell == EMPTY:
            return EMPTY
    return READERS[column.kind](cell, currency)


def amount(text: str, currency: str) -> int | None:
    """Minor units of "4.50", "4,50" or "1.234,50"; None for what is no amount of the currency. Raises Unclear
    for "1.234", which is 1234 to some and 1.234 to others."""
    bare = SPACES.sub(" ", text[: LENGTH_MAX + 1]).strip()
    for sign in _signs(currency):
        bare = bare.removeprefix(sign).removesuffix(sign).strip()
    if len(text) > LENGTH_MAX or not NUMBER.fullmatch(bare):
        return None
    bare = bare.removeprefix("+")
    if THOUSANDS.fullmatch(bare.removeprefix("-")):
        whole, part = re.split("[.,]", bare)
        raise Unclear(
            _("“%(text)s” could be %(whole)s or %(part)s. Write %(whole)s.00 or %(part)s0.")
            % {"text": bare, "whole": f"{whole}{part}", "part": f"{whole}.{part}"}
        )
    number = _decimal(bare)
    return None if number is None else _minor(number, currency)


@cache
def _signs(currency: str) -> list[str]:
    """Whatever a form takes in any of our languages, the longest first."""
    shown = {get_currency_symbol(currency, language) for language, _name in settings.LANGUAGES}
    return sorted({currency, *shown, *SIGNS}, key=len, reverse=True)


def _decimal(bare: str) -> Decimal | None:
    whole, point, part = bare, "", ""
    last = max(bare.rfind("."), bare.rfind(","))
    if last >= 0 and not GROUPED.fullmatch(bare):
        whole, point, part = bare[:last], bare[last], bare[last + 1 :]
    digits = whole.removeprefix("-")
    if not digits.isdigit():
        found = GROUPED.fullmatch(digits)
        if not found or found[1] == point:
            return None
        digits = re.sub(r"[^0-9]", "", digits)
    return Decimal(f"{'-' if bare.startswith('-') else ''}{digits}.{part or '0'}")


def _minor(number: Decimal, currency: str) -> int | None:
    try:
        return money.minor_units(number, currency)
    except ValueError:
        return None


def _amount(cell: Any, currency: str) -> Any:
    if isinstance(cell, dict):
        return _of_number(Decimal(cell["number"]), currency) if "number" in cell else _text(cell)
    found = amount(cell, currency)
    return cell if found is None else found


def _of_number(number: Decimal, currency: str) -> int | str:
    """Minor units. Raises Unclear for less than the smallest coin: a form in German takes 4.505 for 4505."""
    try:
        found = money.minor_units(number, currency)
    except ValueError:
        return str(number)
    if found is None:
        digits = money.written_decimals(currency)
        raise Unclear(
            AmountField.default_error_messages["coins" if digits else "whole"] % {"digits": digits}
        )
    return found


def _line(cell: Any, currency: str) -> str:
    return _text(cell)


def _text(cell: Any) -> str:
    """1664 of 1664.0: a name may be a number."""
    if isinstance(cell, str):
        return cell
    if "number" in cell:
        number = Decimal(cell["number"])
        return f"{int(number) if number == number.to_integral_value() else number}"
    return str(cell.get("yes", "")).upper()


def _list(cell: Any, currency: str) -> str:
    """Choices, one on each line, each with what it costs extra as we write it: "Extra shot +0.80"."""
    lines = (line.strip() for line in _text(cell).split("\n"))
    return "\n".join(_choice(line, currency) for line in lines)


def _choice(line: str, currency: str) -> str:
    label, plus, price = line.rpartition("+")
    extra = amount(price, currency) if plus and label.strip() else None
    return line if extra is None else choice(label.strip(), extra, currency)


def choice(label: str, extra: int, currency: str) -> str:
    """As it stands in a sheet."""
    return f"{label} +{written(extra, currency)}" if extra else label


def _amounts(cell: Any, currency: str) -> Any:
    """One on each line, the least first; what is no amount stays for the form to refuse."""
    if isinstance(cell, dict):
        one = _amount(cell, currency)
        return written(one, currency) if isinstance(one, int) else one
    words = [word.strip() for word in re.split("[\n;]", cell) if word.strip()]
    found = [amount(word, currency) for word in words]
    if None in found:
        return "\n".join(words)
    return amounts([one for one in found if one is not None], currency)


def amounts(minor: Iterable[int], currency: str) -> str:
    """As they stand in a sheet."""
    return "\n".join(written(one, currency) for one in sorted(set(minor)))


def written(minor: int, currency: str) -> str:
    """With a point, and never with three digits behind it that could be thousands: 6.50, 1.2550."""
    text = str(money.number(minor, currency))
    if THOUSANDS.fullmatch(text):
        return text[:-1] if text.endswith("0") else f"{text}0"
    return text


def in_the_readers_way(lines: str, currency: str) -> str:
    """A list as the form reads it."""

    def turned(line: str) -> str:
        label, plus, price = line.rpartition("+")
        extra = amount(price, currency) if plus and label.strip() else None
        if extra is None:
            return line
        return f"{label.strip()} +{amount_field.written(extra, currency, readers_locale())}"

    return "\n".join(turned(line) for line in lines.split("\n"))


def _number(cell: Any, currency: str) -> Any:
    text = _text(cell)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _yes_no(cell: Any, currency: str) -> bool:
    if isinstance(cell, dict) and "yes" in cell:
        return bool(cell["yes"])
    text = _text(cell).casefold()
    if text in YES or text in NO:
        return text in YES
    raise Unclear(_("Write yes or no."))


def _day(cell: Any, currency: str) -> date:
    """Never left to the form: to one in English 03/04/27 is another day than to one in Spanish."""
    text = cell["day"] if isinstance(cell, dict) and "day" in cell else _text(cell)
    if len(text) > LENGTH_MAX:
        raise _no_day()
    if found := ISO_DAY.fullmatch(text):
        return _date(*map(int, found.groups()))
    if found := DOTTED_DAY.fullmatch(text):
        day, month, year = map(int, found.groups())
        return _date(year if year > 99 else 2000 + year, month, day)
    if found := SLASHED_DAY.fullmatch(text):
        first, second, year = map(int, found.groups())
        if first <= 12 and second <= 12 and first != second:
            raise Unclear(
                _("“%(text)s” could be two days. Write it as %(one)s or %(other)s.")
                % {
                    "text": text,
                    "one": f"{year}-{first:02}-{second:02}",
                    "other": f"{year}-{second:02}-{first:02}",
                }
            )
        month, day = (first, second) if first <= 12 else (second, first)
        return _date(year, month, day)
    raise _no_day()


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _no_day() from None


def _no_day() -> Unclear:
    return Unclear(DateField.default_error_messages["invalid"])


def _contents(kind: Kind) -> Callable[[Any, str], str]:
    return lambda cell, _currency: contents.read(_text(cell), kind)


READERS: dict[Kind, Callable[[Any, str], Any]] = {
    Kind.LINE: _line,
    Kind.TEXT: _line,
    Kind.AMOUNT: _amount,
    Kind.DAY: _day,
    Kind.NUMBER: _number,
    Kind.YES_NO: _yes_no,
    Kind.LIST: _list,
    Kind.AMOUNTS: _amounts,
    Kind.STORES: _line,
    **{kind: _contents(kind) for kind in contents.KINDS},
}
