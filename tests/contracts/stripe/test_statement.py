"""What the card's statement and the payment page are called."""

from collections.abc import Callable
from typing import Any

import pytest
import stripe

Make = Callable[..., Any]


@pytest.mark.parametrize(
    "wrong",
    [
        {"statement_descriptor_suffix": "x" * 23},
        {"statement_descriptor_suffix": "12-34"},
        {"statement_descriptor_suffix": "GIFT*"},
        {"statement_descriptor_suffix": "<GIFT>"},
        {"statement_descriptor_suffix": "JOE'S"},
        {"statement_descriptor_suffix": "ギフト"},
        {"statement_descriptor": "Harbor Bean"},
    ],
)
def test_a_wrong_statement_is_refused(
    client: stripe.StripeClient, order: Make, wrong: dict[str, str]
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(order(payment_intent_data=wrong))

    assert str(refusal.value.param).startswith("payment_intent_data[statement_descriptor")


def test_a_suffix_stands_behind_the_accounts_name(client: stripe.StripeClient, paid: Make) -> None:
    intent = paid(statement_descriptor_suffix="Harbor")

    charge = client.v1.charges.retrieve(intent.latest_charge)

    assert charge.statement_descriptor_suffix == "Harbor"
    said = str(charge.calculated_statement_descriptor)
    assert said.endswith("* HARBOR")
    assert len(said) <= 22


@pytest.mark.parametrize("locale", ["auto", "de", "es", "pt-BR", "zh-TW"])
def test_the_page_speaks_a_language(client: stripe.StripeClient, order: Make, locale: str) -> None:
    assert client.v1.checkout.sessions.create(order(locale=locale)).locale == locale


@pytest.mark.parametrize(
    "wrong",
    [
        {"locale": "tlh"},
        {"branding_settings": {"border_style": "zigzag"}},
        {"branding_settings": {"font_family": "Comic Sans MS"}},
        {"branding_settings": {"button_color": "red"}},
        {"branding_settings": {"slogan": "Yum"}},
    ],
)
def test_what_the_page_cannot_be_is_refused(
    client: stripe.StripeClient, order: Make, wrong: dict[str, Any]
) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(order(**wrong))
