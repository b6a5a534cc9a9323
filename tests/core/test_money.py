"""Money between minor units and the number that people write, in every currency that Stripe takes."""

import time
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from babel.numbers import NumberFormatError, parse_decimal
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from core import money as core_money
from core.forms import amount_field
from core.forms.amount_field import AmountField, PriceField, WholeNumberField
from core.locales import locale_of
from core.templatetags.money import money, rate
from sandbox.stripe_double import money as stripes
from tests.product import PRODUCT

EVERY = sorted(code.upper() for code in stripes.CURRENCIES)
LANGUAGES = ("en", "de", "es")


def field(currency: str = "USD", **options: int) -> AmountField:
    made = AmountField(**options)
    made.currency = currency
    return made


@pytest.mark.parametrize(
    ("written", "currency", "charged"),
    [
        ("450", "RSD", 45_000),
        ("900", "ISK", 90_000),
        ("12000", "UGX", 1_200_000),
        ("650", "JPY", 650),
        ("6.5", "KWD", 6_500),
        ("6.50", "USD", 650),
        *(
            (("450", code, 45_000))
            for code in ["AFN", "ALL", "LAK", "LBP", "MMK", "SOS", "STD", "YER"]
        ),
    ],
)
def test_what_is_shown_is_what_stripe_charges(written: str, currency: str, charged: int) -> None:
    assert field(currency).clean(written) == charged
    assert str(core_money.number(charged, currency)).startswith(written)
    assert written.rstrip("0") in money(charged, currency).replace(",", "")
    assert (
        stripes.shown(charged, currency)
        .replace(",", "")
        .split("\xa0")[-1]
        .strip("$¥")
        .startswith(written)
    )


@pytest.mark.parametrize("currency", EVERY)
def test_every_currency_counts_as_stripe_counts_it(currency: str) -> None:
    code = currency.lower()
    assert core_money.decimals(currency) == stripes.decimals(code)
    for amount in (1, 10, 50, 99, 100, 110, 1000, 123_456, 1_234_500, 9_999_900):
        assert core_money.has_coins(amount, currency) == (amount % stripes.STEPS.get(code, 1) == 0)
        for language in LANGUAGES:
            with translation.override(language):
                number = core_money.number(amount, currency)
                assert _number_in(money(amount, currency), currency, language) == number
                if core_money.minor_units(number, currency) is None:
                    continue  # less than the smallest coin of its people
                typed = amount_field.written(amount, currency, locale_of(language))
                assert field(currency).clean(typed) == amount
                shown = money(amount, currency)
                if amount_field.read_in_two_ways(shown, currency, locale_of(language)):
                    continue
                assert field(currency).clean(shown) == amount


@pytest.mark.parametrize("currency", EVERY)
def test_what_can_be_charged_at_least_and_at_once_is_what_stripe_takes(currency: str) -> None:
    code, price = currency.lower(), PriceField()
    price.currency = currency
    step = stripes.STEPS.get(code, 1)
    least, most = stripes.least(code), stripes.most(code)
    for amount in (1, least - 1, least, least + step, 10_000_000, most, most + 1):
        taken = least <= amount <= most and amount % step == 0
        assert core_money.is_chargeable(amount, currency) == taken
        if amount <= core_money.MINOR_UNITS_MAX:
            try:
                price.validate(amount)
            except ValidationError:
                assert not taken
            else:
                assert taken


def _number_in(shown: str, currency: str, language: str) -> Decimal:
    locale = locale_of(language)
    digits = amount_field._without_sign_of(currency, shown, locale)
    try:
        return parse_decimal(digits, locale=locale)
    except NumberFormatError:
        raise AssertionError(shown) from None


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (45_000, "RSD", "450"),
        (45_050, "RSD", "450.50"),
        (90_000, "ISK", "900"),
        (650, "JPY", "650"),
    ],
)
def test_decimals_are_shown_where_they_are_used(amount: int, currency: str, shown: str) -> None:
    assert money(amount, currency).strip("¥").split("\xa0")[-1] == shown


@pytest.mark.parametrize(
    ("number", "currency", "language", "shown"),
    [
        ("0.0083", "USD", "en", "$0.0083"),
        ("0.00830", "USD", "en", "$0.0083"),
        ("0.5", "USD", "en", "$0.50"),
        ("0.0083", "EUR", "de", "0,0083\N{NO-BREAK SPACE}€"),
        ("1.1", "JPY", "en", "¥1.1"),
    ],
)
def test_what_costs_less_than_the_smallest_coin_keeps_its_decimals(
    number: str, currency: str, language: str, shown: str
) -> None:
    with translation.override(language):
        assert rate(Decimal(number), currency) == shown


@pytest.mark.parametrize("currency", ["USD", "JPY", "RSD", "ISK", "KWD"])
def test_keys_on_a_till_begin_at_the_last_place_people_use(currency: str) -> None:
    step = core_money.key_step(currency)
    assert step == {"RSD": 100, "ISK": 100}.get(currency, 1)


@pytest.mark.parametrize(("number", "currency"), [("6.505", "USD"), ("6.5", "JPY"), ("6.5", "ISK")])
def test_less_than_the_smallest_coin_is_no_amount(number: str, currency: str) -> None:
    assert core_money.minor_units(Decimal(number), currency) is None
    with pytest.raises(ValidationError):
        field(currency).clean(number)


HUGE = ["1E+999990", "0E+999990", "9e299998", "1E+1000000", "1E-999990", "1" * 100_000, "Infinity"]
"""Few symbols each, but the last but one; a million digits once they are counted in cents."""


@pytest.mark.parametrize("written", HUGE)
def test_a_number_without_measure_is_no_amount_and_costs_nothing(written: str) -> None:
    started = time.thread_time()
    with pytest.raises(ValidationError, match="Write an amount"):
        field().clean(written)
    with pytest.raises(ValueError, match="18 digits"):
        core_money.minor_units(Decimal(written), "USD")
    assert time.thread_time() - started < 0.1


@pytest.mark.parametrize(
    "written",
    [
        *["1e1", "1_000", "--5", "5.5.5", ".", "NaN", "\u0665", "1,2,3", "1,2500", "1,250,50"],
        *["€250", "1.250,50", "250 or so", "1 2", "$", "$$5", "0,500", "00,500"],
    ],
)
def test_what_nobody_writes_as_an_amount_is_not_guessed_at(written: str) -> None:
    with pytest.raises(ValidationError):
        field().clean(written)


@pytest.mark.parametrize(
    ("language", "written", "meant"),
    [
        ("en", " 1250.50 ", 125_050),
        ("en", "1,250.50", 125_050),
        ("en", "1,250", 125_000),
        ("en", "1 250.50", 125_050),
        ("en", "1'250.50", 125_050),
        ("en", "$250", 25_000),
        ("en", "250 $", 25_000),
        ("en", "USD 1,250.50", 125_050),
        ("en", "12,50", 1_250),
        ("en", "1,234,567.89", 123_456_789),
        ("en", ".5", 50),
        ("en", "+5.", 500),
        ("de", "1250,50", 125_050),
        ("de", "1.250,50", 125_050),
        ("de", "1.250", 125_000),
        ("de", "12,50", 1_250),
        ("de", "12.50", 1_250),
        ("de", "1\N{NO-BREAK SPACE}250,50\N{NO-BREAK SPACE}$", 125_050),
        ("es", "1250,50", 125_050),
        ("es", "1.250,50 US$", 125_050),
    ],
)
def test_an_amount_is_read_as_the_readers_language_writes_it(
    language: str, written: str, meant: int
) -> None:
    with translation.override(language):
        assert field().clean(written) == meant


@pytest.mark.parametrize("currency", EVERY)
@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "1.250"), ("en", "250.000"), ("de", "1,250"), ("es", "250,000"), ("de", "1,2500")],
)
def test_thousands_as_another_language_writes_them_are_asked_about(
    language: str, written: str, currency: str
) -> None:
    """1,250 in German is neither 1.25 nor 1,250."""
    if core_money.decimals(currency) == 3 and written == "1,2500":
        return  # one and a quarter, as we ourselves write it
    with translation.override(language), pytest.raises(ValidationError):
        field(currency).clean(written)


THREE = [code for code in EVERY if core_money.decimals(code) == 3]


@pytest.mark.parametrize("currency", THREE)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("written", ["1.250", "1,250", "12.500", "+250,005", "-1.250", "{} 1.250"])
def test_where_a_coin_is_a_thousandth_thousands_are_asked_about(
    written: str, language: str, currency: str
) -> None:
    """A point there and a comma here: 1.250 is a tenth of a meal or a month's wages. Either way of the two
    that the answer offers is taken for what it says it is."""
    typed = written.format(currency)
    with translation.override(language):
        with pytest.raises(ValidationError) as refused:
            field(currency).clean(typed)
        [error] = refused.value.error_list
        assert error.code == "unclear"
        said = error.params
        assert field(currency).clean(said["one"]) == int(said["whole"]) * 1000
        assert field(currency).clean(said["other"]) == int(said["whole"])
        assert said["text"] in error.messages[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("written", ["0.500", "0,500", "00.500", "0.005", "0,050"])
def test_nothing_before_a_point_begins_no_thousands(language: str, written: str) -> None:
    with translation.override(language), pytest.raises(ValidationError):
        field("USD").clean(written)
    with translation.override(language):
        decimal = "." if language == "en" else ","
        assert field("KWD").clean(f"0{decimal}500") == 500


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("-5", "not less than nothing"),
        ("0", "Nothing is not an amount"),
        ("99999999999", "Write a smaller amount"),
        ("1,000,000,000,000,000,000,000", "Write a smaller amount"),
        ("1.234", "at most 2 digits"),
    ],
)
def test_an_amount_that_cannot_be_is_answered_in_words(written: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        field(least=1).clean(written)


def _forms_of_the_product() -> list[type[forms.Form]]:
    for folder in ("redemption", "giftshop", "campaigns"):
        for file in Path(folder).rglob("*.py"):
            if "forms.Form" in file.read_text() or "Form)" in file.read_text():
                import_module(".".join(file.with_suffix("").parts))
    return [each for each in _below(forms.Form) if not each.__module__.startswith("django")]


def _below(kind: type[forms.Form]) -> list[type[forms.Form]]:
    return [each for sub in kind.__subclasses__() for each in (sub, *_below(sub))]


def test_every_form_takes_amounts_by_the_one_field() -> None:
    """What a keypad of the till sends is minor units already."""
    found = _forms_of_the_product()
    theirs = [
        (form.__name__, name)
        for form in found
        for name, each in form.base_fields.items()
        if isinstance(each, (forms.DecimalField, forms.FloatField))
    ]
    assert theirs == []
    taken = {
        form.__name__
        for form in found
        for each in form.base_fields.values()
        if isinstance(each, AmountField)
    }
    assert {"RulesForm", "GoodwillForm", "CampaignForm"} <= taken
    for path in PRODUCT:
        for file in Path(path).rglob("*.py"):
            if file.name != "money.py":
                assert "get_currency_precision" not in file.read_text(), file
                assert "format_currency" not in file.read_text(), file
    for file in Path("static/js").rglob("*.js"):
        assert "currency" not in file.read_text(), f"{file}: money.js writes money"


def test_every_form_takes_whole_numbers_by_the_one_field() -> None:
    numbers = [
        (form.__name__, name, type(field))
        for form in _forms_of_the_product()
        for name, field in form.base_fields.items()
        if type(field) is forms.IntegerField
    ]
    assert numbers == []


@pytest.mark.parametrize("written", ["1_0", "1e1", "0x10", "\u0661", "9" * 20, "5.5", "--5", "1 0"])
def test_what_nobody_writes_as_a_whole_number_is_none(written: str) -> None:
    with pytest.raises(ValidationError):
        WholeNumberField().clean(written)


def test_a_whole_number_is_read() -> None:
    assert [WholeNumberField().clean(each) for each in ("10", " 5 ", "5.0", "-3")] == [10, 5, 5, -3]
    assert WholeNumberField(required=False).clean("") is None
