"""Parameters judged by the SDK's declarations, forms undone, and what the double owns up to."""

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from sandbox.stripe_double.api.forms import decode
from sandbox.stripe_double.api.params import Problem, params_class, problems

Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("raw", "decoded"),
    [
        ("a=1&b[c]=2", {"a": "1", "b": {"c": "2"}}),
        ("a[0][b]=x&a[1][b]=y", {"a": [{"b": "x"}, {"b": "y"}]}),
        ("a[10]=k&a[9]=j", {"a": ["j", "k"]}),
        ("expand[]=a&expand[]=b", {"expand": ["a", "b"]}),
        ("metadata[0]=x&metadata[1]=y", {"metadata": {"0": "x", "1": "y"}}),
        ("a%5Bb%5D=%26&c=", {"a": {"b": "&"}, "c": ""}),
    ],
)
def test_forms_are_undone(raw: str, decoded: dict[str, Any]) -> None:
    assert decode(raw) == decoded


PRICE = {"currency": "usd", "unit_amount": "650", "product_data": {"name": "Latte"}}


@pytest.mark.parametrize(
    ("change", "kind", "path"),
    [
        ({"bogus": "1"}, "unknown", "bogus"),
        ({"payment_intent_data": {"metadataa": {}}}, "unknown", "payment_intent_data.metadataa"),
        (
            {"line_items": [{"price_data": {"unit_amount": "1"}}]},
            "missing",
            "line_items.0.price_data.currency",
        ),
        ({"line_items": [{"quantity": "two"}]}, "not a number", "line_items.0.quantity"),
        ({"line_items": {"quantity": "2"}}, "wrong shape", "line_items"),
        ({"metadata": "x"}, "wrong shape", "metadata"),
        ({"automatic_tax": {"enabled": "maybe"}}, "not a boolean", "automatic_tax.enabled"),
        ({"success_url": ""}, "empty", "success_url"),
    ],
)
def test_a_bad_parameter_is_found_by_its_path(change: dict[str, Any], kind: str, path: str) -> None:
    body = {"mode": "payment", "line_items": [{"quantity": "1", "price_data": PRICE}], **change}

    (found,) = problems(params_class("checkout.session", "create"), body)

    assert (found.kind, found.path) == (kind, path)


def test_a_good_body_has_no_problems() -> None:
    body = {
        "mode": "payment",
        "line_items": [{"quantity": "1", "price_data": PRICE}],
        "metadata": {"a": ""},
    }

    assert problems(params_class("checkout.session", "create"), body) == []
    assert problems(params_class("refund", "create"), {"amount": {"gte": "1"}}) == [
        Problem("wrong shape", "amount", {"gte": "1"})
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"discounts": [{"coupon": "c"}]},
        {"automatic_tax": {"enabled": True}},
        {"mode": "setup"},
        {"ui_mode": "elements"},
        {"payment_intent_data": {"capture_method": "manual"}},
    ],
)
def test_what_the_double_does_not_play_it_says_aloud(client: Any, order: Make, change: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(order(**change))

    assert refusal.value.code == "double_does_not_play"


@pytest.mark.parametrize("key", ["", "pk_test_x", "sk_live_x"])
def test_only_secret_test_keys_are_let_in(double: Any, key: str) -> None:
    client = stripe.StripeClient(key or "x", base_addresses={"api": double.url})

    with pytest.raises(stripe.AuthenticationError):
        client.v1.balance.retrieve()


def test_a_double_may_know_one_key_only(start: Make) -> None:
    double = start(api_key="sk_test_mine")

    def client(key: str) -> stripe.StripeClient:
        return stripe.StripeClient(key, base_addresses={"api": double.url})

    assert client("sk_test_mine").v1.balance.retrieve().object == "balance"
    with pytest.raises(stripe.AuthenticationError):
        client("sk_test_other").v1.balance.retrieve()
