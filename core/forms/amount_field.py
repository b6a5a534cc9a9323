"""A form's field for an amount of money as people write it. Every form with an amount uses it."""

import re
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from babel.numbers import get_currency_symbol, get_decimal_symbol, get_group_symbol
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import money
from core.locales import readers_locale
from core.templatetags.money import money as shown

TEXT_LENGTH_MAX = 40
WHOLE = re.compile(r"[+-]?[0-9]{1,19}(\.0{0,3})?")
GROUP = 3
"""So many digits stand together in a large number."""
TWO_WAYS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"


class AmountField(forms.Field):
    """An amount in minor units of `currency`, which most forms set; None when it may be left out.

    1,250.50 is read as the reader's language writes it: 1.250,50 in German. A sign of the currency may
    stand before or behind. No exponents: nobody means 10 by 1e1, and 1E+999990 is nine symbols and a
    million digits. `least` and `most`: minor units.
    """

    default_error_messages = {
        "invalid": _("Write an amount, like 250."),
        "coins": _("Amounts have at most %(digits)s digits after the point."),
        "whole": _("This currency has no smaller coins: write a whole number."),
        "unclear": _(
            "“%(text)s” could be %(whole)s or %(part)s. Write it as %(one)s or %(other)s."
        ),
        "negative": _("An amount is not less than nothing. Write it without the minus."),
        "least": _("Nothing is not an amount."),
        "most": _("Nobody gives so much. Write a smaller amount."),
    }

    def __init__(
        self,
        *,
        least: int = 0,
        most: int = money.MINOR_UNITS_MAX,
        currency: str = "USD",
        **kwargs: Any,
    ) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"widget": widget, **kwargs})
        self.currency, self.least, self.most = currency, least, most

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if both := read_in_two_ways(str(value), self.currency, readers_locale()):
            raise self._error("unclear", **both)
        written = read(str(value), self.currency, readers_locale())
        if written is None:
            raise self._error("invalid")
        digits = money.written_decimals(self.currency)
        if _places(written) >= GROUP > digits:  # thousands, as another language writes them
            raise self._error("coins" if digits else "whole", digits=digits)
        try:
            minor = money.minor_units(written, self.currency)
        except ValueError:
            raise self._error("most") from None
        if minor is None:
            raise self._error("coins" if digits else "whole", digits=digits)
        return minor

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value < 0:
            raise self._error("negative")
        if value < self.least:
            raise self._error("least")
        if value > self.most:
            raise self._error("most")

    def prepare_value(self, value: Any) -> Any:
        """Minor units as the reader writes them; what was typed stays as it is."""
        return written(value, self.currency, readers_locale()) if isinstance(value, int) else value

    def _error(self, code: str, **params: Any) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)


def set_currency(form: forms.BaseForm, currency: str) -> None:
    """Of all amounts of the form."""
    for field in form.fields.values():
        if isinstance(field, AmountField):
            field.currency = currency


class CoinsField(AmountField):
    """An amount in coins that Stripe counts. Every form with an amount that moves there uses it."""

    default_error_messages = {"no_coins": _("This currency takes no such coins: round it.")}

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is not None and not money.has_coins(value, self.currency):
            raise self._error("no_coins")


class PriceField(CoinsField):
    """An amount that will be charged, as far as Stripe takes it. Every form with a price uses it."""

    default_error_messages = {
        "too_little": _("The least that can be charged is %(amount)s."),
        "too_much": _("The most that can be charged is %(amount)s."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(least=1, **kwargs)

    def validate(self, value: int | None) -> None:
        super().validate(value)
        if value is None:
            return
        least, most = money.least_charge(self.currency), money.most_charge(self.currency)
        if value < least:
            raise self._error("too_little", amount=shown(least, self.currency))
        if value > most:
            raise self._error("too_much", amount=shown(most, self.currency))


class WholeNumberField(forms.IntegerField):
    """A whole number in plain digits. Python itself takes 1_0 for 10. Every form with a number uses it."""

    def to_python(self, value: Any) -> int | None:
        if value not in self.empty_values and not WHOLE.fullmatch(str(value).strip()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        number: int | None = super().to_python(value)
        return number


def written(amount: int, currency: str, locale: Locale) -> str:
    """125050, "USD" -> "1250.50" in English, "1250,50" in German: without groups, ready to be changed. Never
    with three digits behind a point that could be thousands: 1250, "KWD" -> "1.25"."""
    places = money.shown_decimals(amount, currency)
    text = f"{money.number(amount, currency):.{places}f}"
    return _clear(text).replace(".", get_decimal_symbol(locale))


def read_in_two_ways(text: str, currency: str, locale: Locale) -> dict[str, str] | None:
    """Where a coin is a thousandth, 1.250 may be 1,250 to whoever writes so: what it could be, and how to
    write either; None for what can be read in one way only."""
    bare = _without_sign_of(currency, text[:TEXT_LENGTH_MAX].strip(SPACES), locale).lstrip("+-")
    if money.written_decimals(currency) < GROUP or not TWO_WAYS.fullmatch(bare):
        return None
    whole, part = re.split("[.,]", bare)
    decimal = get_decimal_symbol(locale)
    said = {"text": bare, "whole": f"{whole}{part}", "part": f"{whole}{decimal}{part}"}
    one, other = f"{whole}{part}{decimal}00", _clear(f"{whole}.{part}").replace(".", decimal)
    return {**said, "one": one, "other": other}


def _clear(number: str) -> str:
    """1.250 -> 1.25, 1.255 -> 1.2550."""
    if not TWO_WAYS.fullmatch(number):
        return number
    return number[:-1] if number.endswith("0") else f"{number}0"


def read(text: str, currency: str, locale: Locale) -> Decimal | None:
    """The Decimal that is meant, or None for what is no amount. Time is linear in a text that is short.

    Groups are of three, and the first begins with no 0: 0.500 in German is no 500. One lone separator
    with one or two digits behind it is a decimal's, whichever it is, for no group has so few: 12,50 in
    English is twelve and a half, and never 1,250.
    """
    if len(text) > TEXT_LENGTH_MAX:
        return None
    text = _without_sign_of(currency, text.strip(SPACES), locale)
    decimal, group = get_decimal_symbol(locale), get_group_symbol(locale)
    other = "," if decimal == "." else "."
    for pattern in _patterns(decimal, group, other):
        if found := pattern.fullmatch(text):
            minus, whole, part = found["minus"], found["whole"], found["part"]
            digits = re.sub(r"[^0-9]", "", whole or "")
            return Decimal(f"{minus or ''}{digits or '0'}.{part or '0'}")
    return None


def _places(number: Decimal) -> int:
    """Digits behind the point, as they were written: 2 of 1.50."""
    return -int(number.as_tuple().exponent)


def _without_sign_of(currency: str, text: str, locale: Locale) -> str:
    """$250, 250 $, USD 250."""
    for sign in _signs(currency, locale):
        for without in (text.removeprefix(sign), text.removesuffix(sign)):
            if without != text:
                return without.strip(SPACES)
    return text


@cache
def _signs(currency: str, locale: Locale) -> list[str]:
    """The longest first."""
    signs = {currency, get_currency_symbol(currency, locale), get_currency_symbol(currency, "en")}
    signs |= {sign[-1] for sign in signs if sign[-1] in "$£€¥"}
    return sorted(signs, key=len, reverse=True)


@cache
def _patterns(decimal: str, group: str, other: str) -> tuple[re.Pattern[str], ...]:
    separators = re.escape(group + SPACES + APOSTROPHES)
    point, comma = re.escape(decimal), re.escape(other)
    sign = r"(?P<minus>-)?\+?"
    most = money.DIGITS_MAX
    return tuple(
        re.compile(pattern, re.ASCII)
        for pattern in (
            rf"{sign}(?P<whole>[1-9]\d{{0,2}}(?P<group>[{separators}])\d{{3}}(?:(?P=group)\d{{3}})*)"
            rf"(?:{point}(?P<part>\d{{0,{most}}}))?",
            rf"{sign}(?P<whole>\d{{1,{most}}})(?:{point}(?P<part>\d{{0,{most}}}))?",
            rf"{sign}(?P<whole>){point}(?P<part>\d{{1,{most}}})",
            rf"{sign}(?P<whole>\d{{1,{most}}}){comma}(?P<part>\d{{1,2}})",
        )
    )
