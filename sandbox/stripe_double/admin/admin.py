"""The admin API under /_double/: trouble on demand, and what banks and people do outside the shop.

Every action takes JSON or a form. JSON gets JSON back; a form is sent back to the admin page.
"""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Callable
from typing import Any

from sandbox.stripe_double import cards, money
from sandbox.stripe_double.admin import page
from sandbox.stripe_double.admin.dashboard import Dashboard
from sandbox.stripe_double.admin.issuer import Issuer
from sandbox.stripe_double.checkout.checkout import billing_of
from sandbox.stripe_double.errors import StripeError, bad_parameter, unknown_url
from sandbox.stripe_double.objects import charges, debits, events, sessions
from sandbox.stripe_double.objects.views import shown
from sandbox.stripe_double.reply import Reply
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World

Given = dict[str, Any]
Action = Callable[[World, str, Given], Any]


class Admin:
    def __init__(self, world: World) -> None:
        self.world = world

    def reply(self, method: str, path: str, body: str, headers: Any) -> Reply:
        """Answer a request to /_double…; other sites' pages may not press the buttons."""
        origin = headers.get("Origin")
        if (
            method == "POST"
            and origin
            and urllib.parse.urlsplit(origin).netloc != headers.get("Host")
        ):
            return Reply.json({"error": {"message": "From another site."}}, 403)
        self.world.do_what_is_due()
        path = path.removeprefix("/_double").rstrip("/") or "/"
        wants_page = headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
        try:
            if method == "GET":
                return page.reply(self.world) if path == "/" else Reply.json(look(self.world, path))
            given = (
                dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
                if wants_page
                else _json(body)
            )
            done = act(self.world, path, given)
        except StripeError as problem:
            if wants_page:
                return page.reply(self.world, str(problem), problem.status)
            return Reply.json({"error": problem.error}, problem.status)
        return Reply.redirect("/_double/") if wants_page else Reply.json(done)


def look(world: World, path: str) -> Any:
    """GET: faults, clock, deliveries, state."""
    with world.lock:
        facts: dict[str, Callable[[], Any]] = {
            "/faults": world.faults.shown,
            "/clock": lambda: clock(world),
            "/deliveries": lambda: list(world.webhooks.log),
            "/state": lambda: {
                "clock": clock(world),
                "faults": world.faults.shown(),
                "webhook": {"url": world.options.webhook_url, "idle": world.webhooks.idle()},
                "counts": {
                    kind: sum(1 for _ in world.store.newest(kind))
                    for kind in (
                        "checkout.session",
                        "payment_intent",
                        "charge",
                        "refund",
                        "dispute",
                        "event",
                    )
                },
            },
        }
        if path not in facts:
            raise unknown_url("GET", f"/_double{path}")
        return facts[path]()


def act(world: World, path: str, given: Given) -> Any:
    """POST: do it."""
    for pattern, action in ACTIONS:
        if match := re.fullmatch(pattern, path):
            with world.change():
                return action(world, (match.groups() or ("",))[0], given)
    raise unknown_url("POST", f"/_double{path}")


def clock(world: World) -> Given:
    return {"now": world.now(), "ahead_seconds": world.offset}


def _set_faults(world: World, _: str, given: Given) -> Given:
    world.faults.set(given)
    return world.faults.shown()


def _clear_faults(world: World, _: str, __: Given) -> Given:
    world.faults.reset()
    return world.faults.shown()


def _advance(world: World, _: str, given: Given) -> Given:
    try:
        seconds = float(given.get("advance", 0)) + 3600 * float(given.get("hours") or 0)
    except ValueError:
        raise bad_parameter("advance is a number of seconds", "advance") from None
    world.advance(seconds)
    return clock(world)


def _reset(world: World, _: str, __: Given) -> Given:
    world.forget_everything()
    return {"reset": True}


def _webhook(world: World, _: str, given: Given) -> Given:
    world.options.webhook_url = given.get("url") or None
    world.options.webhook_secret = given.get("secret") or world.options.webhook_secret
    return {"url": world.options.webhook_url}


def _pay(world: World, session_id: str, given: Given) -> Given:
    session = world.store.get("checkout.session", session_id)
    card = cards.card_for(str(given.get("card", "4242424242424242")).replace(" ", ""))
    email = given.get("email") or session["customer_email"] or "buyer@example.com"
    billing = billing_of(email, given.get("name", "Jenny Rosen"), given.get("country", "US"))
    passed = {"complete": True, "fail": False}.get(given.get("authentication", ""))
    outcome = sessions.pay(world, session, card, billing=billing, passed=passed)
    return {"outcome": outcome, "success_url": sessions.success_url(session)}


def _debit(world: World, session_id: str, given: Given) -> Obj:
    """A bank debit begins; with an outcome, "arrives" or "fails", it ends."""
    session = world.store.get("checkout.session", session_id)
    outcome = given.get("outcome")
    if outcome in ("arrives", "fails"):
        debits.end(world, session, arrives=outcome == "arrives")
    elif outcome is None:
        debits.begin(world, session)
    else:
        raise bad_parameter("outcome is arrives or fails", "outcome")
    return shown(world, session)


def _paid(given: Given) -> str:
    return str(given.get("payment_intent") or given.get("charge") or "")


def _dispute(world: World, _: str, given: Given) -> Obj:
    amount = int(given["amount"]) if given.get("amount") else None
    reason = given.get("reason") or "fraudulent"
    case = given.get("case") or "chargeback"
    return Issuer(world).dispute(_paid(given), amount=amount, reason=reason, case=case)


def _close_dispute(world: World, dispute_id: str, given: Given) -> Obj:
    return Issuer(world).close_dispute(dispute_id, str(given.get("outcome")))


def _warn(world: World, _: str, given: Given) -> Obj:
    kind = given.get("fraud_type") or "unauthorized_use_of_card"
    return Issuer(world).warn(_paid(given), kind)


def _refund(world: World, _: str, given: Given) -> Obj:
    """``amount`` in the smallest unit, or ``part`` as a person types it; without either what is left."""
    charge = charges.find(world, _paid(given))
    amount = int(given["amount"]) if given.get("amount") else None
    if given.get("part"):
        amount = money.typed(str(given["part"]), charge["currency"])
    return Dashboard(world).refund(
        charge["id"],
        amount=amount,
        reason=given.get("reason") or None,
        metadata=given.get("metadata"),
    )


def _set_endpoint(world: World, endpoint_id: str, given: Given) -> Obj:
    """``disabled``: "yes" or "no"."""
    disabled = {"yes": True, "no": False}.get(given.get("disabled", ""))
    return Dashboard(world).set_endpoint(
        endpoint_id, enabled_events=given.get("enabled_events"), disabled=disabled
    )


def _pay_out(world: World, _: str, given: Given) -> Obj:
    """``arrives``: "no" leaves it under way."""
    currency = given.get("currency") or "usd"
    return Dashboard(world).pay_out(currency, arrives=given.get("arrives") != "no")


def _end_payout(world: World, payout_id: str, given: Given) -> Obj:
    return Dashboard(world).end_payout(payout_id, arrives=given.get("arrives") != "no")


def _fail_refund(world: World, refund_id: str, given: Given) -> Obj:
    return Issuer(world).fail_refund(refund_id, given.get("reason") or "expired_or_canceled_card")


ACTIONS: tuple[tuple[str, Action], ...] = (
    (r"/faults", _set_faults),
    (r"/faults/clear", _clear_faults),
    (r"/clock", _advance),
    (r"/reset", _reset),
    (r"/webhook", _webhook),
    (r"/sessions/([^/]+)/pay", _pay),
    (r"/sessions/([^/]+)/expire", lambda world, session_id, _: Dashboard(world).expire(session_id)),
    (r"/sessions/([^/]+)/debit", _debit),
    (r"/disputes", _dispute),
    (r"/disputes/([^/]+)/close", _close_dispute),
    (
        r"/disputes/([^/]+)/escalate",
        lambda world, dispute_id, _: Issuer(world).escalate_inquiry(dispute_id),
    ),
    (r"/fraud_warnings", _warn),
    (r"/reviews", lambda world, _, given: Dashboard(world).review(_paid(given))),
    (
        r"/reviews/([^/]+)/approve",
        lambda world, review_id, _: Dashboard(world).approve_review(review_id),
    ),
    (r"/endpoints/([^/]+)", _set_endpoint),
    (r"/payouts", _pay_out),
    (r"/payouts/([^/]+)/end", _end_payout),
    (r"/refunds", _refund),
    (
        r"/refunds/([^/]+)/succeed",
        lambda world, refund_id, _: Issuer(world).succeed_refund(refund_id),
    ),
    (r"/refunds/([^/]+)/fail", _fail_refund),
    (
        r"/events/([^/]+)/resend",
        lambda world, event_id, _: shown(world, events.resend(world, event_id)),
    ),
)


def _json(body: str) -> Given:
    try:
        given = json.loads(body or "{}")
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise bad_parameter("The body is not a JSON object.")
    return given
