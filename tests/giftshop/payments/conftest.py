"""A Stripe for each test, and the shop pointed at it."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import stripe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from giftshop.giving import drafts
from giftshop.orders.models import Order
from giftshop.payments import checkout_session, inbox
from giftshop.payments.models import Payment, StripeEvent
from giftshop.payments.stripe import client as stripe_sdk
from sandbox.stripe_double import StripeDouble
from sandbox.stripe_double.api.handler import ApiHandler
from tests.cast import Place
from tests.stripe_types import judged

SECRET = "whsec_test_payments"
__all__ = ["judged"]  # what the double tells the shop here could be Stripe's


@pytest.fixture
def double(settings: Any) -> Iterator[StripeDouble]:
    # Nobody hears its webhooks: each test tells the events itself, in the order it likes.
    with StripeDouble(webhook_url="http://127.0.0.1:1/", webhook_retry=3600) as running:
        settings.STRIPE_API_BASE = running.url
        settings.STRIPE_SECRET_KEY = "sk_test_payments"
        settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
        stripe_sdk.client.cache_clear()
        yield running
    stripe_sdk.client.cache_clear()


@pytest.fixture
def calls(double: StripeDouble, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the shop asks the double from here on: "GET /v1/events"."""
    seen: list[str] = []
    answer = ApiHandler.answer

    def noted(self: ApiHandler, method: str, path: str, raw: str, headers: Any) -> Any:
        seen.append(f"{method} {path}")
        return answer(self, method, path, raw, headers)

    monkeypatch.setattr(ApiHandler, "answer", noted)
    return seen


@pytest.fixture
def order(place: Place) -> Order:
    return place()


@pytest.fixture
def opened(in_brand: object, double: StripeDouble, order: Order) -> Payment:
    """Amy stands on Stripe's page."""
    checkout_session.open_page(order=order)
    return Payment.objects.get(order=order)


Tell = Callable[..., Any]


@pytest.fixture
def tell(client: Client) -> Tell:
    """tell(event) -> Stripe's webhook request, signed as Stripe signs it."""

    def send(event: dict[str, Any], *, secret: str = SECRET, age: int = 0) -> Any:
        body = json.dumps(event)
        signature = stripe.WebhookSignature.generate_signature_header(
            body, secret, int(time.time()) - age
        )
        return client.post(
            "/webhooks/stripe/",
            body,
            content_type="application/json",
            headers={"Stripe-Signature": signature},
        )

    return send


def events(double: StripeDouble) -> list[dict[str, Any]]:
    """What the double has to tell, oldest first."""
    sdk = stripe.StripeClient("sk_test_payments", base_addresses={"api": double.url})
    listed = sdk.v1.events.list({"limit": 100}).data
    return [json.loads(str(event)) for event in reversed(listed)]


def work_off(now: datetime | None = None) -> int:
    """As a worker does, with all the time there is; how many events were done."""
    waiting = StripeEvent.objects.pending().count()
    inbox.work(seconds=60, now=now)
    return waiting - StripeEvent.objects.pending().count()


def sent_by(client: Client, order: Order) -> Client:
    """The browser that made the order's draft, and so went to pay."""
    with scope(brand=order.brand):
        session = client.session
        order.draft = drafts.begin(brand=order.brand, session=session)
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        order.save(update_fields=["draft"])
    return client


def session_of(payment: Payment) -> str:
    assert payment.session_id is not None
    return payment.session_id


def many_open(order: Order, count: int) -> list[Payment]:
    """Attempts whose senders closed the browser, the first being the oldest."""
    opened_at = timezone.now() - timedelta(minutes=20)
    rows = [
        Payment(
            brand_id=order.brand_id,
            order=order,
            attempt=number,
            session_id=f"cs_test_open_{number}",
            amount=order.total,
            currency=order.currency,
            opened_at=opened_at + timedelta(seconds=number),
            asked_at=opened_at + timedelta(seconds=number),
            expires_at=opened_at + timedelta(hours=9),
        )
        for number in range(2, count + 2)
    ]
    return Payment.objects.bulk_create(rows)
