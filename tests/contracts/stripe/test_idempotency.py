"""One key, one effect."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

Make = Callable[..., Any]


def test_the_same_request_again_gives_the_first_answer(
    client: stripe.StripeClient, order: Make, key: str
) -> None:
    first: Any = client.v1.checkout.sessions.create(order(), {"idempotency_key": key})
    second: Any = client.v1.checkout.sessions.create(order(), {"idempotency_key": key})

    assert first.id == second.id
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert second.last_response.headers["Idempotent-Replayed"] == "true"


def test_other_parameters_under_the_same_key_are_refused(
    client: stripe.StripeClient, order: Make, key: str
) -> None:
    client.v1.checkout.sessions.create(order(), {"idempotency_key": key})

    with pytest.raises(stripe.IdempotencyError) as refusal:
        client.v1.checkout.sessions.create(order(metadata={"other": "1"}), {"idempotency_key": key})

    assert refusal.value.http_status == 400
    assert refusal.value.error
    assert refusal.value.error.type == "idempotency_error"


def test_many_at_once_have_one_effect(client: stripe.StripeClient, paid: Make, key: str) -> None:
    intent = paid()

    def refund(_: int) -> str:
        params: Any = {"payment_intent": intent.id, "amount": 100}
        return client.v1.refunds.create(
            params, {"idempotency_key": key, "max_network_retries": 5}
        ).id

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(refund, range(4)))

    assert len(made) == 1
    assert client.v1.charges.retrieve(intent.latest_charge).amount_refunded == 100


def test_a_decline_is_remembered_too(client: stripe.StripeClient, key: str) -> None:
    params: Any = {
        "amount": 900,
        "currency": "usd",
        "payment_method": "pm_card_chargeDeclined",
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        "confirm": True,
    }
    intents = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as refusal:
            client.v1.payment_intents.create(params, {"idempotency_key": key})
        error: Any = refusal.value.error
        intents.append(error.payment_intent.id)

    assert intents[0] == intents[1]


def test_a_refused_parameter_does_not_use_up_the_key(
    client: stripe.StripeClient, order: Make, key: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(order(bogus=1), {"idempotency_key": key})

    assert client.v1.checkout.sessions.create(order(), {"idempotency_key": key}).status == "open"
