"""Why a payer disputes a payment: Stripe's words in ours."""

from django.utils.translation import gettext_lazy as _

REASONS = {
    "credit_not_processed": _("A promised refund did not come"),
    "duplicate": _("Charged twice"),
    "fraudulent": _("The payer says that they did not pay"),
    "general": _("No reason was given"),
    "product_not_received": _("Nothing was received"),
    "product_unacceptable": _("It was not as described"),
    "subscription_canceled": _("A subscription had ended"),
    "unrecognized": _("The payer does not recognise the payment"),
}


def in_words(reason: str) -> str:
    """A word that is not known here is shown as Stripe has it."""
    return str(REASONS.get(reason, reason.replace("_", " ")))
