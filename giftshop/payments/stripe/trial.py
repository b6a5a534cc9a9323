"""Whether Stripe would take money for us: asked before a shop opens, answered in words."""

from collections.abc import Callable

import stripe
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from giftshop.http import outside_calls
from giftshop.payments.stripe.client import client


class Trial(models.TextChoices):
    """What Stripe said to the installation's key."""

    LIVE = "live", _("Stripe answers. Payments will work.")
    TEST = "test", _("Stripe answers, in test mode: payments work, but no real money moves.")
    UNKNOWN = (
        "unknown",
        _(
            "Stripe does not know this installation's key. Whoever runs it sets STRIPE_SECRET_KEY anew."
        ),
    )
    NOT_ALLOWED = (
        "not_allowed",
        _(
            "The installation's key may not do what payments need: the guide “Connect Stripe” says what."
        ),
    )
    AWAY = "away", _("Stripe can't be reached right now. Please try again in a moment.")

    @property
    def is_fine(self) -> bool:
        return self in {Trial.LIVE, Trial.TEST}


READS: tuple[Callable[[], object], ...] = (
    lambda: client().v1.checkout.sessions.list({"limit": 1}),
    lambda: client().v1.events.list({"limit": 1}),
    lambda: client().v1.payment_intents.list({"limit": 1}),
    lambda: client().v1.charges.list({"limit": 1}),
    lambda: client().v1.refunds.list({"limit": 1}),
    lambda: client().v1.disputes.list({"limit": 1}),
    lambda: client().v1.radar.early_fraud_warnings.list({"limit": 1}),
    lambda: client().v1.reviews.list({"limit": 1}),
    lambda: client().v1.balance_transactions.list({"limit": 1}),
    lambda: client().v1.payouts.list({"limit": 1}),
)


def ask_stripe() -> Trial:
    """Reads one row of each kind that payments need. Charges nothing."""
    try:
        for read in READS:
            outside_calls.ask(read)
    except stripe.AuthenticationError:
        return Trial.UNKNOWN
    except stripe.PermissionError:
        return Trial.NOT_ALLOWED
    except (stripe.StripeError, outside_calls.NoAnswer):
        return Trial.AWAY
    return Trial.LIVE if settings.STRIPE_LIVEMODE else Trial.TEST
