"""One walk past everything that the double can say, so that all of it is judged."""

import ast
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import sandbox.stripe_double
from sandbox.stripe_double import StripeDouble
from sandbox.stripe_double.api.handler import ApiHandler
from sandbox.stripe_double.api.routes import ROUTES
from sandbox.stripe_double.cards import CARDS
from sandbox.stripe_double.errors import StripeError
from sandbox.stripe_double.objects.disputes import CASES
from sandbox.stripe_double.objects.views import shown
from tests.stripe_types import faults

Ask = Callable[..., Any]
DAY = 24 * 60 * 60


def emitted() -> set[str]:
    """The types of all events that the double's source names."""
    types = set()
    for path in Path(sandbox.stripe_double.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "emit":
                kind = node.args[1]
                assert isinstance(kind, ast.Constant), "the type of an event is written out"
                types.add(kind.value)
    return types


@pytest.fixture
def started() -> Iterator[StripeDouble]:
    with StripeDouble(
        webhook_url="http://127.0.0.1:1/", webhook_retry=3600, now=1_900_000_000
    ) as double:
        yield double


@pytest.fixture
def went() -> set[str]:
    """The routes that were taken."""
    return set()


@pytest.fixture
def ask(started: StripeDouble, went: set[str]) -> Ask:
    handler = ApiHandler(started.world)

    def asked(method: str, path: str, **params: Any) -> Any:
        answer = handler.answer(
            method, path, urllib.parse.urlencode(params), {"Authorization": "Bearer sk_test_walk"}
        )
        went.update(
            f"{each.method} {each.path.pattern}"
            for each in ROUTES
            if each.method == method and each.path.fullmatch(path)
        )
        return answer.body

    return asked


def session(ask: Ask, **more: Any) -> str:
    latte = "line_items[0][price_data]"
    params = {
        f"{latte}[currency]": "usd",
        f"{latte}[unit_amount]": 1300,
        f"{latte}[product_data][name]": "Latte",
        "line_items[0][quantity]": 1,
        "mode": "payment",
        "success_url": "https://shop.example/",
        "payment_intent_data[metadata][order_id]": "1",
        **more,
    }
    return str(ask("POST", "/v1/checkout/sessions", **params)["id"])


def paid(ask: Ask, double: StripeDouble, card: str = "4242424242424242") -> str:
    made = session(ask)
    double.pay(made, card)
    return made


def test_everything_that_the_double_says_is_judged(
    started: StripeDouble, ask: Ask, went: set[str], judged: list[str]
) -> None:
    double = started
    for card in CARDS:
        with_card = session(ask, **{"branding_settings[button_color]": "#112233"})
        try:
            if double.pay(with_card, card.number) == "challenge":
                double.pay(with_card, card.number, passed=True)
        except StripeError as refusal:
            judged.extend(faults({"error": refusal.error}))
    for case in CASES:
        dispute = double.issuer.dispute(paid(ask, double), case=case)
        if case in ("chargeback", "inquiry"):
            path = f"/v1/disputes/{dispute['id']}"
            ask("POST", path, **{"evidence[uncategorized_text]": "Hers.", "submit": "false"})
            double.dashboard.submit_evidence(dispute["id"], uncategorized_text="Hers.")
    inquiry = double.issuer.dispute(paid(ask, double), case="inquiry")
    double.issuer.escalate_inquiry(inquiry["id"])
    double.issuer.close_dispute(inquiry["id"], "won")
    accepted = double.issuer.dispute(paid(ask, double), amount=500)
    ask("POST", f"/v1/disputes/{accepted['id']}/close")
    for arrives in (True, False):
        made = session(ask)
        double.debit(made)
        double.debit(made, arrives=arrives)
    for outcome in ("succeeded", "pending", "failed", "pending_for_funds", "refused_for_funds"):
        double.faults(refunds=outcome)
        intent = ask("GET", f"/v1/checkout/sessions/{paid(ask, double)}")["payment_intent"]
        refund = ask("POST", "/v1/refunds", payment_intent=intent, amount=300)
        if outcome == "pending":
            double.issuer.succeed_refund(refund["id"])
            ask("POST", f"/v1/refunds/{refund['id']}", **{"metadata[why]": "late"})
    double.faults(refunds="succeeded")
    warned = paid(ask, double)
    double.issuer.warn(warned)
    double.dashboard.refund(warned)
    review = double.dashboard.review(paid(ask, double))
    ask("POST", f"/v1/reviews/{review['id']}/approve")
    card = {
        "payment_method": "pm_card_visa",
        "confirm": "true",
        "return_url": "https://shop.example/",
    }
    direct = ask("POST", "/v1/payment_intents", amount=500, currency="usd", **card)
    ask("POST", f"/v1/payment_intents/{direct['id']}", **{"metadata[a]": "b"})
    ask("POST", f"/v1/charges/{direct['latest_charge']}", description="Tea")
    for act in ("confirm", "cancel"):
        intent = ask("POST", "/v1/payment_intents", amount=500, currency="usd")
        ask(
            "POST",
            f"/v1/payment_intents/{intent['id']}/{act}",
            **(card if act == "confirm" else {}),
        )
    closed = session(ask)
    ask("POST", f"/v1/checkout/sessions/{closed}", **{"metadata[a]": "b"})
    ask("POST", f"/v1/checkout/sessions/{closed}/expire")
    ask("GET", f"/v1/checkout/sessions/{closed}/line_items")
    hook = {"url": "http://127.0.0.1:1/", "enabled_events[0]": "charge.refunded"}
    made = ask("POST", "/v1/webhook_endpoints", **hook)["id"]
    ask("POST", f"/v1/webhook_endpoints/{made}", disabled="true")
    payout = double.dashboard.pay_out()
    double.dashboard.end_payout(payout["id"], arrives=False)
    for path in ("/v1/account", "/v1/balance"):
        ask("GET", path)
    for path in sorted({each.path.pattern for each in ROUTES if "(" not in each.path.pattern}):
        listed = ask("GET", path, limit=100)
        if path not in ("/v1/account", "/v1/balance"):
            assert listed["data"], f"{path} lists something"
            for each in listed["data"]:
                ask("GET", f"{path}/{each['id']}")
    ask("DELETE", f"/v1/webhook_endpoints/{made}")
    ask("GET", "/v1/charges/ch_unknown")

    told = set()
    for event in double.world.store.newest("event"):
        told.add(event["type"])
        judged.extend(faults(shown(double.world, event)))
    assert emitted() - told == set()
    assert {f"{each.method} {each.path.pattern}" for each in ROUTES} - went == set()
