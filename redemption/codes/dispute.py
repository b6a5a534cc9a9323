"""A payer's bank takes the money back: the gifts are held until it is decided whose it is.

Stripe takes the whole amount at once, so it is a loss from the first day. Won: it comes back, and the
gifts are good again, unless something else holds them. Lost: what is left on the gifts is owed to nobody
any more, which makes the loss smaller by as much; what was spent is the loss that stays.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from brands.models import Brand
from redemption.audit.actors import SYSTEM
from redemption.audit.log import Act
from redemption.codes import acts, hold
from redemption.ledger.posting import Leg, post, post_many
from redemption.models import Account, Hold, JournalEntry


def open_dispute(
    *,
    brand: Brand,
    dispute: str,
    amount: int,
    code_ids: Collection[UUID],
    now: datetime | None = None,
) -> None:
    """Hold the gifts and book the loss. Expects the brand's scope.

    `dispute`: as kind:<id>; each of the three acts happens once. `amount`: what Stripe took, minor
    units. `code_ids`: the gifts that were paid with it; spent ones stay as they are. Raises
    IntegrityError when it was booked before.
    """
    now = now or timezone.now()
    with transaction.atomic():
        codes = acts.lock_all(code_ids)
        _book(brand, f"{dispute}:opened", amount, now)
        for code in codes:
            if code.balance:
                hold.place(
                    code_id=code.pk,
                    actor=SYSTEM,
                    reason=_REASON,
                    cause=Hold.Cause.DISPUTE,
                    subject=dispute,
                    now=now,
                )


def win(
    *,
    brand: Brand,
    dispute: str,
    amount: int,
    code_ids: Collection[UUID],
    now: datetime | None = None,
) -> None:
    """The money comes back, and the holds of this dispute are released. Raises as open_dispute() does."""
    now = now or timezone.now()
    with transaction.atomic():
        codes = acts.lock_all(code_ids)
        _book(brand, f"{dispute}:won", -amount, now)
        for held in Hold.objects.open().filter(code__in=codes, subject=dispute).order_by("code"):
            hold.release(
                code_id=held.code_id, actor=SYSTEM, reason=_REASON, subject=dispute, now=now
            )


def lose(
    *, brand: Brand, dispute: str, code_ids: Collection[UUID], now: datetime | None = None
) -> int:
    """Void what is left on the gifts, whatever held them: that amount, in minor units. Raises as
    open_dispute() does."""
    now = now or timezone.now()
    with transaction.atomic():
        codes = [code for code in acts.lock_all(code_ids) if code.balance]
        left = {code: code.void(now) for code in codes}
        hold.release_all(codes, actor=SYSTEM, reason=_REASON, now=now)
        if left:
            post_many(
                brand=brand,
                kind=JournalEntry.Kind.DISPUTE,
                currency=brand.currency,
                entries={
                    f"{dispute}:lost:{code.pk}": [
                        Leg(Account.GIFT_LIABILITY, amount, code=code),
                        Leg(Account.DISPUTE_LOSS, -amount),
                    ]
                    for code, amount in left.items()
                },
                now=now,
            )
        for code, amount in left.items():
            told = {"dispute": dispute, "amount": amount, "currency": code.currency}
            acts.tell(Act.CODE_VOIDED, code, {"reason": _REASON, **told}, actor=SYSTEM, now=now)
    return sum(left.values())


_REASON = "the payment was disputed"


def _book(brand: Brand, reference: str, amount: int, now: datetime) -> None:
    post(
        brand=brand,
        kind=JournalEntry.Kind.DISPUTE,
        reference=reference,
        currency=brand.currency,
        legs=[Leg(Account.DISPUTE_LOSS, amount), Leg(Account.STRIPE_CLEARING, -amount)],
        now=now,
    )
