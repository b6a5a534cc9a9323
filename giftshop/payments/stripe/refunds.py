"""Money that goes back to whoever paid, at Stripe."""

from typing import Any

import stripe

from giftshop.payments.stripe.charge_state import REFUND_KEY
from giftshop.payments.stripe.client import StripeUnavailable, ask, client

WAITS_FOR_FUNDS = {"balance_insufficient", "insufficient_balance_for_refund"}


class RefundRefused(Exception):
    """Stripe will not send this money, now or later. Its word for why."""


class BalanceShort(StripeUnavailable):
    """Our balance at Stripe does not reach. It may later: Stripe has to be asked under another key then."""


def create(*, payment_intent_id: str, amount: int, key: str, times_short: int = 0) -> None:
    """Ask Stripe to send this much of a payment back, in minor units; once for each `key`, our own id.

    `times_short`: so often the balance did not reach for it. Raises RefundRefused, BalanceShort,
    StripeUnavailable.
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
                {"idempotency_key": f"refund:{key}" + f":{times_short}" * bool(times_short)},
            )
        )
    except stripe.InvalidRequestError as error:
        if WAITS_FOR_FUNDS & {error.code, _message_code(error)}:
            raise BalanceShort from error
        raise RefundRefused(error.code or "invalid_request") from error


def _message_code(error: stripe.InvalidRequestError) -> str:
    """The SDK keeps it as it came, in no field of its own."""
    told: Any = error.json_body or {}
    return str(told.get("error", {}).get("message_code", ""))
