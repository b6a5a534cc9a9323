"""Payment intents asked for directly, with test mode's ready-made payment methods (pm_card_visa and kin)."""

from __future__ import annotations

from typing import Any

from sandbox.stripe_double.cards import BY_TOKEN
from sandbox.stripe_double.errors import bad_parameter, no_such, not_played
from sandbox.stripe_double.objects import charges, intents, values
from sandbox.stripe_double.state.store import Obj
from sandbox.stripe_double.state.world import World

PLAYED = frozenset((
    "amount", "currency", "automatic_payment_methods", "allowed_payment_method_types", "payment_method",
    "confirm", "metadata", "description", "receipt_email", "statement_descriptor",
    "statement_descriptor_suffix", "transfer_group", "capture_method", "return_url",
    "off_session", "expand",
))  # fmt: skip
CONFIRMABLE = ("requires_payment_method", "requires_confirmation")
KEPT = (
    "description",
    "receipt_email",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)


def create(world: World, params: dict[str, Any]) -> Obj:
    """POST /v1/payment_intents"""
    values.only_played(params, PLAYED)
    if params.get("capture_method") == "manual":
        raise not_played("capture_method=manual")
    values.statement(params)
    amount, currency = int(params["amount"]), params["currency"].lower()
    if amount < 1:
        raise bad_parameter("Invalid positive integer", "amount", "parameter_invalid_integer")
    intents.check_amount(amount, currency, "amount")
    fields = {name: params[name] for name in KEPT if name in params}
    automatic = params.get("automatic_payment_methods", {"enabled": "true"})
    if automatic["enabled"] == "true":
        redirects = automatic.get("allow_redirects", "always")
        fields["automatic_payment_methods"] = {"allow_redirects": redirects, "enabled": True}
    intent = intents.create(
        world,
        amount=amount,
        currency=currency,
        metadata=values.metadata(params),
        capture_method=params.get("capture_method", "automatic_async"),
        **fields,
    )
    if "payment_method" in params:
        _card(params["payment_method"])  # must exist
        world.save(intent, status="requires_confirmation", _token=params["payment_method"])
    if params.get("confirm") == "true":
        return confirm(world, intent, params)
    return intent


def confirm(world: World, intent: Obj, params: dict[str, Any]) -> Obj:
    """POST …/confirm; a card that wants 3-D Secure leaves it at requires_action."""
    values.only_played(params, PLAYED)
    if intent["status"] not in CONFIRMABLE:
        message = (
            f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}."
            if intent["status"] != "succeeded"
            else "This PaymentIntent's payment_method could not be updated because it has "
            "a status of succeeded."
        )
        raise intents.unexpected_state(world, intent, message)
    automatic = intent["automatic_payment_methods"]
    if automatic and automatic["allow_redirects"] == "always" and "return_url" not in params:
        message = (
            "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. "
            "Because some of these payment methods might redirect your customer off of your page, you must "
            "provide a `return_url`."
        )
        raise bad_parameter(message, "return_url")
    token = params.get("payment_method") or intent.pop("_token", None)
    if not token:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can either "
            "update the PaymentIntent with a payment method and then confirm it again, or confirm it again "
            "directly with a payment method or ConfirmationToken."
        )
        raise intents.unexpected_state(world, intent, message)
    charge = intents.attempt(world, intent, _card(token))
    if charge:
        charges.after_paid(world, charge)
    return intent


def cancel(world: World, intent: Obj, params: dict[str, Any]) -> Obj:
    """POST …/cancel"""
    return intents.cancel(world, intent, params.get("cancellation_reason"))


def modify(world: World, intent: Obj, params: dict[str, Any]) -> Obj:
    """POST /v1/payment_intents/{id}"""
    values.only_played(params, frozenset({"metadata", "description", "receipt_email", "expand"}))
    changes = {name: params[name] for name in ("description", "receipt_email") if name in params}
    return world.save(intent, **changes, metadata=values.metadata(params, intent["metadata"]))


def _card(token: str) -> Any:
    if token not in BY_TOKEN:
        raise no_such("PaymentMethod", token, "payment_method")
    return BY_TOKEN[token]
