"""A double for each test, a shop that hears its webhooks, and a client."""

import http.client
import http.server
import json
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe

from sandbox.stripe_double import StripeDouble
from tests.stripe_types import judged

SECRET = "whsec_shop"
Make = Callable[..., Any]
__all__ = ["judged"]  # for every test below


class Shop:
    """Verifies and keeps what arrives; ``answers`` are the statuses given next, then 200."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.answers: list[int] = []
        self.refused = 0
        self.secret = SECRET
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks/stripe/"
        self._thread = threading.Thread(
            target=lambda: self._server.serve_forever(0.02), daemon=True
        )
        self._thread.start()

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.events]

    def hear(self, body: bytes, signature: str) -> int:
        event = stripe.Webhook.construct_event(body, signature, self.secret)
        if self.answers and (status := self.answers.pop(0)) != 200:
            self.refused += 1
            return status
        self.events.append(event)
        return 200

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(shop) -> type[http.server.BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b'<link rel="icon" href="data:,"><h1>Thank you</h1>')

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(shop.hear(body, self.headers["Stripe-Signature"]))
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@pytest.fixture
def shop() -> Iterator[Shop]:
    opened = Shop()
    yield opened
    opened.close()


@pytest.fixture
def start() -> Iterator[Make]:
    """Starts doubles and closes them."""
    started: list[StripeDouble] = []

    def made(**options: Any) -> StripeDouble:
        started.append(StripeDouble(**options).start())
        return started[-1]

    yield made
    for each in started:
        each.close()


@pytest.fixture
def double(start: Make, shop: Shop) -> StripeDouble:
    made: StripeDouble = start(webhook_url=shop.url, webhook_secret=SECRET, webhook_retry=0.02)
    return made


@pytest.fixture
def client_of() -> Make:
    """A client of a double that never repeats a request by itself."""

    def made(double: StripeDouble, retries: int = 0) -> stripe.StripeClient:
        return stripe.StripeClient(
            "sk_test_shop", base_addresses={"api": double.url}, max_network_retries=retries
        )

    return made


@pytest.fixture
def client(client_of: Make, double: StripeDouble) -> Any:
    return client_of(double)


@pytest.fixture
def order() -> Make:
    def made(**changes: Any) -> dict[str, Any]:
        price = {"currency": "usd", "unit_amount": 650, "product_data": {"name": "Latte"}}
        return {
            "mode": "payment",
            "line_items": [{"price_data": price, "quantity": 2}],
            "success_url": "http://127.0.0.1:1/thanks?s={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://127.0.0.1:1/basket",
            **changes,
        }

    return made


@pytest.fixture
def paid(client: Any, double: StripeDouble, order: Make) -> Make:
    """A payment intent that a buyer paid through Checkout."""

    def made(card: str = "4242424242424242", **changes: Any) -> Any:
        session = client.v1.checkout.sessions.create(order(**changes))
        double.pay(session.id, card)
        return client.v1.checkout.sessions.retrieve(
            session.id, {"expand": ["payment_intent"]}
        ).payment_intent

    return made


@pytest.fixture
def admin(double: StripeDouble) -> Make:
    """POST JSON (or GET without any) to the admin API."""

    def ask(path: str, given: Any = None, **headers: str) -> tuple[int, Any]:
        parts = urllib.parse.urlsplit(double.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
        try:
            body = None if given is None else json.dumps(given)
            connection.request("GET" if given is None else "POST", f"/_double{path}", body, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        finally:
            connection.close()

    return ask


@pytest.fixture
def eventually() -> Make:
    def wait(ask: Callable[[], Any], seconds: float = 5) -> Any:
        deadline = time.monotonic() + seconds
        while not (found := ask()):
            assert time.monotonic() < deadline, "it did not come to pass in time"
            time.sleep(0.01)
        return found

    return wait
