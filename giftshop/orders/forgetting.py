"""Drafts that nobody came back to hold names and addresses; they are not kept."""

from datetime import datetime, timedelta

from giftshop.orders.models import Draft

KEPT_FOR = timedelta(days=30)


def forget_old_drafts(*, now: datetime) -> int:
    """How many were forgotten; their orders stay. Expects scopes to be disabled."""
    deleted, _by_model = Draft.objects.filter(updated_at__lt=now - KEPT_FOR).delete()
    return deleted
