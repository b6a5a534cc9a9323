"""The only file that speaks to Stripe. What comes back is read into small types of our own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

import stripe
from django.conf import settings

from giftshop.orders.models import Order

NETWORK_RETRIES = 2
TIMEOUT_SECONDS = 10
HTTP_CONFLICT = 409

T = TypeVar("T")


class StripeUnavailable(Exception):
    """Stripe could not be asked. Nothing is known; ask again later."""


class SessionNotOpen(Exception):
    """The Checkout Session is complete or has expired already."""


class SessionRefused(Exception):
    """Stripe gave no page for this request, and will not for a repeat of it."""


class ForgedEvent(Exception):
    """The signature does not fit the body, or is too old."""


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

    @property
    def is_paid(self) -> bool:
        return self.payment_status == "paid"

    @property
    def is_over(self) -> bool:
        """Nobody can pay it any more: its page closed, or a slow payment method failed after it."""
        failed = self.intent_status in {"requires_payment_method", "canceled"}
        return self.status == "expired" or (self.status == "complete" and failed)


@dataclass(frozen=True)
class Event:
    id: str
    type: str
    livemode: bool
    object_id: str
    payload: str


@dataclass(frozen=True)
class Charge:
    id: str
    created: datetime
    amount: int
    currency: str
    refunded: bool
    fee: int | None


@cache
def client() -> stripe.StripeClient:
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else {},
        max_network_retries=NETWORK_RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


def create_session(
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

    Raises SessionRefused, and StripeUnavailable when no answer came at all. After an error on
    Stripe's side its answer is final too: API v1 remembers it under the idempotency key. A page may
    exist then, but nobody was ever given its address.
    """
    metadata = {"order_id": str(order.pk), "attempt": str(attempt)}
    try:
        made = _create(order, metadata, lines, success_url, cancel_url, expires_at, idempotency_key)
    except (stripe.InvalidRequestError, stripe.IdempotencyError, stripe.APIError) as error:
        if error.http_status == HTTP_CONFLICT:  # the same request is still at work
            raise StripeUnavailable("in progress") from error
        raise SessionRefused(str(error.user_message)) from error
    return _session(made)


def _create(
    order: Order,
    metadata: dict[str, str],
    lines: list[tuple[str, str, int]],
    success_url: str,
    cancel_url: str,
    expires_at: datetime,
    idempotency_key: str,
) -> Any:
    return _ask_or_wait(
        lambda: client().v1.checkout.sessions.create(
            {
                "mode": "payment",
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
                "payment_intent_data": {"metadata": metadata},
                "success_url": success_url,
                "cancel_url": cancel_url,
                "expires_at": int(expires_at.timestamp()),
            },
            {"idempotency_key": idempotency_key},
        )
    )


def retrieve_session(session_id: str) -> Session | None:
    """The session with its charge and fee, or None when Stripe knows no such id."""
    try:
        found = _ask(
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


def expire_session(session_id: str) -> Session:
    """Close the payment page. Raises SessionNotOpen when it was paid or has expired."""
    try:
        return _session(_ask(lambda: client().v1.checkout.sessions.expire(session_id)))
    except stripe.InvalidRequestError as error:
        raise SessionNotOpen(session_id) from error


def refund(*, payment_intent_id: str, idempotency_key: str) -> None:
    """Send the whole payment back, once: a payment that was sent back before is fine."""
    try:
        _ask(
            lambda: client().v1.refunds.create(
                {"payment_intent": payment_intent_id, "reason": "duplicate"},
                {"idempotency_key": idempotency_key},
            )
        )
    except stripe.InvalidRequestError as error:
        if error.code != "charge_already_refunded":
            raise


def charges(since: datetime) -> Iterator[Charge]:
    """Every charge of one of our orders that succeeded since then."""
    listed = _ask(
        lambda: client().v1.charges.list(
            {
                "created": {"gte": int(since.timestamp())},
                "limit": 100,
                "expand": ["data.balance_transaction"],
            }
        )
    )
    for charge in listed.auto_paging_iter():
        if charge.status == "succeeded" and "order_id" in charge.metadata.to_dict():
            yield Charge(
                charge.id,
                datetime.fromtimestamp(charge.created, tz=UTC),
                charge.amount,
                charge.currency.upper(),
                charge.refunded,
                getattr(charge.balance_transaction, "fee", None),
            )


def read_event(body: bytes, signature: str) -> Event:
    """The event of a webhook request. Any of the secrets may have signed it, while one is being
    rolled. Raises ForgedEvent."""
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            event = client().construct_event(body, signature, secret)  # refuses over 300 s of age
        except (ValueError, stripe.SignatureVerificationError):
            continue
        return _event(event, body.decode())
    raise ForgedEvent


def undelivered_events(since: datetime) -> Iterator[Event]:
    """Events whose webhooks Stripe could not deliver, oldest last."""
    listed = _ask(
        lambda: client().v1.events.list(
            {"delivery_success": False, "created": {"gte": int(since.timestamp())}, "limit": 100}
        )
    )
    for event in listed.auto_paging_iter():
        yield _event(event, str(event))


def _ask(call: Callable[[], T]) -> T:
    try:
        return _ask_or_wait(call)
    except stripe.APIError as error:
        raise StripeUnavailable(type(error).__name__) from error


def _ask_or_wait(call: Callable[[], T]) -> T:
    try:
        return call()
    except (
        stripe.APIConnectionError,
        stripe.RateLimitError,
        stripe.AuthenticationError,
        stripe.PermissionError,
    ) as error:
        raise StripeUnavailable(type(error).__name__) from error


def _event(event: stripe.Event, payload: str) -> Event:
    subject = event.data.object
    return Event(event.id, event.type, event.livemode, str(getattr(subject, "id", "")), payload)


def _session(session: Any) -> Session:
    intent = session.payment_intent
    charge = getattr(intent, "latest_charge", None)
    transaction = getattr(charge, "balance_transaction", None)
    return Session(
        id=session.id,
        url=session.url or "",
        status=session.status,
        payment_status=session.payment_status,
        amount=session.amount_total,
        currency=session.currency.upper(),
        livemode=session.livemode,
        order_id=session.client_reference_id or "",
        attempt=getattr(session.metadata, "attempt", ""),
        expires_at=datetime.fromtimestamp(session.expires_at, tz=UTC),
        payment_intent_id=_id(intent),
        charge_id=_id(charge),
        fee=getattr(transaction, "fee", None),
        fee_currency=getattr(transaction, "currency", "").upper(),
        intent_status=str(getattr(intent, "status", "")),
    )


def _id(expanded: Any) -> str:
    """The id of what may be an id, an expanded object or nothing."""
    return str(getattr(expanded, "id", expanded) or "")
