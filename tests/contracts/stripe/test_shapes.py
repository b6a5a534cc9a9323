"""Every object has the fields that Stripe's own samples show, of the same JSON types or null."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import stripe

from sandbox.stripe_double import StripeDouble

Make = Callable[..., Any]
SHAPES = json.loads(Path(__file__).with_name("shapes.json").read_text())
KINDS = {
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    list: "array",
    dict: "object",
}


def differences(shape: Any, value: Any, path: str) -> list[str]:
    """What a value lacks of a shape; null is always allowed, and more than the shape too."""
    if value is None or shape == "any":
        return []
    if isinstance(shape, dict) and isinstance(value, dict):
        missing = [f"{path}.{name} is missing" for name in shape if name not in value]
        present = [name for name in shape if name in value]
        return missing + [
            each
            for name in present
            for each in differences(shape[name], value[name], f"{path}.{name}")
        ]
    wanted = "object" if isinstance(shape, dict) else shape
    return [] if KINDS[type(value)] == wanted else [f"{path} is {KINDS[type(value)]}, not {wanted}"]


@pytest.fixture(scope="module")
def examples(double: StripeDouble | None) -> dict[str, Any]:
    """One raw object of each kind, from a payment that went through everything."""
    if double is None:
        pytest.skip("the samples are the double's measure; Stripe leaves out what does not apply")
    client: Any = stripe.StripeClient("sk_test_shapes", base_addresses={"api": double.url})
    price: Any = {"currency": "usd", "unit_amount": 5000, "product_data": {"name": "Cake"}}
    session = client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "https://shop.example/",
            "line_items": [{"quantity": 1, "price_data": price}],
        }
    )
    double.pay(session.id, "4000000000005423")
    session = client.v1.checkout.sessions.retrieve(session.id)
    intent = client.v1.payment_intents.retrieve(str(session.payment_intent))
    refund = client.v1.refunds.create({"payment_intent": intent.id, "amount": 100})
    charge = client.v1.charges.retrieve(str(intent.latest_charge), {"expand": ["refunds"]})
    disputed = client.v1.payment_intents.create(
        {
            "amount": 900,
            "currency": "usd",
            "payment_method": "pm_card_createDispute",
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "confirm": True,
        }
    )
    payout = double.dashboard.pay_out()
    found: list[Any] = [
        session,
        client.v1.checkout.sessions.line_items.list(session.id).data[0],
        intent,
        client.v1.payment_methods.retrieve(str(intent.payment_method)),
        charge,
        refund,
        client.v1.disputes.list({"payment_intent": disputed.id}).data[0],
        client.v1.radar.early_fraud_warnings.list({"charge": charge.id}).data[0],
        client.v1.balance_transactions.retrieve(str(charge.balance_transaction)),
        client.v1.payouts.retrieve(payout["id"]),
        client.v1.events.list().data[0],
        client.v1.balance.retrieve(),
        client.v1.accounts.retrieve_current(),
    ]
    return {each.object: json.loads(str(each)) for each in found}


@pytest.mark.parametrize("kind", sorted(SHAPES))
def test_an_object_has_the_fields_of_stripes_sample(examples: dict[str, Any], kind: str) -> None:
    assert differences(SHAPES[kind], examples[kind], kind) == []
