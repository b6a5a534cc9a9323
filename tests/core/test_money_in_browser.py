"""A script writes money as the server does: every currency that Stripe takes, in every language."""

import json
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation
from playwright.sync_api import Page

from core import money as core_money
from core.templatetags.money import money, money_format
from sandbox.stripe_double import money as stripes
from tests.browsers import chromium
from tests.pages import served

LANGUAGES = [code for code, _ in settings.LANGUAGES]
EVERY = sorted(code.upper() for code in stripes.CURRENCIES)
AMOUNTS = (0, 5, 99, 100, 1000, 99_999, 100_000, 123_456, 1_234_500, 123_456_789)
WRITE = """async ([formats, amounts]) => {
  const { moneyOf } = await import("/static/js/money.js");
  return formats.map((format) => [amounts.map(moneyOf(format)), moneyOf(format).step]);
}"""
BY_ITS_OWN_TABLES = """([language, currency, amount]) =>
  new Intl.NumberFormat(language, { style: "currency", currency }).format(amount)"""

pytestmark = pytest.mark.journey


@pytest.fixture
def page() -> Iterator[Page]:
    with served({"/": "<!doctype html><title>Money</title>"}) as host, chromium() as browser:
        opened = browser.new_page()
        opened.goto(host)
        yield opened


def test_money_is_written_as_the_server_writes_it(page: Page) -> None:
    for language in LANGUAGES:
        with translation.override(language):
            written = page.evaluate(WRITE, [[money_format(code) for code in EVERY], AMOUNTS])
            for currency, (texts, step) in zip(EVERY, written, strict=True):
                assert texts == [money(amount, currency) for amount in AMOUNTS]
                assert step == core_money.key_step(currency)
    assert {"USD", "EUR", "JPY", "KWD", "ISK", "UGX"} <= set(EVERY)
    with translation.override("es"):  # the control: a browser's tables are others
        assert page.evaluate(BY_ITS_OWN_TABLES, ["es", "USD", 1234.56]) != money(123_456, "USD")


@pytest.mark.parametrize(
    ("language", "currency", "pattern"),
    [
        ("en", "USD", "${}"),
        ("de", "EUR", "{}\N{NO-BREAK SPACE}€"),
        ("en", "RSD", "RSD\N{NO-BREAK SPACE}{}"),
    ],
)
def test_a_page_says_where_the_number_stands(language: str, currency: str, pattern: str) -> None:
    with translation.override(language):
        assert json.loads(money_format(currency))["pattern"] == pattern
