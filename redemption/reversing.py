"""Undo at the counter: a redemption is taken back within the brand's window, with a reason."""

from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from redemption.ledger import Leg, post
from redemption.models import (
    Account,
    Code,
    Device,
    JournalEntry,
    Posting,
    Redemption,
    Reversal,
    StaffMember,
)


class ReversalRefusal(models.TextChoices):
    UNKNOWN_REDEMPTION = "unknown_redemption", _("This store has no such redemption.")
    ALREADY_REVERSED = "already_reversed", _("This redemption was already undone.")
    WINDOW_PASSED = "window_passed", _("It is too late to undo this redemption.")


class ReversalRefused(Exception):
    def __init__(self, reason: ReversalRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


def reverse(
    *,
    device: Device,
    redemption_id: UUID,
    reason: str,
    staff: StaffMember | None = None,
    now: datetime | None = None,
) -> Reversal:
    """Give the value back to the code and post the opposite entry. Raises ReversalRefused.

    Only at the store that redeemed it. The code is locked first, as redeem() does, so that the two
    can never cross.
    """
    now = now or timezone.now()
    with transaction.atomic(durable=True), scope(brand=device.brand):
        redemption = (
            Redemption.objects.filter(pk=redemption_id, store=device.store)
            .select_related("store")
            .first()
        )
        if redemption is None:
            raise ReversalRefused(ReversalRefusal.UNKNOWN_REDEMPTION)
        code = Code.objects.select_for_update(no_key=True).get(pk=redemption.code_id)
        if Reversal.objects.filter(redemption=redemption).exists():
            raise ReversalRefused(ReversalRefusal.ALREADY_REVERSED)
        if now > redemption.redeemed_at + device.brand.reversal_window:
            raise ReversalRefused(ReversalRefusal.WINDOW_PASSED)
        return _reverse(redemption, code, device, staff, reason, now)


def _reverse(
    redemption: Redemption,
    code: Code,
    device: Device,
    staff: StaffMember | None,
    reason: str,
    now: datetime,
) -> Reversal:
    reversal = Reversal.objects.create(
        brand=device.brand,
        redemption=redemption,
        device=device,
        staff=staff,
        reason=reason,
        reversed_at=now,
    )
    code.give_back(redemption.amount, now)
    post(
        brand=device.brand,
        kind=JournalEntry.Kind.REVERSAL,
        reference=f"redemption:{redemption.pk}",
        currency=redemption.currency,
        legs=[
            Leg(Account.GIFT_LIABILITY, -redemption.amount, code=code),
            Leg(_earned_before(redemption), redemption.amount, store=redemption.store),
        ],
        now=now,
    )
    reversal.redemption.code = code
    return reversal


def _earned_before(redemption: Redemption) -> Account:
    """The account the redemption was posted to, whoever runs the store by now."""
    posting = Posting.objects.exclude(account=Account.GIFT_LIABILITY).get(
        entry__kind=JournalEntry.Kind.REDEMPTION, entry__reference=f"redemption:{redemption.pk}"
    )
    return Account(posting.account)
