"""Forgetting what has no more use: the ciphertext of codes that are spent for good."""

from datetime import datetime, timedelta

from redemption.models import Code

KEPT_AFTER_USE = timedelta(days=1)
"""Longer than any reversal window, so that an undone gift can be shown again."""


def wipe_spent_codes(*, now: datetime) -> int:
    """How many were wiped. Expects scopes to be disabled: it cleans up after every brand."""
    return Code.objects.spent_before(now - KEPT_AFTER_USE).update(ciphertext=None)
