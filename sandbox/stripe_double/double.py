"""The double as one thing: start it, point the SDK at its ``url``, close it."""

from __future__ import annotations

import threading
from collections.abc import Collection
from typing import Any

from sandbox.stripe_double import cards
from sandbox.stripe_double.admin.admin import Admin
from sandbox.stripe_double.admin.dashboard import Dashboard
from sandbox.stripe_double.admin.issuer import Issuer
from sandbox.stripe_double.api.handler import ApiHandler
from sandbox.stripe_double.checkout.checkout import Checkout, billing_of
from sandbox.stripe_double.objects import (
    charges,
    debits,
    disputes,
    endpoints,
    events,
    radar,
    refunds,
    sessions,
    views,
)
from sandbox.stripe_double.objects.totals import Total, totals
from sandbox.stripe_double.server import Server
from sandbox.stripe_double.state.faults import Faults
from sandbox.stripe_double.state.options import Options
from sandbox.stripe_double.state.store import Obj, Store
from sandbox.stripe_double.state.webhooks import Webhooks
from sandbox.stripe_double.state.world import World

TICK_SECONDS = 0.2


class StripeDouble:
    """Speaks Stripe's API on 127.0.0.1. In-process::

    double = StripeDouble(webhook_url="http://127.0.0.1:8000/webhooks/stripe/", webhook_secret="whsec_x")
    double.start()
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": double.url})
    double.pay(session_id)               # what a buyer with a good card does on the page
    refund = double.dashboard.refund(session_id, amount=500)  # behind the shop's back
    double.issuer.fail_refund(refund["id"])                   # what the buyer's bank does
    double.totals("order_id", ["17"])["usd"].net              # what these orders did to the balance
    double.faults(webhook_duplicate=1)
    double.advance(3600)
    double.close()
    """

    def __init__(self, **options: Any) -> None:
        """Takes the fields of ``Options`` by name."""
        self.options = Options(**options)
        faults = Faults()
        webhooks = Webhooks(self.options, faults)
        self.world = World(self.options, Store(self.options.state), webhooks, faults)
        self.world.acts |= {
            "expire": sessions.close,
            "settle": charges.settle,
            "dispute": lambda world, charge: void(disputes.open_(world, charge)),
            "not_received": lambda world, charge: void(
                disputes.open_(world, charge, reason="product_not_received")
            ),
            "inquiry": lambda world, charge: void(disputes.open_(world, charge, case="inquiry")),
            "lose_unanswered": disputes.lose_unanswered,
            "close_inquiry": disputes.close_inquiry,
            "fraud_warning": lambda world, charge: void(radar.warn(world, charge)),
            "review": lambda world, charge: void(radar.review(world, charge)),
            "refunded": disputes.after_refund,
            "succeed_refund": refunds.succeed,
            "fail_refund": refunds.fail,
        }
        webhooks.delivered = lambda event, to: events.was_delivered(self.world, event, to)
        webhooks.dropped = lambda event, to: events.was_dropped(self.world, event, to)
        webhooks.target = lambda to: endpoints.target(self.world, to)
        webhooks.shown = lambda event: views.shown(self.world, event)
        self.dashboard = Dashboard(self.world)
        self.issuer = Issuer(self.world)
        self._closing = threading.Event()
        self._server = Server(
            self.options.port,
            ApiHandler(self.world),
            Checkout(self.world),
            Admin(self.world),
        )
        self.world.url = self.url
        self._threads: list[threading.Thread] = []

    @property
    def url(self) -> str:
        """http://127.0.0.1:PORT, known before ``start``."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> StripeDouble:
        self.world.webhooks.start()
        self.world.remember()
        for work in (lambda: self._server.serve_forever(poll_interval=0.05), self._tick):
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def close(self) -> None:
        """Stop listening, break what hangs, keep the state."""
        self._closing.set()
        self.world.faults.release()
        self._server.shutdown()
        self._server.server_close()
        self.world.webhooks.close()
        for thread in self._threads:
            thread.join(timeout=2)
        with self.world.lock:
            self.world.store.close()

    def __enter__(self) -> StripeDouble:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def pay(
        self, session_id: str, card: str = "4242424242424242", *, passed: bool | None = None
    ) -> str:
        """Pay as a buyer would: "paid", "challenge", "already paid" or "expired"; or raise the card error."""
        self.world.do_what_is_due()
        with self.world.change():
            session = self.world.store.get("checkout.session", session_id)
            billing = billing_of(
                session["customer_email"] or "buyer@example.com", "Jenny Rosen", "US"
            )
            return sessions.pay(
                self.world, session, cards.card_for(card), billing=billing, passed=passed
            )

    def debit(self, session_id: str, *, arrives: bool | None = None) -> None:
        """A buyer chooses a bank debit; later it arrives, or does not."""
        self.world.do_what_is_due()
        with self.world.change():
            session = self.world.store.get("checkout.session", session_id)
            if arrives is None:
                debits.begin(self.world, session)
            else:
                debits.end(self.world, session, arrives=arrives)

    def close_page(self, session_id: str) -> None:
        """Somebody closes the payment page in Stripe's dashboard."""
        self.dashboard.expire(session_id)

    def events(self) -> list[Obj]:
        """Every event so far, oldest first, as its webhook would tell it."""
        with self.world.change():
            return [views.shown(self.world, each) for each in self.world.store.newest("event")][
                ::-1
            ]

    def totals(self, key: str, values: Collection[str]) -> dict[str, Total]:
        """What payments did to the balance, by currency: those with one of the values in their metadata."""
        with self.world.change():
            return totals(self.world, key=key, values=values)

    def faults(self, **switches: Any) -> None:
        """Set switches for trouble (see ``Switches``)."""
        self.world.faults.set(switches)

    def advance(self, seconds: float) -> None:
        """Move the clock; what falls due happens at once."""
        self.world.advance(seconds)

    def reset(self) -> None:
        """Forget everything, as if just started without a state file."""
        self.world.forget_everything()

    def _tick(self) -> None:
        while not self._closing.wait(TICK_SECONDS):
            self.world.do_what_is_due()


def void(_: Obj) -> None:
    """For acts whose result nobody wants."""
