"""E-mails to a person about their own account: a code, a link for a new password.

What opens something is sealed in the letter's row until the e-mail is sent, and stands neither in the
outbox nor in a log. Somebody who works for several brands hears from the one they joined first; whoever works
for none, as an operator may, from the installation itself.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from core import crypto
from core.ids import uuid7
from giftshop.accounts.models import AccountLetter, Membership, User
from giftshop.outbox.outbox import emit
from giftshop.outbox.topics import Topic

LIFE = {
    AccountLetter.Kind.SIGN_IN_CODE: timedelta(minutes=10),
    AccountLetter.Kind.NEW_PASSWORD: timedelta(hours=1),
    AccountLetter.Kind.NEW_BROWSER: timedelta(days=1),
    AccountLetter.Kind.ADDRESS_CODE: timedelta(minutes=10),
    AccountLetter.Kind.PROOF_CODE: timedelta(minutes=10),
    AccountLetter.Kind.FACTOR_CHANGED: timedelta(days=1),
    AccountLetter.Kind.OPENING_CODE: timedelta(minutes=10),
    AccountLetter.Kind.RECOVERY_CODE_USED: timedelta(days=1),
    AccountLetter.Kind.BRAND_APPROVED: timedelta(days=7),
    AccountLetter.Kind.BRAND_CLOSES: timedelta(days=7),
}
"""As long as what they open is good, or told soon enough."""


def write(
    user: User,
    *,
    kind: AccountLetter.Kind,
    secret: str,
    now: datetime,
    to: str = "",
    by_brand: bool = True,
) -> None:
    """A letter to the address that they sign in with, or to another of theirs. `by_brand`: in the name of the
    one they work for, if there is one."""
    with transaction.atomic():
        _write(user.pk, to or user.email, kind, secret, now, by_brand=by_brand)


def write_before_account(
    email: str, *, kind: AccountLetter.Kind, secret: str, now: datetime
) -> None:
    """A letter to an address of which nobody knows yet whose it is."""
    with transaction.atomic():
        _write(None, email, kind, secret, now)


def pretend(email: str, *, kind: AccountLetter.Kind, now: datetime) -> None:
    """The same work for an address that nobody signs in with, and undone: the time of an answer shall
    tell nobody who has an account."""
    User.objects.filter(
        email=email, is_active=True
    ).first()  # as the letter's own path looks for them
    with transaction.atomic():
        _write(uuid7(), email, kind, crypto.new_token(), now)
        transaction.set_rollback(True)


def _write(
    user_id: UUID | None,
    email: str,
    kind: AccountLetter.Kind,
    secret: str,
    now: datetime,
    *,
    by_brand: bool = True,
) -> None:
    brand_id = None
    if user_id is not None and by_brand:
        joined = Membership.objects.filter(user_id=user_id).order_by("pk")
        brand_id = joined.values_list("brand_id", flat=True).first()
    letter = AccountLetter(
        user_id=user_id, kind=kind, address=email, created_at=now, expires_at=now + LIFE[kind]
    )
    letter.secret_ciphertext = crypto.seal(secret, context=letter.sealed_as)
    letter.save(force_insert=True)
    emit(
        topic=Topic.ACCOUNT_NOTIFIED,
        brand_id=brand_id,
        payload={"letter_id": str(letter.pk)},
        now=now,
    )
