"""Money that goes back to whoever paid, at Stripe."""

import stripe

from giftshop.payments.stripe.charge_state import REFUND_KEY
from giftshop.payments.stripe.client import StripeUnavailable, ask, client

WAITS_FOR_FUNDS = "balance_insufficient"


class RefundRefused(Exception):
    """Stripe will not send this money, now or later. Its word for why."""


def create(*, payment_intent_id: str, amount: int, key: str) -> None:
    """Ask Stripe to send this much of a payment back, in minor units; once for each `key`, our own id.

    Raises RefundRefused, and StripeUnavailable also while our balance does not reach: it may later.
    """
    try:
        ask(
            lambda: client().v1.refunds.create(
                {
                    "payment_intent": payment_intent_id,
                    "amount": amount,
                    "reason": "requested_by_customer",
                    "metadata": {REFUND_KEY: key},
                },
                {"idempotency_key": f"refund:{key}"},
            )
        )
    except stripe.InvalidRequestError as error:
        if error.code == WAITS_FOR_FUNDS:
            raise StripeUnavailable(WAITS_FOR_FUNDS) from error
        raise RefundRefused(error.code or "invalid_request") from error
