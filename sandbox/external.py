"""Services of the caller's own that the shell names: the demo migrates and seeds them only after a yes.

Standard library only: asked before anything is installed.
"""

from __future__ import annotations

from collections.abc import Mapping

# What the demo takes from the caller, after a yes, instead of starting a service of its own; and
# what it does there.
EXTERNAL = {
    "DATABASE_URL": "migrate and seed that database",
    "REDIS_URL": "queue its tasks there",
    "EMAIL_URL": "send its mail there",
    "EMAIL_WEBHOOK_SECRET": "send its mail there",  # nosec B105  # words
    "STRIPE_SECRET_KEY": "take payments in that Stripe account",  # nosec B105  # words
    "STRIPE_WEBHOOK_SECRET": "take payments in that Stripe account",  # nosec B105  # words
    "TWILIO_ACCOUNT_SID": "send texts by that Twilio account",
    "TWILIO_AUTH_TOKEN": "send texts by that Twilio account",  # nosec B105  # words
    "TWILIO_MESSAGING_SERVICE_SID": "send texts by that Twilio account",
    "TWILIO_API_BASE": "send texts by that Twilio account",
    "STRIPE_API_BASE": "take payments in that Stripe account",
    "STRIPE_CHECKOUT_ORIGIN": "take payments in that Stripe account",
}
# What such a database may be sealed with already: taken along, and never worth a question.
SECRETS = ("SECRET_KEY", "CODE_PEPPERS", "CODE_ENCRYPTION_KEYS", "PIN_PEPPERS")


class ExternalServiceError(RuntimeError):
    """The shell names services, and nobody said whether they are meant."""


def given_services(environment: Mapping[str, str], answer: str | None) -> dict[str, str]:
    """The caller's own settings to use. `answer` is `yes`, `no`, or None for nothing said: then
    raises ExternalServiceError if there are any. Names variables, never their values."""
    found = {name: environment[name] for name in EXTERNAL if environment.get(name)}
    if answer == "no" or not found:
        return {}
    if answer != "yes":
        acts = dict.fromkeys(EXTERNAL[name] for name in found)
        raise ExternalServiceError(
            f"{listed(list(found))} {'are' if len(found) > 1 else 'is'} set in this shell: "
            f"the demo would {listed(list(acts))}.\n"
            "If that is meant: make demo EXTERNAL=1. "
            "With the demo's own services instead: make demo EXTERNAL=0."
        )
    return found | {name: environment[name] for name in SECRETS if environment.get(name)}


def listed(words: list[str]) -> str:
    """One, two and three."""
    head, last = words[:-1], words[-1]
    return f"{', '.join(head)} and {last}" if head else last
