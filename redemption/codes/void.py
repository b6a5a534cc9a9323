"""Taking a gift back for good: up to the brand's limit at once, above it by two people.

What was spent stays spent. What was left is no longer owed to the bearer: for a paid gift it waits in
`refunds` until the brand has given it back or decided otherwise, for a promotional one the expense is
taken back.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.refused import Refused
from redemption.audit import log
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.codes import hold
from redemption.codes.second_person import could_be_one
from redemption.ledger.posting import Leg, post
from redemption.models import Account, Code, Device, JournalEntry, VoidRequest

Decision = VoidRequest.Decision


class VoidRefusal(models.TextChoices):
    UNKNOWN_CODE = "unknown_code", _("There is no such gift.")
    UNKNOWN_REQUEST = "unknown_request", _("Nobody asked for this.")
    NOTHING_LEFT = "nothing_left", _("Nothing is left on this gift.")
    HELD = "held", _("This gift is held for a dispute, which has to end first.")
    TWO_PEOPLE = (
        "two_people",
        _("This is above your limit: ask for it, and a second person decides."),
    )
    SAME_PERSON = "same_person", _("You asked for this, so somebody else has to decide.")
    NOT_A_SECOND = (
        "not_a_second",
        _(
            "One of you was given a PIN by the other, or both by one manager. The owner can decide in"
            " the studio, or give them a PIN of their own."
        ),
    )
    ALREADY_ASKED = "already_asked", _("Somebody has asked for this already.")
    ALREADY_DECIDED = "already_decided", _("This was decided already.")
    NOT_A_MANAGER = "not_a_manager", _("Only a manager can do this.")
    NO_REASON = "no_reason", _("Say why, in a few words.")


class VoidRefused(Refused[VoidRefusal]):
    pass


def void(
    *,
    code_id: UUID,
    actor: Actor,
    reason: str,
    now: datetime | None = None,
    device: Device | None = None,
) -> Code:
    """Cancel a gift with no more on it than the brand's limit. Expects the brand's scope.

    Raises VoidRefused; TWO_PEOPLE above the limit.
    """
    now = now or timezone.now()
    _check_who_and_why(actor, reason)
    with transaction.atomic():
        code = _locked(code_id)
        if code.balance > code.brand.void_limit:
            raise VoidRefused(VoidRefusal.TWO_PEOPLE)
        _void(code, actor, {"reason": reason}, now, device)
    return code


def ask(
    *,
    code_id: UUID,
    actor: Actor,
    reason: str,
    now: datetime | None = None,
    device: Device | None = None,
) -> VoidRequest:
    """Ask a second person to cancel a gift. It stays good until they do. Expects the brand's scope.

    Raises VoidRefused.
    """
    now = now or timezone.now()
    _check_who_and_why(actor, reason)
    with transaction.atomic():
        code = _locked(code_id)
        try:
            with transaction.atomic():
                request = VoidRequest.objects.create(
                    brand=code.brand,
                    code=code,
                    store=device.store if device else None,
                    reason=reason,
                    requested_by=_id(actor),
                    requested_by_name=actor.name,
                    requested_at=now,
                )
        except IntegrityError:
            raise VoidRefused(VoidRefusal.ALREADY_ASKED) from None
        details = {"request": str(request.pk), "reason": reason}
        _record(Act.VOID_REQUESTED, code, actor, details, now, device)
    return request


def open_requests() -> "models.QuerySet[VoidRequest]":
    """What waits for a second person, the oldest first, with gift and store. Expects the brand's scope."""
    waiting = VoidRequest.objects.filter(decision="").select_related("code", "store")
    return waiting.order_by("requested_at", "pk")


def approve(
    *,
    request_id: UUID,
    actor: Actor,
    note: str = "",
    now: datetime | None = None,
    device: Device | None = None,
) -> VoidRequest:
    """Cancel what somebody else asked to have cancelled. Expects the brand's scope.

    Raises VoidRefused; the request stays open then.
    """
    now = now or timezone.now()
    with transaction.atomic():
        request = _decide(request_id, Decision.APPROVED, actor, note, now)
        code = _locked(request.code_id)
        details = {"reason": request.reason, **_told(request)}
        _void(code, actor, details, now, device)
        request.code = code
    return request


def decline(
    *,
    request_id: UUID,
    actor: Actor,
    note: str = "",
    now: datetime | None = None,
    device: Device | None = None,
) -> VoidRequest:
    """The gift stays good. Expects the brand's scope. Raises VoidRefused."""
    now = now or timezone.now()
    with transaction.atomic():
        request = _decide(request_id, Decision.DECLINED, actor, note, now)
        details = _told(request)
        _record(Act.VOID_DECLINED, request.code, actor, details, now, device)
    return request


def _told(request: VoidRequest) -> dict[str, str]:
    """What the trail keeps of a decision: who had asked, and what whoever decided said."""
    asked = {
        "request": str(request.pk),
        "asked_by": str(request.requested_by),
        "asked_by_name": request.requested_by_name,
    }
    return {**asked, "note": request.decision_note} if request.decision_note else asked


def _check_who_and_why(actor: Actor, reason: str) -> None:
    if not reason.strip():
        raise VoidRefused(VoidRefusal.NO_REASON)
    if not actor.is_manager():
        raise VoidRefused(VoidRefusal.NOT_A_MANAGER)


def _id(actor: Actor) -> UUID:
    """A manager is somebody: the product itself has no id and decides nothing."""
    if actor.id is None:
        raise VoidRefused(VoidRefusal.NOT_A_MANAGER)
    return actor.id


def _locked(code_id: UUID) -> Code:
    """A code that can be voided: something is left, and no dispute holds it."""
    code = Code.objects.locked().select_related("brand").filter(pk=code_id).first()
    if code is None:
        raise VoidRefused(VoidRefusal.UNKNOWN_CODE)
    if code.balance == 0:
        raise VoidRefused(VoidRefusal.NOTHING_LEFT)
    if hold.held_for_a_case(code):
        raise VoidRefused(VoidRefusal.HELD)
    return code


def _decide(
    request_id: UUID, decision: Decision, actor: Actor, note: str, now: datetime
) -> VoidRequest:
    """Two who decide at once take turns at the code, which is held first as by every other act."""
    if not actor.is_manager():
        raise VoidRefused(VoidRefusal.NOT_A_MANAGER)
    code_id = VoidRequest.objects.filter(pk=request_id).values_list("code", flat=True).first()
    if code_id is None:
        raise VoidRefused(VoidRefusal.UNKNOWN_REQUEST)
    code = Code.objects.locked().select_related("brand").get(pk=code_id)
    request = VoidRequest.objects.get(pk=request_id)
    if request.decision:
        raise VoidRefused(VoidRefusal.ALREADY_DECIDED)
    if request.requested_by == actor.id:
        raise VoidRefused(VoidRefusal.SAME_PERSON)
    if could_be_one(code.brand, request.requested_by, _id(actor)):
        raise VoidRefused(VoidRefusal.NOT_A_SECOND)
    request.code = code
    request.decision, request.decided_at = decision, now
    request.decided_by, request.decided_by_name = actor.id, actor.name
    request.decision_note = note.strip()
    request.save()
    return request


_TAKEN_BACK_BY = {
    Code.Origin.PAID: Account.REFUNDS,
    Code.Origin.PROMOTIONAL: Account.PROMO_EXPENSE,
}


def _void(
    code: Code, actor: Actor, details: Mapping[str, str], now: datetime, device: Device | None
) -> None:
    left = code.void(now)
    hold.release_all([code], actor=actor, reason=details["reason"], now=now)
    post(
        brand=code.brand,
        kind=JournalEntry.Kind.VOID,
        reference=f"code:{code.pk}",
        currency=code.currency,
        legs=[
            Leg(Account.GIFT_LIABILITY, left, code=code),
            Leg(_TAKEN_BACK_BY[Code.Origin(code.origin)], -left),
        ],
        now=now,
    )
    told: dict[str, str | int] = {**details, "amount": left, "currency": code.currency}
    _record(Act.CODE_VOIDED, code, actor, told, now, device)


def _record(
    act: Act,
    code: Code,
    actor: Actor,
    details: Mapping[str, str | int],
    now: datetime,
    device: Device | None,
) -> None:
    log.record(
        brand=code.brand,
        actor=actor,
        act=act,
        subject=f"code:{code.pk}",
        now=now,
        details=dict(details),
        device=device,
    )
