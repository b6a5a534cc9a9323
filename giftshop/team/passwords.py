"""A new password for somebody who forgot theirs: a link by e-mail, good once and for an hour.

Nothing of the link is kept: it is signed over the password and the last sign-in, so that either makes it
void (Django's token), and it is made when the e-mail is written.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.http import urlsafe_base64_encode

from core.ids import uuid7
from giftshop.accounts.models import User
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic
from redemption import rate_limits

LETTERS_MAX = 3
"""To one account in ten minutes."""
LINK_LIFE = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


class Forgotten(NamedTuple):
    """One time that somebody asked."""

    id: UUID
    user: User


def ask_for_link(email: str, *, now: datetime) -> None:
    """A letter to whoever signs in with that address, from a brand that they work for. Nothing for anybody
    else, and the caller learns nothing of which it was."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    member = user.memberships.order_by("pk").first() if user else None
    if user is None or member is None:
        return
    key = rate_limits.key("forgotten_password", "user", str(user.pk))
    with transaction.atomic():
        if rate_limits.count({key: LETTERS_MAX}, now=now):
            return
        emit(
            topic=Topic.PASSWORD_FORGOTTEN,
            brand_id=member.brand_id,
            payload={"user_id": str(user.pk), "asked_id": str(uuid7())},
            now=now,
        )


def link_for(user: User) -> str:
    """Where a new password is chosen, with its secret."""
    token = default_token_generator.make_token(user)
    words = {"uidb64": urlsafe_base64_encode(str(user.pk).encode()), "token": token}
    return settings.BASE_URL + reverse("new_password", kwargs=words)
