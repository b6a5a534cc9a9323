"""What Stripe takes in which currency: decimals that must be 00, and a last digit that must be 0."""

from collections.abc import Callable
from typing import Any

import pytest
import stripe

Make = Callable[..., Any]


def lines(currency: str, amount: int) -> list[dict[str, Any]]:
    price = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Tea"}}
    return [{"quantity": 1, "price_data": price}]


@pytest.mark.parametrize(
    ("currency", "amount"),
    [("rsd", 45_000), ("isk", 90_000), ("ugx", 1_200_000), ("jpy", 650), ("usd", 651)],
)
def test_an_amount_is_charged_as_it_is_counted(
    client: stripe.StripeClient, order: Make, currency: str, amount: int
) -> None:
    session = client.v1.checkout.sessions.create(order(line_items=lines(currency, amount)))
    assert (session.amount_total, session.currency) == (amount, currency)


@pytest.mark.parametrize(("currency", "amount"), [("isk", 90_050), ("ugx", 1_200_001)])
def test_a_fraction_of_what_has_none_is_refused(
    client: stripe.StripeClient, order: Make, currency: str, amount: int
) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(order(line_items=lines(currency, amount)))


@pytest.mark.parametrize("currency", ["bhd", "jod", "kwd", "omr", "tnd"])
def test_the_last_of_three_decimals_has_to_be_0(
    client: stripe.StripeClient, order: Make, currency: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(order(line_items=lines(currency, 6_505)))


def test_an_unknown_currency_is_refused(client: stripe.StripeClient, order: Make) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="Invalid currency"):
        client.v1.checkout.sessions.create(order(line_items=lines("xxx", 650)))


@pytest.mark.parametrize(("currency", "amount"), [("isk", 90_000), ("ugx", 1_200_000)])
def test_a_fraction_of_what_has_none_is_not_given_back(
    client: stripe.StripeClient, paid: Make, currency: str, amount: int
) -> None:
    intent = paid(amount, currency=currency)

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 150})

    refund = client.v1.refunds.create({"payment_intent": intent.id, "amount": 200})
    assert (refund.amount, refund.currency) == (200, currency)


@pytest.mark.parametrize(
    ("currency", "step"), [("isk", 100), ("ugx", 100), ("kwd", 10), ("usd", 1)]
)
def test_what_stripe_keeps_can_be_paid(paid: Make, double: Any, currency: str, step: int) -> None:
    if double is None:
        pytest.skip("Stripe pays out in a currency of the account's")
    paid(98_760 * 100, currency=currency, metadata={"order_id": currency})

    fees = double.totals("order_id", [currency])

    assert fees[currency].fee % step == 0
    assert fees[currency].fee >= 98_760 * 100 * 29 // 1000
