"""Checkout sessions: made, paid on the hosted page, expired by hand or by the clock."""

from __future__ import annotations

import re
from typing import Any

from sandbox.stripe_double.cards import Card
from sandbox.stripe_double.errors import bad_parameter, missing_parameter, not_played, refused
from sandbox.stripe_double.objects import charges, intents, lists, values
from sandbox.stripe_double.objects.events import emit
from sandbox.stripe_double.objects.views import LISTS, shown_list
from sandbox.stripe_double.state.store import Obj, new_id
from sandbox.stripe_double.state.world import World

SHORTEST_LIFE = 30 * 60
LONGEST_LIFE = 24 * 60 * 60
MOST_LINES = 100
PLAYED = frozenset((
    "mode", "line_items", "success_url", "cancel_url", "client_reference_id", "metadata",
    "payment_intent_data", "customer_email", "locale", "submit_type", "expires_at", "ui_mode",
    "allowed_payment_method_types", "currency", "expand", "branding_settings",
))  # fmt: skip
PLAYED_OF_INTENT = frozenset((
    "metadata", "description", "receipt_email", "statement_descriptor",
    "statement_descriptor_suffix", "transfer_group", "capture_method",
))  # fmt: skip

# What the page looks like where the session does not say; the name is the account's.
BRANDING: dict[str, Any] = {
    "background_color": "#f5f6f9", "border_style": "rounded", "button_color": "#2f4ad0",
    "display_name": "", "font_family": "default", "icon": None, "logo": None,
}  # fmt: skip
PLAYED_OF_BRANDING = frozenset(BRANDING) - {"icon"}
PLAYED_OF_LOGO = frozenset(("type", "url"))

# Known to Stripe, not played here, and harmless when they say what would be so anyway.
DEFAULTS: dict[str, Any] = {
    "adaptive_pricing": {"enabled": "false"},
    "allow_promotion_codes": "false",
    "automatic_tax": {"enabled": "false"},
    "billing_address_collection": "auto",
    "customer_creation": "if_required",
    "invoice_creation": {"enabled": "false"},
    "phone_number_collection": {"enabled": "false"},
}


def create(world: World, params: dict[str, Any]) -> Obj:
    """POST /v1/checkout/sessions"""
    _check(world, params)
    lines = [_line(world, item, place) for place, item in enumerate(params["line_items"])]
    total = sum(line["amount_total"] for line in lines)
    currency = _currency(lines, params)
    intents.check_amount(total, currency, "line_items")
    session = world.make(
        "checkout.session",
        "cs_test",
        amount_subtotal=total,
        amount_total=total,
        branding_settings=_branding(world, params),
        cancel_url=params.get("cancel_url"),
        client_reference_id=params.get("client_reference_id"),
        currency=currency,
        customer_email=params.get("customer_email"),
        expires_at=_expiry(world, params),
        locale=params.get("locale"),
        metadata=values.metadata(params),
        submit_type=params.get("submit_type"),
        success_url=params["success_url"],
        _lines=lines,
        _intent=_intent_data(params),
    )
    if session["customer_email"]:
        session["customer_details"] = customer_details(session["customer_email"], None, None)
    base = world.options.public_url or world.url
    world.later(session, "expire", session["expires_at"])
    return world.save(session, url=f"{base}/c/pay/{session['id']}")


def modify(world: World, session: Obj, params: dict[str, Any]) -> Obj:
    values.only_played(params, frozenset({"metadata", "expand"}))
    return world.save(session, metadata=values.metadata(params, session["metadata"]))


def expire(world: World, session: Obj) -> Obj:
    """POST …/expire: only while it is open."""
    if session["status"] != "open":
        raise refused(
            f'Only Checkout Sessions with a status in ["open"] can be expired. This Session has a status of '
            f"{session['status']}."
        )
    close(world, session)
    return session


def close(world: World, session: Obj) -> None:
    """It can be paid no more."""
    if session["status"] != "open":
        return
    world.save(session, status="expired", url=None)
    intent = world.store.find("payment_intent", session["payment_intent"] or "")
    if intent and intent["status"] in intents.CANCELABLE:
        intents.cancel(world, intent, "automatic")
    emit(world, "checkout.session.expired", session)


def pay(
    world: World,
    session: Obj,
    card: Card,
    *,
    billing: Obj,
    expiry: tuple[int, int] = (12, 2034),
    passed: bool | None = None,
) -> str:
    """What the button does: "paid", "challenge", "already paid" or "expired"; raises the card error."""
    if session["status"] != "open":
        return "already paid" if session["status"] == "complete" else "expired"
    intent = intent_of(world, session)
    charge = intents.attempt(world, intent, card, billing=billing, expiry=expiry, passed=passed)
    if charge is None:
        return "challenge"
    session["customer_details"] = customer_details(
        billing["email"], billing["name"], billing["address"]["country"]
    )
    world.save(session, status="complete", payment_status="paid", url=None)
    emit(world, "checkout.session.completed", session)
    charges.after_paid(world, charge)
    return "paid"


def success_url(session: Obj) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def customer_details(email: str | None, name: str | None, country: str | None) -> Obj:
    address = None
    if country:
        address = {**intents.no_billing()["address"], "country": country}
    return {
        "address": address,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def line_items(world: World, session: Obj, params: dict[str, Any]) -> Obj:
    """GET …/line_items; lines stand in the order they were given."""
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return lists.page(world, url, "item", params, objects=session["_lines"])


def _included_lines(world: World, seen: Obj) -> Obj:
    lines = world.store.get("checkout.session", seen["id"])["_lines"]
    url = f"/v1/checkout/sessions/{seen['id']}/line_items"
    return shown_list(world, url, lines[: lists.DEFAULT], len(lines) > lists.DEFAULT)


LISTS["checkout.session"] = {"line_items": _included_lines}


def _check(world: World, params: dict[str, Any]) -> None:
    for name in ("mode", "line_items", "success_url"):
        if name not in params:
            raise missing_parameter(name)
    params = {name: given for name, given in params.items() if DEFAULTS.get(name) != given}
    values.only_played(params, PLAYED)
    values.one_of(params, "mode", ("payment", "setup", "subscription"))
    if params["mode"] != "payment":
        raise not_played(f"mode={params['mode']}")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise not_played(f"ui_mode={params['ui_mode']}")
    if "card" not in params.get("allowed_payment_method_types", ["card"]):
        raise not_played("allowed_payment_method_types without card")
    values.one_of(params, "submit_type", ("auto", "book", "donate", "pay", "subscribe"))
    values.url(params, "success_url")
    values.url(params, "cancel_url")
    values.email(params, "customer_email")
    values.at_most(params, "client_reference_id", 200)
    if len(params["line_items"]) > MOST_LINES:
        raise bad_parameter(f"You can only have {MOST_LINES} line items.", "line_items")


def _line(world: World, item: dict[str, Any], place: int) -> Obj:
    here = f"line_items[{place}]"
    values.only_played(item, frozenset({"price_data", "quantity", "metadata"}), here + "[{}]")
    if "price_data" not in item:
        raise missing_parameter(f"{here}[price_data]")
    if "quantity" not in item:
        raise missing_parameter(f"{here}[quantity]")
    price = item["price_data"]
    product = price.get("product_data")
    if product is None:
        raise missing_parameter(f"{here}[price_data][product_data]")
    if "unit_amount" not in price:
        raise missing_parameter(f"{here}[price_data][unit_amount]")
    if "recurring" in price:
        message = "You specified `payment` mode but passed a recurring price."
        raise bad_parameter(message, "line_items")
    unit, quantity = int(price["unit_amount"]), int(item["quantity"])
    if unit < 0 or quantity < 1:
        param = f"{here}[price_data][unit_amount]" if unit < 0 else f"{here}[quantity]"
        raise bad_parameter("Invalid non-negative integer", param, "parameter_invalid_integer")
    currency = price["currency"].lower()
    made = world.store.draft(
        "price", "price", world.now(), currency=currency, product=new_id("prod"), unit_amount=unit,
        unit_amount_decimal=str(unit),
    )  # fmt: skip
    return world.store.draft(
        "item", "li", world.now(), amount_subtotal=unit * quantity, amount_total=unit * quantity,
        currency=currency, description=product["name"], price=made, quantity=quantity,
        metadata=values.metadata(item), _product=product,
    )  # fmt: skip


def _currency(lines: list[Obj], params: dict[str, Any]) -> str:
    currencies = {line["currency"] for line in lines} | (
        {params["currency"].lower()} if "currency" in params else set()
    )
    if len(currencies) != 1:
        listed = ", ".join(sorted(currencies))
        message = f"All line items of a Checkout Session must have the same currency; these have {listed}."
        raise bad_parameter(message, "line_items")
    return str(currencies.pop())


def _expiry(world: World, params: dict[str, Any]) -> int:
    now = world.now()
    if "expires_at" not in params:
        return now + LONGEST_LIFE
    wanted = int(params["expires_at"])
    if wanted < now + SHORTEST_LIFE:
        message = (
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        )
        raise bad_parameter(message, "expires_at")
    if wanted > now + LONGEST_LIFE:
        message = (
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        )
        raise bad_parameter(message, "expires_at")
    return wanted


def _branding(world: World, params: dict[str, Any]) -> Obj | None:
    """The name and colours at the top of the page."""
    given = params.get("branding_settings")
    if given is None:
        return None
    values.only_played(given, PLAYED_OF_BRANDING, "branding_settings[{}]")
    for name in ("button_color", "background_color"):
        if name in given and not re.fullmatch("#[0-9a-fA-F]{6}", given[name]):
            param = f"branding_settings[{name}]"
            raise bad_parameter(f"Invalid hex color: {given[name]}", param)
    shown = {**BRANDING, "display_name": world.options.merchant, **given}
    if logo := given.get("logo"):
        values.only_played(logo, PLAYED_OF_LOGO, "branding_settings[logo][{}]")
        if logo.get("type") != "url" or not logo.get("url", "").startswith("https://"):
            raise bad_parameter("Not a valid URL", "branding_settings[logo][url]", "url_invalid")
        shown["logo"] = {"file": None, **logo}
    return shown


def _intent_data(params: dict[str, Any]) -> Obj:
    given = params.get("payment_intent_data", {})
    values.only_played(given, PLAYED_OF_INTENT, "payment_intent_data[{}]")
    values.statement(given, "payment_intent_data[{}]")
    if given.get("capture_method") == "manual":
        raise not_played("payment_intent_data[capture_method]=manual")
    return {**given, "metadata": values.metadata(given, param="payment_intent_data[metadata]")}


def intent_of(world: World, session: Obj) -> Obj:
    """Made when the buyer first tries, as Stripe does."""
    if session["payment_intent"]:
        return world.store.get("payment_intent", session["payment_intent"])
    intent = intents.create(
        world, amount=session["amount_total"], currency=session["currency"], **session["_intent"]
    )
    world.save(session, payment_intent=intent["id"])
    return intent
