"""What Stripe tells of Checkout Sessions, and who records it."""

import json
from datetime import datetime

from django_scopes import scopes_disabled

from giftshop.payments import event_types, settle
from giftshop.payments.models import Payment, StripeEvent
from giftshop.payments.stripe import sessions


def is_wanted(event: StripeEvent) -> bool:
    """A session of another product in the same account is none of ours to ask about."""
    with scopes_disabled():
        payment = Payment.objects.filter(session_id=event.object_id).first()
    return not payment.says_all_of(event.type) if payment else _may_be_ours(event)


def _may_be_ours(event: StripeEvent) -> bool:
    """It names an order of ours for which Stripe's answer, with the id of the session, was lost."""
    order_id = json.loads(event.payload)["data"]["object"].get("client_reference_id")
    with scopes_disabled():
        return Payment.objects.never_answered(order_id).exists()


def retrieve(event: StripeEvent) -> sessions.Session | None:
    return sessions.retrieve(event.object_id)


def record(session: sessions.Session, _event: StripeEvent, now: datetime) -> None:
    settle.record(session=session, now=now)


event_types.register(
    event_types.Kind(
        types=frozenset(
            {
                "checkout.session.async_payment_failed",
                "checkout.session.async_payment_succeeded",
                "checkout.session.completed",
                "checkout.session.expired",
            }
        ),
        is_wanted=is_wanted,
        retrieve=retrieve,
        record=record,
    )
)
