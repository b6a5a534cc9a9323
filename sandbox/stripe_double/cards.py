"""Stripe's test cards, and what each of them does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Decline:
    """Why a card was refused, in Stripe's words."""

    code: str
    message: str
    decline_code: str | None = None


@dataclass(frozen=True)
class Card:
    """``token`` is the ready-made payment method of test mode; ``then`` is what befalls a paid charge."""

    number: str
    token: str
    about: str
    brand: str = "visa"
    funding: str = "credit"
    decline: Decline | None = None
    challenge: bool = False
    then: str | None = None

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def spaced(self) -> str:
        groups = (4, 6, 5) if self.brand == "amex" else (4, 4, 4, 4)
        starts = [sum(groups[:place]) for place in range(len(groups))]
        return " ".join(
            self.number[start : start + size] for start, size in zip(starts, groups, strict=True)
        )


GENERIC = Decline("card_declined", "Your card was declined.", "generic_decline")
LIVE_CARD = Decline(
    "card_declined",
    "Your card was declined. Your request was in test mode, but used a non test card.",
    "test_mode_live_card",
)
INSUFFICIENT = Decline("card_declined", "Your card has insufficient funds.", "insufficient_funds")
LOST = Decline("card_declined", "Your card was declined.", "lost_card")
EXPIRED = Decline("expired_card", "Your card has expired.", "expired_card")
WRONG_CVC = Decline("incorrect_cvc", "Your card's security code is incorrect.", "incorrect_cvc")
PROCESSING = Decline(
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
    "processing_error",
)
UNAUTHENTICATED = Decline(
    "payment_intent_authentication_failure",
    "We are unable to authenticate your payment method. Please choose a different payment "
    "method and try again.",
)

CARDS = (
    Card("4242424242424242", "pm_card_visa", "Paid"),
    Card("5555555555554444", "pm_card_mastercard", "Paid (Mastercard)", brand="mastercard"),
    Card("378282246310005", "pm_card_amex", "Paid (American Express)", brand="amex"),
    Card("4000056655665556", "pm_card_visa_debit", "Paid (debit)", funding="debit"),
    Card(
        "4000002500003155",
        "pm_card_authenticationRequiredOnSetup",
        "Asks for 3-D Secure",
        challenge=True,
    ),
    Card(
        "4000002760003184",
        "pm_card_authenticationRequired",
        "Always asks for 3-D Secure",
        challenge=True,
    ),
    Card(
        "4000008400001629",
        "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
        "3-D Secure, then no funds",
        decline=INSUFFICIENT,
        challenge=True,
    ),
    Card("4000000000000002", "pm_card_visa_chargeDeclined", "Declined", decline=GENERIC),
    Card(
        "4000000000009995",
        "pm_card_visa_chargeDeclinedInsufficientFunds",
        "Insufficient funds",
        decline=INSUFFICIENT,
    ),
    Card("4000000000009987", "pm_card_visa_chargeDeclinedLostCard", "Lost card", decline=LOST),
    Card("4000000000000069", "pm_card_chargeDeclinedExpiredCard", "Expired card", decline=EXPIRED),
    Card("4000000000000127", "pm_card_chargeDeclinedIncorrectCvc", "Wrong CVC", decline=WRONG_CVC),
    Card(
        "4000000000000119",
        "pm_card_chargeDeclinedProcessingError",
        "Processing error",
        decline=PROCESSING,
    ),
    Card("4000000000000259", "pm_card_createDispute", "Paid, then disputed", then="dispute"),
    Card(
        "4000000000002685",
        "pm_card_createDisputeProductNotReceived",
        "Paid, then disputed: not received",
        then="not_received",
    ),
    Card(
        "4000000000001976",
        "pm_card_createDisputeInquiry",
        "Paid, then the bank asks",
        then="inquiry",
    ),
    Card("4000000000009235", "pm_card_riskLevelElevated", "Paid, then reviewed", then="review"),
    Card(
        "4000000000005423",
        "pm_card_createIssuerFraudRecord",
        "Paid, then a fraud warning",
        then="fraud_warning",
    ),
    Card(
        "4000000000007726",
        "pm_card_pendingRefund",
        "Paid; refunds take a while",
        then="slow_refund",
    ),
    Card(
        "4000000000005126", "pm_card_refundFail", "Paid; refunds fail later", then="failing_refund"
    ),
)
BY_NUMBER = {card.number: card for card in CARDS}
BY_TOKEN = {card.token: card for card in CARDS} | {
    "pm_card_chargeDeclined": BY_NUMBER["4000000000000002"],
    "pm_card_chargeDeclinedInsufficientFunds": BY_NUMBER["4000000000009995"],
    "pm_card_threeDSecure2Required": BY_NUMBER["4000002760003184"],
}


def luhn(number: str) -> bool:
    """Whether the check digit fits."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def card_for(number: str) -> Card:
    """The test card of that number; a real one is declined, as test mode does."""
    return BY_NUMBER.get(number) or Card(number, "", "Not a test card", decline=LIVE_CARD)
