"""The same contract for the double and for Stripe's test mode.

To ask Stripe itself, set STRIPE_TEST_KEY, and leave out what keeps tests off the network:
``STRIPE_TEST_KEY=sk_test_… pytest tests/contracts --confcutdir=tests/contracts``.
"""

import os
import time
import uuid
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
import stripe

from sandbox.stripe_double import StripeDouble, buyer
from tests.stripe_types import judged

REAL_KEY = os.environ.get("STRIPE_TEST_KEY")
Make = Callable[..., Any]
__all__ = ["judged"]  # for every test below


@pytest.fixture(scope="session")
def double() -> Iterator[StripeDouble | None]:
    """None when Stripe itself is asked."""
    if REAL_KEY:
        yield None
        return
    with StripeDouble() as started:
        yield started


@pytest.fixture(scope="session")
def client(double: StripeDouble | None) -> stripe.StripeClient:
    if double is None:
        return stripe.StripeClient(str(REAL_KEY))
    return stripe.StripeClient("sk_test_contract", base_addresses={"api": double.url})


@pytest.fixture(scope="session")
def client_with(double: StripeDouble | None) -> Callable[[str], stripe.StripeClient]:
    """A client with another key."""

    def made(key: str) -> stripe.StripeClient:
        if double is None:
            return stripe.StripeClient(key)
        return stripe.StripeClient(key, base_addresses={"api": double.url})

    return made


@pytest.fixture
def hosted_page(double: StripeDouble | None) -> ModuleType:
    """Drives the payment page; Stripe's own page is for people."""
    if double is None:
        pytest.skip("Stripe's own payment page is not driven by a program")
    return buyer


@pytest.fixture
def order() -> Make:
    """Parameters of a checkout, some of them replaced."""

    def made(**changes: Any) -> dict[str, Any]:
        latte = {"currency": "usd", "unit_amount": 650, "product_data": {"name": "Latte"}}
        return {
            "mode": "payment",
            "line_items": [{"price_data": latte, "quantity": 2}],
            "success_url": "https://shop.example/thanks?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://shop.example/basket",
            **changes,
        }

    return made


@pytest.fixture
def paid(client: stripe.StripeClient) -> Make:
    """A payment intent confirmed with a ready-made test card."""

    def made(amount: int = 1300, card: str = "pm_card_visa", **more: Any) -> stripe.PaymentIntent:
        params: Any = {
            "amount": amount,
            "currency": "usd",
            "payment_method": card,
            "confirm": True,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            **more,
        }
        return client.v1.payment_intents.create(params)

    return made


@pytest.fixture
def key() -> str:
    """An idempotency key nobody used yet."""
    return uuid.uuid4().hex


@pytest.fixture
def eventually() -> Make:
    """The value of a question once it is true; what Stripe does next takes it a moment."""

    def wait(ask: Callable[[], Any], seconds: float = 60 if REAL_KEY else 5) -> Any:
        deadline = time.monotonic() + seconds
        while not (found := ask()):
            assert time.monotonic() < deadline, "it did not come to pass in time"
            time.sleep(1 if REAL_KEY else 0.02)
        return found

    return wait


@pytest.fixture
def happened(client: stripe.StripeClient, eventually: Make) -> Make:
    """The types of the events about an object or its payment, oldest first, once those wanted are there."""

    def types(object_id: str, *wanted: str) -> list[str]:
        def seen() -> list[str] | None:
            listed = client.v1.events.list(
                {"limit": 100, "types": list(wanted)} if wanted else {"limit": 100}
            )
            about: list[str] = [
                event.type
                for event in reversed(listed.data)
                if object_id
                in (
                    getattr(event.data.object, "id", None),
                    getattr(event.data.object, "payment_intent", None),
                )
            ]
            return about if set(wanted) <= set(about) else None

        return eventually(seen)

    return types
