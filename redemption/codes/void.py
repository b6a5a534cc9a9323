"""Taking a gift back for good: up to the brand's limit at once, above it by two people.

What was spent stays spent. What was left is no longer owed to the recipient: for a paid gift it waits in
`customer_refunds_payable` until the brand has given it back or decided otherwise, for a promotional one, and
for what was a discount, the expense is taken back.
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from redemption.audit.actors import SYSTEM, Actor
from redemption.audit.log import Act
from redemption.codes import acts, hold
from redemption.codes.acts import ActRefused, Refusal
from redemption.codes.second_person import could_be_one
from redemption.ledger import paid_share
from redemption.ledger.posting import post
from redemption.models import Account, Code, Device, JournalEntry, VoidRequest

Decision = VoidRequest.Decision


class VoidRefusal(models.TextChoices):
    UNKNOWN_REQUEST = "unknown_request", _("Nobody asked for this.")
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


def void(
    *,
    code_id: UUID,
    actor: Actor,
    reason: str,
    now: datetime | None = None,
    device: Device | None = None,
) -> Code:
    """Void a gift with no more on it than the brand's limit. Expects the brand's scope.

    Raises ActRefused; TWO_PEOPLE above the limit.
    """
    now = now or timezone.now()
    with acts.on_code(
        code_id, Act.CODE_VOIDED, actor=actor, reason=reason, now=now, device=device
    ) as (code, told):
        refuse_unless_owed(code)
        if code.balance > code.brand.void_limit:
            raise ActRefused(VoidRefusal.TWO_PEOPLE)
        told.update(_void(code, actor, reason, now))
    return code


def ask(
    *,
    code_id: UUID,
    actor: Actor,
    reason: str,
    now: datetime | None = None,
    device: Device | None = None,
) -> VoidRequest:
    """Ask a second person to void a gift. It stays good until they do. Expects the brand's scope.

    Raises ActRefused.
    """
    now = now or timezone.now()
    with acts.on_code(
        code_id, Act.VOID_REQUESTED, actor=actor, reason=reason, now=now, device=device
    ) as (code, told):
        refuse_unless_owed(code)
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
            raise ActRefused(VoidRefusal.ALREADY_ASKED) from None
        told["request"] = str(request.pk)
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
    """Void what somebody else asked to have voided. Expects the brand's scope.

    Raises ActRefused; the request stays open then.
    """
    now, request = now or timezone.now(), _find(request_id)
    reason = request.reason
    with acts.on_code(
        request.code_id, Act.CODE_VOIDED, actor=actor, reason=reason, now=now, device=device
    ) as (code, told):
        told.update(_decide(request, Decision.APPROVED, code, actor, note, now))
        refuse_unless_owed(code)
        told.update(_void(code, actor, reason, now))
    return request


def decline(
    *,
    request_id: UUID,
    actor: Actor,
    note: str = "",
    now: datetime | None = None,
    device: Device | None = None,
) -> VoidRequest:
    """The gift stays good. Expects the brand's scope. Raises ActRefused."""
    now, request = now or timezone.now(), _find(request_id)
    with acts.on_code(
        request.code_id, Act.VOID_DECLINED, actor=actor, reason=None, now=now, device=device
    ) as (code, told):
        told.update(_decide(request, Decision.DECLINED, code, actor, note, now))
    return request


def take_back(*, code_id: UUID, reason: str, now: datetime) -> None:
    """The product itself takes back what is left of a code that nobody paid for, whatever holds it. Nothing
    happens where nothing is left. Expects the brand's scope and a transaction."""
    code = acts.lock(code_id)
    if code.balance and code.origin == Code.Origin.PROMOTIONAL:
        told = _void(code, SYSTEM, reason, now)
        acts.tell(Act.CODE_VOIDED, code, {"reason": reason, **told}, actor=SYSTEM, now=now)


def refuse_unless_owed(code: Code) -> None:
    """What can be taken back: something is left, and nothing holds it that has to end first. Raises
    ActRefused. The caller holds the lock."""
    if code.balance == 0:
        raise ActRefused(Refusal.NOTHING_LEFT)
    if hold.held_for_a_case(code):
        raise ActRefused(Refusal.HELD)


def _id(actor: Actor) -> UUID:
    """A manager is somebody: the product itself has no id and decides nothing."""
    if actor.id is None:
        raise ActRefused(Refusal.NOT_A_MANAGER)
    return actor.id


def _find(request_id: UUID) -> VoidRequest:
    request = VoidRequest.objects.filter(pk=request_id).first()
    if request is None:
        raise ActRefused(VoidRefusal.UNKNOWN_REQUEST)
    return request


def _decide(
    request: VoidRequest, decision: Decision, code: Code, actor: Actor, note: str, now: datetime
) -> dict[str, str]:
    """What the audit log is to say of it: who had asked, and what whoever decided said.

    Two who decide at once take turns at the code, so the request is read once more here.
    """
    request.refresh_from_db()
    if request.decision:
        raise ActRefused(VoidRefusal.ALREADY_DECIDED)
    if actor.stores is not None and request.store_id not in actor.stores:
        raise ActRefused(VoidRefusal.UNKNOWN_REQUEST)
    if request.requested_by == actor.id:
        raise ActRefused(VoidRefusal.SAME_PERSON)
    if could_be_one(code.brand, request.requested_by, _id(actor)):
        raise ActRefused(VoidRefusal.NOT_A_SECOND)
    request.code = code
    request.decision, request.decided_at = decision, now
    request.decided_by, request.decided_by_name = actor.id, actor.name
    request.decision_note = note.strip()
    request.save()
    told = {
        "request": str(request.pk),
        "asked_by": str(request.requested_by),
        "asked_by_name": request.requested_by_name,
    }
    return {**told, "note": request.decision_note} if request.decision_note else told


_TAKEN_BACK_BY = {
    Code.Origin.PAID: Account.CUSTOMER_REFUNDS_PAYABLE,
    Code.Origin.PROMOTIONAL: Account.PROMO_EXPENSE,
}


def _void(code: Code, actor: Actor, reason: str, now: datetime) -> dict[str, str | int]:
    """What the audit log is to say of it: how much was left."""
    left = code.void(now)
    hold.release_all([code], actor=actor, reason=reason, now=now)
    post(
        brand=code.brand,
        kind=JournalEntry.Kind.VOID,
        reference=f"code:{code.pk}",
        currency=code.currency,
        legs=paid_share.legs(
            code, before=left, after=0, against=_TAKEN_BACK_BY[Code.Origin(code.origin)], names=code
        ),
        now=now,
    )
    return {"amount": left, "currency": code.currency}
