"""Reversal at the counter: a redemption is taken back, with a reason, while its time lasts.

A cashier, and a till that names nobody, has the brand's window: a minute, say. A manager who signed in
with their PIN has until the store's day ends, where the brand allows it. A gift that was put on hold or
voided, or that expired, in the meantime gets nothing back: what happened to it since would no longer
be true.
"""

from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from brands import store_day
from brands.models import Brand, Store
from core.refused import Refused
from redemption.audit import log
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.codes import acts, expiry_watermark
from redemption.ledger.posting import Leg, post
from redemption.models import (
    Account,
    Code,
    Device,
    JournalEntry,
    Posting,
    Redemption,
    RefusedAttempt,
    Reversal,
    StaffMember,
)


class ReversalRefusal(models.TextChoices):
    UNKNOWN_REDEMPTION = "unknown_redemption", _("This store has no such redemption.")
    ALREADY_REVERSED = "already_reversed", _("This redemption was already undone.")
    WINDOW_PASSED = "window_passed", _("It is too late to undo this redemption.")
    NOT_ACTIVE = (
        "not_active",
        _("This gift was put on hold or cancelled since, or has expired: it can't be undone."),
    )


class ReversalRefused(Refused[ReversalRefusal]):
    pass


def reverse(
    *,
    device: Device,
    redemption_id: UUID,
    reason: str,
    staff: StaffMember | None = None,
    signed_in: bool = False,
    now: datetime | None = None,
) -> Reversal:
    """Give the value back to the code and post the opposite entry. Raises ReversalRefused, and keeps
    the attempt.

    Only at the store that redeemed it. `signed_in`: the staff member's PIN was asked for, so that a
    manager's longer time counts. The code is locked first, as every act on a code does it.
    """
    now = now or timezone.now()
    with transaction.atomic(durable=True), scope(brand=device.brand):
        code: Code | None = None
        refusal = ReversalRefusal.UNKNOWN_REDEMPTION
        redemption = (
            Redemption.objects.filter(pk=redemption_id, store=device.store)
            .select_related("store")
            .first()
        )
        if redemption:
            code = acts.lock(redemption.code_id)
            judged = _refusal(redemption, code, staff.role if staff and signed_in else None, now)
            if judged is None:
                return _reverse(redemption, code, device, staff, signed_in, reason, now)
            refusal = judged
        _keep_attempt(refusal, code, device, staff, now)
    raise ReversalRefused(refusal)


def open_until(
    redeemed_at: datetime, *, brand: Brand, store: Store, role: str | None = None
) -> datetime:
    """Until when a redemption of this store can be reversed: by anybody, or by somebody of that role, who
    signed in."""
    window = redeemed_at + brand.reversal_window
    if role == StaffMember.Role.MANAGER and brand.managers_reverse_same_day:
        _, day_ends = store_day.bounds(redeemed_at.astimezone(store.tz).date(), store.tz)
        return max(window, day_ends)
    return window


def _refusal(
    redemption: Redemption, code: Code, role: str | None, now: datetime
) -> ReversalRefusal | None:
    """Judged while the code is held. `role`: of who signed in."""
    if Reversal.objects.filter(redemption=redemption).exists():
        return ReversalRefusal.ALREADY_REVERSED
    until = open_until(redemption.redeemed_at, brand=code.brand, store=redemption.store, role=role)
    if now > until:
        return ReversalRefusal.WINDOW_PASSED
    if code.state not in {Code.State.ACTIVE, Code.State.REDEEMED}:
        return ReversalRefusal.NOT_ACTIVE
    return None


def _keep_attempt(
    refusal: ReversalRefusal,
    code: Code | None,
    device: Device,
    staff: StaffMember | None,
    now: datetime,
) -> None:
    RefusedAttempt.objects.create(
        brand=device.brand,
        store=device.store,
        device=device,
        staff=staff,
        code=code,
        act=RefusedAttempt.Act.REVERSAL,
        reason=refusal.value,
        attempted_at=now,
    )


def _reverse(
    redemption: Redemption,
    code: Code,
    device: Device,
    staff: StaffMember | None,
    signed_in: bool,
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
    was_spent = code.state == Code.State.REDEEMED
    code.give_back(redemption.amount, now)
    if was_spent:
        expiry_watermark.rewind_to(code, now)
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
    named = {} if signed_in or staff is None else {"staff": staff.name}
    log.record(
        brand=code.brand,
        actor=Actor.at(device, staff if signed_in else None),
        act=Act.REDEMPTION_REVERSED,
        subject=f"redemption:{redemption.pk}",
        now=now,
        details={
            "code": str(code.pk),
            "amount": redemption.amount,
            "currency": redemption.currency,
            "reason": reason,
            **named,
        },
        device=device,
    )
    reversal.redemption.code = code
    return reversal


def _earned_before(redemption: Redemption) -> Account:
    """The account the redemption was posted to, whoever runs the store by now."""
    posting = Posting.objects.exclude(account=Account.GIFT_LIABILITY).get(
        entry__kind=JournalEntry.Kind.REDEMPTION, entry__reference=f"redemption:{redemption.pk}"
    )
    return Account(posting.account)
