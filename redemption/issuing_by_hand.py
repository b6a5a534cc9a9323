"""A manager makes up for something: a gift out of hand, small, named, and redeemed by somebody else."""

from datetime import datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from redemption import auditing
from redemption.actors import Actor
from redemption.auditing import Act
from redemption.ids import uuid7
from redemption.issuing import CodeSpec, issue
from redemption.models import Brand, Code, Device, StaffMember
from redemption.reasons import Refused


class ByHandRefusal(models.TextChoices):
    NOT_A_MANAGER = "not_a_manager", _("Only a manager can do this.")
    TOO_MUCH = "too_much", _("This is above your limit.")
    NOTHING = "nothing", _("Nothing is not an amount.")
    NO_REASON = "no_reason", _("Say why, in a few words.")


class ByHandRefused(Refused[ByHandRefusal]):
    pass


def issue_by_hand(
    *,
    brand: Brand,
    staff: StaffMember,
    amount: int,
    label: str,
    reason: str,
    bearer_name: str = "",
    now: datetime | None = None,
    device: Device | None = None,
) -> Code:
    """A promotional code worth `amount`, minor units, at most the brand's limit for one person.

    No till takes it while whoever issued it stands there (`Code.issued_by`). Expects the brand's scope.
    Raises ByHandRefused.
    """
    now = now or timezone.now()
    actor = Actor.staff(staff)
    if not actor.is_manager():
        raise ByHandRefused(ByHandRefusal.NOT_A_MANAGER)
    if not reason.strip():
        raise ByHandRefused(ByHandRefusal.NO_REASON)
    if amount <= 0:
        raise ByHandRefused(ByHandRefusal.NOTHING)
    if amount > brand.void_limit:
        raise ByHandRefused(ByHandRefusal.TOO_MUCH)
    spec = CodeSpec(
        reference=f"hand:{uuid7()}",
        label=label,
        amount=amount,
        kind=Code.Kind.VALUE,
        bearer_name=bearer_name,
        issued_by=staff.pk,
    )
    with transaction.atomic():
        code = issue(
            brand=brand,
            reference=spec.reference,
            origin=Code.Origin.PROMOTIONAL,
            specs=[spec],
            now=now,
        )[0]
        auditing.record(
            brand=brand,
            actor=actor,
            act=Act.CODE_ISSUED,
            subject=f"code:{code.pk}",
            now=now,
            details={"reason": reason, "amount": amount, "currency": brand.currency},
            device=device,
        )
    return code
