"""Which endpoints are told of which events."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe

from sandbox.stripe_double import StripeDouble
from tests.sandbox.stripe_double.conftest import SECRET, Shop

Make = Callable[..., Any]


@pytest.fixture
def another() -> Iterator[Shop]:
    opened = Shop()
    yield opened
    opened.close()


def test_the_options_endpoint_hears_all(double: StripeDouble, client: Any, shop: Shop) -> None:
    (endpoint,) = client.v1.webhook_endpoints.list().data

    assert (endpoint.url, endpoint.status) == (shop.url, "enabled")
    assert endpoint.enabled_events == ["*"]
    assert client.v1.webhook_endpoints.retrieve(endpoint.id).url == shop.url


def test_an_endpoint_hears_what_it_asked_for(
    double: StripeDouble, client: Any, shop: Shop, paid: Make, eventually: Make
) -> None:
    (endpoint,) = client.v1.webhook_endpoints.list().data
    client.v1.webhook_endpoints.update(endpoint.id, {"enabled_events": ["charge.succeeded"]})

    paid()

    eventually(lambda: shop.types == ["charge.succeeded"])
    eventually(lambda: double.world.webhooks.idle())
    assert {event.pending_webhooks for event in client.v1.events.list().data} == {0}
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.webhook_endpoints.update(endpoint.id, {"enabled_events": ["charge.eaten"]})


def test_a_disabled_endpoint_hears_nothing_and_is_not_told_later(
    double: StripeDouble, client: Any, shop: Shop, paid: Make, eventually: Make
) -> None:
    double.dashboard.set_endpoint(disabled=True)
    paid()
    missed = client.v1.events.list().data
    double.dashboard.set_endpoint(disabled=False)

    client.v1.checkout.sessions.expire(_open(client))

    eventually(lambda: shop.types == ["checkout.session.expired"])
    assert {event.pending_webhooks for event in missed} == {0}


def test_retries_end_when_the_endpoint_is_disabled(
    double: StripeDouble, client: Any, shop: Shop, eventually: Make
) -> None:
    shop.answers = [500] * 99
    client.v1.checkout.sessions.expire(_open(client))
    eventually(lambda: shop.refused >= 1)

    double.dashboard.set_endpoint(disabled=True)

    eventually(double.world.webhooks.idle)
    assert double.world.webhooks.log[-1]["outcome"] == "endpoint gone or disabled"


def test_a_second_endpoint_has_its_own_secret(
    double: StripeDouble,
    client: Any,
    shop: Shop,
    another: Shop,
    paid: Make,
    eventually: Make,
) -> None:
    made = client.v1.webhook_endpoints.create(
        {"url": another.url, "enabled_events": ["charge.refunded"], "metadata": {"for": "books"}}
    )
    another.secret = made.secret
    assert made.secret != SECRET
    double.dashboard.refund(paid().id)

    eventually(lambda: another.types == ["charge.refunded"])
    eventually(lambda: "charge.refunded" in shop.types)
    eventually(lambda: {e.pending_webhooks for e in client.v1.events.list().data} == {0})

    gone = client.v1.webhook_endpoints.delete(made.id)
    assert gone.deleted
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.webhook_endpoints.retrieve(made.id)


def _open(client: Any) -> str:
    price = {"currency": "usd", "unit_amount": 650, "product_data": {"name": "Latte"}}
    session = client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "http://127.0.0.1:1/",
            "line_items": [{"price_data": price, "quantity": 1}],
        }
    )
    return str(session.id)
