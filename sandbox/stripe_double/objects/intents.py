"""Payment intents and the charges that trying to pay makes."""

from __future__ import annotations

import hashlib
from typing import Any

from sandbox.stripe_double import money
from sandbox.stripe_double.cards import UNAUTHENTICATED, Card, Decline
from sandbox.stripe_double.errors import StripeError, bad_parameter, refused
from sandbox.stripe_double.objects import charges
from sandbox.stripe_double.objects.events import emit
from sandbox.stripe_double.objects.views import shown
from sandbox.stripe_double.state.store import Obj, new_id
from sandbox.stripe_double.state.world import World

CANCELABLE = ("requires_payment_method", "requires_confirmation", "requires_action")


def create(world: World, *, amount: int, currency: str, **fields: Any) -> Obj:
    """A new intent; tells the world."""
    intent = world.make("payment_intent", "pi", amount=amount, currency=currency, **fields)
    secret = f"{intent['id']}_{new_id('secret')}"
    world.save(intent, client_secret=secret)
    emit(world, "payment_intent.created", intent)
    return intent


def check_amount(amount: int, currency: str, param: str) -> None:
    """Stripe's limits of what may be charged at once."""
    if currency not in money.CURRENCIES:
        message = f"Invalid currency: {currency}. Stripe currently supports these currencies: "
        raise bad_parameter(message + ", ".join(sorted(money.CURRENCIES)), "currency")
    least = money.least(currency)
    if amount < least:
        message = f"The amount must add up to at least {money.shown(least, currency)} {currency}."
        raise refused(message, code="amount_too_small", param=param)
    money.check_step(amount, currency, param)
    if amount > money.most(currency):
        most = money.shown(money.most(currency), currency)
        raise refused(f"Amount must be no more than {most}", code="amount_too_large", param=param)


def attempt(
    world: World,
    intent: Obj,
    card: Card,
    *,
    billing: Obj | None = None,
    expiry: tuple[int, int] = (12, 2034),
    passed: bool | None = None,
) -> Obj | None:
    """Try to pay an intent with a card. ``passed``: how 3-D Secure went, None when not asked yet.

    Returns the paid charge, or None when the bank wants the challenge first; raises Stripe's card error.
    The caller books the charge afterwards with ``after_paid``.
    """
    method = _method(world, card, billing or no_billing(), expiry)
    world.save(intent, payment_method=method["id"])
    if card.challenge and passed is None:
        _ask_for_challenge(world, intent)
        return None
    if card.challenge and not passed:
        raise _fail(world, intent, None, UNAUTHENTICATED, method)
    charge = charges.make(
        world, intent, method, charges.card_details(card, method["card"], intent), then=card.then
    )
    if card.decline:
        world.save(
            charge,
            status="failed",
            failure_code=card.decline.code,
            failure_message=card.decline.message,
        )
        charge["outcome"] = charges.outcome(card.decline)
        emit(world, "charge.failed", charge)
        raise _fail(world, intent, charge, card.decline, method)
    amount = intent["amount"]
    world.save(charge, status="succeeded", paid=True, captured=True, amount_captured=amount)
    world.save(
        intent,
        status="succeeded",
        amount_received=amount,
        latest_charge=charge["id"],
        next_action=None,
        last_payment_error=None,
    )
    emit(world, "charge.succeeded", charge)
    emit(world, "payment_intent.succeeded", intent)
    return charge


def cancel(world: World, intent: Obj, reason: str | None = None) -> Obj:
    if intent["status"] not in CANCELABLE:
        message = (
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. Only a "
            "PaymentIntent with one of the following statuses may be canceled: "
            + ", ".join(CANCELABLE)
            + "."
        )
        raise unexpected_state(world, intent, message)
    world.save(
        intent,
        status="canceled",
        canceled_at=world.now(),
        cancellation_reason=reason,
        next_action=None,
    )
    emit(world, "payment_intent.canceled", intent)
    return intent


def unexpected_state(world: World, intent: Obj, message: str) -> StripeError:
    return StripeError(
        400,
        message=message,
        code="payment_intent_unexpected_state",
        payment_intent=shown(world, intent),
    )


def no_billing() -> Obj:
    address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    return {"address": address, "email": None, "name": None, "phone": None, "tax_id": None}


def _ask_for_challenge(world: World, intent: Obj) -> None:
    action = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}
    world.save(intent, status="requires_action", next_action=action)
    emit(world, "payment_intent.requires_action", intent)


def _fail(world: World, intent: Obj, charge: Obj | None, why: Decline, method: Obj) -> StripeError:
    error: dict[str, Any] = {
        "type": "invalid_request_error" if why is UNAUTHENTICATED else "card_error",
        "code": why.code,
        "message": why.message,
        "payment_method": shown(world, method),
    }
    if why.decline_code:
        error["decline_code"] = why.decline_code
    if charge:
        error["charge"] = charge["id"]
        intent["latest_charge"] = charge["id"]
    world.save(
        intent,
        status="requires_payment_method",
        last_payment_error=error,
        payment_method=None,
        next_action=None,
    )
    emit(world, "payment_intent.payment_failed", intent)
    status = 402 if error["type"] == "card_error" else 400
    return StripeError(
        status,
        kind=error["type"],
        message=why.message,
        code=why.code,
        decline_code=why.decline_code,
        charge=error.get("charge"),
        payment_method=error["payment_method"],
        payment_intent=shown(world, intent),
    )


def _method(world: World, card: Card, billing: Obj, expiry: tuple[int, int]) -> Obj:
    month, year = expiry
    details = {
        "brand": card.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "pass",
        },
        "country": "US",
        "display_brand": card.brand,
        "exp_month": month,
        "exp_year": year,
        "fingerprint": fingerprint(card),
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
    return world.make("payment_method", "pm", billing_details=billing, card=details)


def fingerprint(card: Card) -> str:
    return hashlib.sha256(card.number.encode()).hexdigest()[:16]
