"""When what failed is tried again: an e-mail, a refund, a question to Stripe."""

from datetime import timedelta

BACKOFF_MAX = timedelta(hours=1)


def backoff(attempt: int) -> timedelta:
    """2, 4, 8 ... seconds, an hour at most."""
    return min(timedelta(seconds=2 ** min(attempt, 12)), BACKOFF_MAX)
