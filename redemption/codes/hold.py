"""On hold: a gift that is still owed, and that no till takes while anything holds it.

Several things can hold one gift: a manager, and each dispute about its payment. Each has its own
row (`Hold`), and releases it alone; with the last one the gift is good again. A gift that is taken back
(voided, refunded, lost to a dispute) is held by nothing any more: void() and its like release what is
open, with their own reason. One whose days end while it is on hold stays owed until it is released.

The code's state says `on_hold` exactly while a row is open. It changes here, in the same commit and while
the code is locked, because a redemption reads the state alone; a deferred trigger refuses a commit in which
the two differ.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.database.insert import insert
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.codes import acts, expiry_watermark
from redemption.codes.acts import ActRefused, Refusal
from redemption.models import Code, Device, Hold


class HoldRefusal(models.TextChoices):
    NOT_ACTIVE = "not_active", _("Nothing is left on this gift that could be put on hold.")
    ON_HOLD_ALREADY = "on_hold_already", _("This gift is on hold already.")
    NOT_ON_HOLD = "not_on_hold", _("This gift is not on hold.")


def place(
    *,
    code_id: UUID,
    actor: Actor,
    reason: str,
    cause: Hold.Cause = Hold.Cause.HAND,
    subject: str = "",
    now: datetime | None = None,
    device: Device | None = None,
) -> Code:
    """No till takes the gift any more. Expects the brand's scope.

    `reason`: 200 characters at most. `subject`: what alone releases it again, as kind:<id>; empty for a
    manager's hold, which any manager releases. Something else may hold the gift already. Raises ActRefused.
    """
    now = now or timezone.now()
    with acts.on_code(
        code_id,
        Act.CODE_HELD,
        actor=actor,
        reason=reason,
        now=now,
        device=device,
        product_may=True,
    ) as (code, told):
        if code.state not in {Code.State.ACTIVE, Code.State.ON_HOLD}:
            raise ActRefused(HoldRefusal.NOT_ACTIVE)
        if _open(code).filter(subject=subject).exists():
            raise ActRefused(HoldRefusal.ON_HOLD_ALREADY)
        Hold.objects.create(
            brand=code.brand,
            code=code,
            cause=cause,
            subject=subject,
            reason=reason,
            placed_at=now,
            placed_by_kind=actor.kind,
            placed_by=actor.id,
            placed_by_name=actor.name,
        )
        if code.state == Code.State.ACTIVE:
            code.change_state(Code.State.ON_HOLD, now)
        told.update(_told(code, subject))
    return code


def release(
    *,
    code_id: UUID,
    actor: Actor,
    reason: str,
    subject: str = "",
    now: datetime | None = None,
    device: Device | None = None,
) -> Code:
    """This hold is over. If it was the last, tills take the gift again while its days are not over.
    Expects the brand's scope. Raises ActRefused.

    `reason`: 200 characters at most. `subject`: as it was placed. Answers the code as it is then: still on
    hold if something else holds it.
    """
    now = now or timezone.now()
    with acts.on_code(
        code_id,
        Act.CODE_RELEASED,
        actor=actor,
        reason=reason,
        now=now,
        device=device,
        product_may=True,
    ) as (code, told):
        if code.state != Code.State.ON_HOLD:
            raise ActRefused(HoldRefusal.NOT_ON_HOLD)
        if not _release(_open(code).filter(subject=subject), actor, reason, now):
            raise ActRefused(Refusal.HELD)
        if not _open(code).exists():
            code.change_state(Code.State.ACTIVE, now)
            expiry_watermark.rewind_to(code, now)
        told.update(_told(code, subject))
    return code


def place_each(
    *,
    code_ids: Collection[UUID],
    actor: Actor,
    reason: str,
    cause: Hold.Cause,
    subject: str,
    now: datetime,
) -> None:
    """As place(), on each of the gifts on which something is left and which this subject does not hold yet.
    2 queries where there is none, 7 statements otherwise, however many. Expects a transaction."""
    left = {code.pk: code for code in acts.lock_all(code_ids) if code.balance}
    known = held_by(subject, left)
    codes = [code for key, code in left.items() if key not in known]
    if not codes:
        return
    acts.check(actor, reason, product_may=True)
    insert(
        [
            Hold(
                brand=code.brand,
                code=code,
                cause=cause,
                subject=subject,
                reason=reason,
                placed_at=now,
                placed_by_kind=actor.kind,
                placed_by=actor.id,
                placed_by_name=actor.name,
            )
            for code in codes
        ]
    )
    _change_states(codes, Code.State.ON_HOLD, now)
    told = {code: {"reason": reason, **_told(code, subject)} for code in codes}
    acts.tell_all(Act.CODE_HELD, told, actor=actor, now=now)


def release_each(
    *, code_ids: Collection[UUID], actor: Actor, reason: str, subject: str, now: datetime
) -> None:
    """As release(), of those of the gifts that this subject holds. 1 query where there is none, 8 statements
    otherwise, however many. Expects a transaction."""
    held = held_by(subject, code_ids)
    if not held:
        return
    acts.check(actor, reason, product_may=True)
    codes = acts.lock_all(held)
    _release(Hold.objects.open().filter(code__in=codes, subject=subject), actor, reason, now)
    others = set(Hold.objects.open().filter(code__in=codes).values_list("code", flat=True))
    free = [code for code in codes if code.pk not in others]
    _change_states(free, Code.State.ACTIVE, now)
    for code in free:
        expiry_watermark.rewind_to(code, now)
    told = {code: {"reason": reason, **_told(code, subject)} for code in codes}
    acts.tell_all(Act.CODE_RELEASED, told, actor=actor, now=now)


def release_all(codes: Collection[Code], *, actor: Actor, reason: str, now: datetime) -> None:
    """Of gifts that are taken back: nothing holds them any more. One statement. The caller has them locked;
    the audit log tells of it by what was done to them."""
    _release(Hold.objects.open().filter(code__in=codes), actor, reason, now)


def held_by(subject: str, code_ids: Collection[UUID]) -> set[UUID]:
    """Those of the codes that this subject holds, as dispute:<id>. 1 query."""
    held = Hold.objects.open().filter(code__in=code_ids, subject=subject)
    return set(held.values_list("code", flat=True))


def by_subject(code_ids: Collection[UUID]) -> dict[str, set[UUID]]:
    """Those of the codes that each subject holds. 1 query, none without codes."""
    found: dict[str, set[UUID]] = {}
    if code_ids:
        held = Hold.objects.open().filter(code__in=code_ids)
        for subject, code_id in held.values_list("subject", "code"):
            found.setdefault(subject, set()).add(code_id)
    return found


def held_for_a_case(code: Code, *, but: Collection[Hold.Cause] = (Hold.Cause.HAND,)) -> bool:
    """Whether it is on hold for something that has to end first, as a dispute has; a manager's own hold
    has not. `but`: causes that need not end first. 1 query for a code on hold."""
    return code.state == Code.State.ON_HOLD and _open(code).exclude(cause__in=but).exists()


def held_by_manager(code: Code) -> bool:
    """Whether a manager has a hold on it, which a manager may release. 1 query for a code on hold."""
    return code.state == Code.State.ON_HOLD and _open(code).filter(cause=Hold.Cause.HAND).exists()


def _open(code: Code) -> "models.QuerySet[Hold]":
    return Hold.objects.open().filter(code=code)


def _release(holds: "models.QuerySet[Hold]", actor: Actor, reason: str, now: datetime) -> int:
    return holds.update(
        released_at=now,
        released_by_kind=actor.kind,
        released_by=actor.id,
        released_by_name=actor.name,
        release_reason=reason,
    )


def _change_states(codes: Collection[Code], state: Code.State, now: datetime) -> None:
    """As Code.change_state(), of those that are in another. At most one statement. The caller has them
    locked."""
    others = [code for code in codes if code.state != state]
    if others:
        Code.objects.filter(pk__in=[code.pk for code in others]).update(state=state, state_at=now)


def _told(code: Code, subject: str) -> dict[str, str | int]:
    """What the audit log is to say of it."""
    told: dict[str, str | int] = {"left": code.balance, "currency": code.currency}
    return {**told, "held_for": subject} if subject else told
