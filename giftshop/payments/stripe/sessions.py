"""Checkout Sessions at Stripe. What comes back is read into a small type of our own."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import stripe
from django.conf import settings
from stripe.params.checkout import SessionCreateParamsBrandingSettingsLogo as Logo

from brands.models import Brand
from giftshop.catalog.colours import palette
from giftshop.orders.models import Order
from giftshop.payments.stripe.client import StripeUnavailable, ask, ask_or_wait, client, id_of
from giftshop.payments.stripe.languages import locale_of
from giftshop.pictures import files as picture_files

HTTP_CONFLICT = 409


class SessionNotOpen(Exception):
    """The Checkout Session is complete or has expired already."""


class SessionRefused(Exception):
    """Stripe gave no page for this request, and will not for a repeat of it."""


class AddressRefused(SessionRefused):
    """Stripe does not take the sender's e-mail address."""


@dataclass(frozen=True)
class Session:
    """A Checkout Session as Stripe has it now."""

    id: str
    url: str
    status: str
    payment_status: str
    amount: int
    currency: str
    livemode: bool
    order_id: str
    attempt: str
    expires_at: datetime
    payment_intent_id: str = ""
    charge_id: str = ""
    fee: int | None = None
    fee_currency: str = ""
    intent_status: str = ""
    was_declined: bool = False
    """Somebody tried, and their bank said no."""

    @property
    def is_under_way(self) -> bool:
        """The buyer is done, the money is not here: a bank debit takes days."""
        return self.status == "complete" and not self.is_paid and not self.is_over

    @property
    def is_paid(self) -> bool:
        return self.payment_status == "paid"

    @property
    def is_over(self) -> bool:
        """Nobody can pay it any more: its page closed, or a slow payment method failed after it."""
        failed = self.intent_status in {"requires_payment_method", "canceled"}
        return self.status == "expired" or (self.status == "complete" and failed)


def create(
    *,
    order: Order,
    attempt: int,
    lines: list[tuple[str, str, int]],
    success_url: str,
    cancel_url: str,
    expires_at: datetime,
    idempotency_key: str,
) -> Session:
    """A hosted payment page for the order. `lines`: (name, description, amount in minor units).

    Raises AddressRefused or SessionRefused, and StripeUnavailable when no answer came at all. After an
    error on Stripe's side its answer is final too: API v1 remembers it under the idempotency key. A page
    may exist then, but nobody was ever given its address.
    """
    metadata = {"order_id": str(order.pk), "attempt": str(attempt)}
    asked = metadata, lines, success_url, cancel_url, expires_at
    try:
        try:
            made = _create(order, *asked, idempotency_key, logo=logo_of(order.brand))
        except stripe.InvalidRequestError as error:
            if not (error.param or "").startswith("branding_settings[logo]"):
                raise
            made = _create(order, *asked, f"{idempotency_key}:plain", logo=None)
    except (stripe.InvalidRequestError, stripe.IdempotencyError, stripe.APIError) as error:
        if error.http_status == HTTP_CONFLICT:  # the same request is still at work
            raise StripeUnavailable("in progress") from error
        if getattr(error, "param", None) == "customer_email":
            raise AddressRefused("customer_email") from error
        raise SessionRefused(str(error.user_message)) from error
    return _session(made)


def logo_of(brand: Brand) -> Logo | None:
    """The one that the brand uploaded, where Stripe can fetch it. A page without it is better than none:
    `create` asks for one where Stripe doesn't take it."""
    found = brand.pictures.get("logo", {}).get("mail")
    if not found or not settings.BASE_URL.startswith("https://"):
        return None
    return {"type": "url", "url": settings.BASE_URL + picture_files.address(found[-1])}


def _create(
    order: Order,
    metadata: dict[str, str],
    lines: list[tuple[str, str, int]],
    success_url: str,
    cancel_url: str,
    expires_at: datetime,
    idempotency_key: str,
    *,
    logo: Logo | None,
) -> Any:
    suffix = order.brand.statement_suffix
    return ask_or_wait(
        lambda: client().v1.checkout.sessions.create(
            {
                "mode": "payment",
                "locale": locale_of(order.language),
                "branding_settings": {
                    "display_name": order.brand.name,
                    "button_color": palette(order.brand).accent,
                    **({"logo": logo} if logo else {}),
                },
                "submit_type": "pay",
                "client_reference_id": str(order.pk),
                "customer_email": order.sender_email,
                "line_items": [
                    {
                        "quantity": 1,
                        "price_data": {
                            "currency": order.currency.lower(),
                            "unit_amount": amount,
                            "product_data": {"name": name, "description": description},
                        },
                    }
                    for name, description, amount in lines
                ],
                "metadata": metadata,
                "payment_intent_data": {
                    "metadata": metadata,
                    **({"statement_descriptor_suffix": suffix} if suffix else {}),
                },
                "success_url": success_url,
                "cancel_url": cancel_url,
                "expires_at": int(expires_at.timestamp()),
            },
            {"idempotency_key": idempotency_key},
        )
    )


def retrieve(session_id: str) -> Session | None:
    """The session with its charge and fee, or None when Stripe knows no such id."""
    try:
        found = ask(
            lambda: client().v1.checkout.sessions.retrieve(
                session_id,
                {"expand": ["payment_intent.latest_charge.balance_transaction"]},
            )
        )
    except stripe.InvalidRequestError as error:
        if error.code == "resource_missing":
            return None
        raise
    return _session(found)


def expire(session_id: str) -> Session:
    """Close the payment page. Raises SessionNotOpen when it was paid or has expired."""
    try:
        return _session(ask(lambda: client().v1.checkout.sessions.expire(session_id)))
    except stripe.InvalidRequestError as error:
        raise SessionNotOpen(session_id) from error


def _session(session: Any) -> Session:
    intent = session.payment_intent
    charge = getattr(intent, "latest_charge", None)
    transaction = getattr(charge, "balance_transaction", None)
    return Session(
        id=session.id,
        url=session.url or "",
        status=session.status,
        payment_status=session.payment_status,
        amount=session.amount_total or 0,
        currency=(session.currency or "").upper(),
        livemode=session.livemode,
        order_id=session.client_reference_id or "",
        attempt=getattr(session.metadata, "attempt", ""),
        expires_at=datetime.fromtimestamp(session.expires_at, tz=UTC),
        payment_intent_id=id_of(intent),
        charge_id=id_of(charge),
        fee=getattr(transaction, "fee", None),
        fee_currency=getattr(transaction, "currency", "").upper(),
        intent_status=str(getattr(intent, "status", "")),
        was_declined=bool(getattr(intent, "last_payment_error", None)),
    )
