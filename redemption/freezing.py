"""On hold: a gift that is still owed, and that no till takes until somebody lets it go again.

A hold that something else put on (a dispute) is taken off by the same, not by hand: the trail remembers
what each hold is for.
"""

from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.refused import Refused
from redemption import auditing, expiry_marks
from redemption.actors import Actor
from redemption.auditing import Act
from redemption.models import AuditEntry, Code, Device


class FreezeRefusal(models.TextChoices):
    UNKNOWN_CODE = "unknown_code", _("There is no such gift.")
    NOT_ACTIVE = "not_active", _("Nothing is left on this gift that could be put on hold.")
    NOT_FROZEN = "not_frozen", _("This gift is not on hold.")
    HELD = "held", _("This gift is held for a dispute, which has to end first.")
    NOT_A_MANAGER = "not_a_manager", _("Only a manager can do this.")
    NO_REASON = "no_reason", _("Say why, in a few words.")


class FreezeRefused(Refused[FreezeRefusal]):
    pass


def freeze(
    *,
    code_id: UUID,
    actor: Actor,
    reason: str,
    held_for: str = "",
    now: datetime | None = None,
    device: Device | None = None,
) -> Code:
    """No till takes the gift any more. Expects the brand's scope.

    `held_for`: what alone may let it go again, as kind:<id>; empty: any manager. Raises FreezeRefused.
    """
    now = now or timezone.now()
    with transaction.atomic():
        code = _locked(code_id, actor, reason)
        if code.state != Code.State.ACTIVE:
            raise FreezeRefused(FreezeRefusal.NOT_ACTIVE)
        code.change_state(Code.State.FROZEN, now)
        _record(Act.CODE_FROZEN, code, actor, reason, held_for, now, device)
    return code


def unfreeze(
    *,
    code_id: UUID,
    actor: Actor,
    reason: str,
    held_for: str = "",
    now: datetime | None = None,
    device: Device | None = None,
) -> Code:
    """Tills take it again, if its days are not over. Expects the brand's scope. Raises FreezeRefused."""
    now = now or timezone.now()
    with transaction.atomic():
        code = _locked(code_id, actor, reason)
        if code.state != Code.State.FROZEN:
            raise FreezeRefused(FreezeRefusal.NOT_FROZEN)
        if held_by(code) != held_for:
            raise FreezeRefused(FreezeRefusal.HELD)
        code.change_state(Code.State.ACTIVE, now)
        expiry_marks.look_again_from(code, now)
        _record(Act.CODE_UNFROZEN, code, actor, reason, held_for, now, device)
    return code


def held_by(code: Code) -> str:
    """What a frozen code is on hold for; empty: somebody did it by hand. 1 query."""
    last = (
        AuditEntry.objects.filter(subject=f"code:{code.pk}", act=Act.CODE_FROZEN)
        .order_by("-number")
        .first()
    )
    return str(last.details.get("held_for", "")) if last else ""


def is_held(code: Code) -> bool:
    """Whether it is on hold for something that has to end first. 1 query for a frozen code."""
    return code.state == Code.State.FROZEN and bool(held_by(code))


def _locked(code_id: UUID, actor: Actor, reason: str) -> Code:
    if not reason.strip():
        raise FreezeRefused(FreezeRefusal.NO_REASON)
    if actor.kind != "system" and not actor.is_manager():
        raise FreezeRefused(FreezeRefusal.NOT_A_MANAGER)
    code = Code.objects.locked().select_related("brand").filter(pk=code_id).first()
    if code is None:
        raise FreezeRefused(FreezeRefusal.UNKNOWN_CODE)
    return code


def _record(
    act: Act,
    code: Code,
    actor: Actor,
    reason: str,
    held_for: str,
    now: datetime,
    device: Device | None,
) -> None:
    details = {"reason": reason, "left": code.balance, "currency": code.currency}
    auditing.record(
        brand=code.brand,
        actor=actor,
        act=act,
        subject=f"code:{code.pk}",
        now=now,
        details={**details, "held_for": held_for} if held_for else details,
        device=device,
    )
