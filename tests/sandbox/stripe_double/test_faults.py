"""Trouble on demand, as the SDK meets it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from sandbox.stripe_double import StripeDouble

Make = Callable[..., Any]


def test_a_500_before_the_effect_has_none_and_is_remembered(
    double: StripeDouble, client: Any, order: Make
) -> None:
    double.faults(api_500=1)

    for _ in range(2):
        with pytest.raises(stripe.APIError) as refusal:
            client.v1.checkout.sessions.create(order(), {"idempotency_key": "k"})
        assert refusal.value.http_status == 500

    assert client.v1.checkout.sessions.list().data == []
    assert client.v1.checkout.sessions.create(order(), {"idempotency_key": "k2"}).status == "open"


def test_a_500_after_the_effect_leaves_it_behind(
    double: StripeDouble, client: Any, paid: Make
) -> None:
    intent = paid()
    double.faults(api_500=1, after_effect=True)

    with pytest.raises(stripe.APIError):
        client.v1.refunds.create({"payment_intent": intent.id}, {"idempotency_key": "r"})

    assert len(client.v1.refunds.list({"payment_intent": intent.id}).data) == 1


def test_a_dropped_answer_is_given_to_the_same_key_again(
    double: StripeDouble, client_of: Make, paid: Make
) -> None:
    intent = paid()
    double.faults(api_drop=1, after_effect=True, only_path="/v1/refunds")
    client = client_of(double, retries=2)

    refund = client.v1.refunds.create({"payment_intent": intent.id})

    assert [each.id for each in client.v1.refunds.list().data] == [refund.id]
    assert refund.last_response.headers["Idempotent-Replayed"] == "true"


def test_a_connection_dropped_before_the_effect_has_none(
    double: StripeDouble, client: Any, order: Make
) -> None:
    double.faults(api_drop=1)

    with pytest.raises(stripe.APIConnectionError):
        client.v1.checkout.sessions.create(order(), {"idempotency_key": "k"})

    assert client.v1.checkout.sessions.list().data == []
    assert client.v1.checkout.sessions.create(order(), {"idempotency_key": "k"}).status == "open"


def test_too_many_requests_are_429_and_not_remembered(
    double: StripeDouble, client: Any, order: Make
) -> None:
    double.faults(api_429=1)

    with pytest.raises(stripe.RateLimitError) as refusal:
        client.v1.checkout.sessions.create(order(), {"idempotency_key": "k"})

    assert refusal.value.http_status == 429
    assert client.v1.checkout.sessions.create(order(), {"idempotency_key": "k"}).status == "open"


def test_a_key_in_use_is_a_409_that_says_try_again(
    double: StripeDouble, client: Any, client_of: Make, order: Make, eventually: Make
) -> None:
    double.faults(api_hang=1, hang_seconds=60, only_method="POST")
    patient = client_of(double, retries=4)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.v1.checkout.sessions.create, order(), {"idempotency_key": "k"})
        eventually(lambda: double.world.faults.switches.api_hang == 0)

        with pytest.raises(stripe.APIError) as refusal:
            client.v1.checkout.sessions.create(order(), {"idempotency_key": "k"})
        double.world.faults.reset()
        later = patient.v1.checkout.sessions.create(order(), {"idempotency_key": "k"})

        assert isinstance(first.exception(), stripe.APIConnectionError)
    assert refusal.value.http_status == 409
    assert refusal.value.headers["Stripe-Should-Retry"] == "true"  # type: ignore[index]
    assert [each.id for each in client.v1.checkout.sessions.list().data] == [later.id]


def test_a_hanging_request_ends_when_the_double_closes(start: Make, client_of: Make) -> None:
    double = start()
    double.faults(api_hang=1, hang_seconds=60)
    outcome: list[Exception] = []

    def ask() -> None:
        try:
            client_of(double).v1.balance.retrieve()
        except stripe.APIConnectionError as problem:
            outcome.append(problem)

    asking = threading.Thread(target=ask)
    asking.start()
    while double.world.faults.switches.api_hang:
        assert asking.is_alive()
    double.close()
    asking.join(timeout=5)

    assert len(outcome) == 1


def test_trouble_keeps_to_its_path_and_method(
    double: StripeDouble, client: Any, order: Make
) -> None:
    double.faults(api_500=1, only_path="/v1/refunds", only_method="post")

    client.v1.refunds.list()
    client.v1.checkout.sessions.create(order())
    with pytest.raises(stripe.APIError):
        client.v1.refunds.create({"payment_intent": "pi_x"})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": "pi_x"})


@pytest.mark.parametrize("given", [{"api_505": 1}, {"api_500": "many"}, {"refunds": "maybe"}])
def test_unknown_switches_are_refused(double: StripeDouble, admin: Make, given: Any) -> None:
    status, answer = admin("/faults", given)

    assert status == 400
    assert answer["error"]["param"] in given


def test_switches_are_shown_and_cleared(double: StripeDouble, admin: Make) -> None:
    admin("/faults", {"api_500": 2, "webhook_reorder": True})
    _, shown = admin("/faults")
    _, cleared = admin("/faults/clear", {})

    assert (shown["api_500"], shown["webhook_reorder"], shown["webhook_drop"]) == (2, True, 0)
    assert (cleared["api_500"], cleared["webhook_reorder"]) == (0, False)
