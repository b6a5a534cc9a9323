"""One cell of rows of likes and costs, as people in any of our languages write it. What could be read in two
ways is refused in words, never guessed."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.forms.amount_field import AmountField, WholeNumberField
from giftshop.studio.sheet import values
from giftshop.studio.sheet.unclear import Unclear

LENGTH_MAX = 40
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.Z+-]*)?", re.ASCII)
DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d\d)", re.ASCII)
SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d\d)", re.ASCII)
GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,'\u2019 ])\d{3})(?:\1\d{3})*", re.ASCII)
SPACES = re.compile("[\u00a0\u2009\u202f]")


class DayOrder(StrEnum):
    """Of 3/5/2026."""

    DAY_FIRST = "day"
    MONTH_FIRST = "month"


def day_order(texts: Iterable[str]) -> DayOrder | None:
    """How a whole column writes its days, by those that can be read in one way only: 14/05/2026. Where none
    tells, as readers of German and Spanish write it; None where nobody can say."""
    found = set()
    for text in texts:
        if parts := SLASHED.fullmatch(text[: LENGTH_MAX + 1]):
            first, second = int(parts[1]), int(parts[2])
            if first > 12 >= second:
                found.add(DayOrder.DAY_FIRST)
            elif second > 12 >= first:
                found.add(DayOrder.MONTH_FIRST)
    if len(found) == 1:
        return found.pop()
    is_known = not found and (get_language() or "")[:2] in ("de", "es")
    return DayOrder.DAY_FIRST if is_known else None


def day(text: str, order: DayOrder | None) -> date:
    """Of 2026-05-03, 03.05.2026, 3.5.26 or 3/5/2026. Raises ValidationError."""
    text = text[: LENGTH_MAX + 1]
    if found := ISO.fullmatch(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := DOTTED.fullmatch(text):
        return _date(_year(found[3]), int(found[2]), int(found[1]))
    if found := SLASHED.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), _year(found[3])
        one, other = (year, second, first), (year, first, second)
        if order is None and max(first, second) <= 12 and first != second:
            raise ValidationError(
                _("“%(text)s” could be two days. Write it as %(one)s or %(other)s.")
                % {"text": text, "one": _iso(*one), "other": _iso(*other)}
            )
        is_month_first = second > 12 or (order is DayOrder.MONTH_FIRST and first <= 12)
        return _date(*(other if is_month_first else one))
    raise _no_day()


def count(text: str) -> int | None:
    """Of 1240, 1,240, 1.240 or 1 240: nobody has a part of a like. Raises ValidationError."""
    bare = SPACES.sub(" ", text[: LENGTH_MAX + 1])
    if GROUPED.fullmatch(bare):
        bare = re.sub(r"\D", "", bare)
    found: int | None = WholeNumberField(required=False).clean(bare)
    return found


def amount(text: str, currency: str) -> int | None:
    """Minor units, as the reader writes an amount, else as any of our languages does. Raises
    ValidationError."""
    field = AmountField(currency=currency, required=False)
    try:
        found: int | None = field.clean(text)
    except ValidationError as error:
        if error.code not in ("invalid", "coins", "whole"):
            raise
        try:
            read = values.amount(text, currency)
        except Unclear as unclear:
            raise ValidationError(str(unclear)) from None
        if read is None or read < 0:
            raise
        return read
    return found


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _iso(year: int, month: int, day: int) -> str:
    return f"{year}-{month:02}-{day:02}"


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _no_day() from None


def _no_day() -> ValidationError:
    return ValidationError(_("Write the day as 2026-05-03."))
