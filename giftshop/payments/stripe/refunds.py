"""Money that goes back to whoever paid, at Stripe."""

import stripe

from giftshop.payments.stripe.client import ask, client


def create(*, payment_intent_id: str, idempotency_key: str) -> None:
    """Send the whole payment back, once: a payment that was sent back before is fine."""
    try:
        ask(
            lambda: client().v1.refunds.create(
                {"payment_intent": payment_intent_id, "reason": "duplicate"},
                {"idempotency_key": idempotency_key},
            )
        )
    except stripe.InvalidRequestError as error:
        if error.code != "charge_already_refunded":
            raise
