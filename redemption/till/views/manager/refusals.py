"""A refused attempt, in words for the manager who reads the list."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from redemption.models import RefusedAttempt
from redemption.redeem.reasons import Reason
from redemption.redeem.reverse import ReversalRefusal


@dataclass(frozen=True)
class Refusal:
    at: datetime
    act: str
    reason: str
    gift: str
    """What was on the code, where it is known; empty for a code that is nobody's."""
    code_id: UUID | None
    last4: str
    device: str
    staff: str


def told(attempt: RefusedAttempt) -> Refusal:
    """Of a code never more than its last four symbols. Expects its code, device and staff."""
    return Refusal(
        at=attempt.attempted_at,
        act=str(RefusedAttempt.Act(attempt.act).label),
        reason=words(attempt.reason),
        gift=attempt.code.label if attempt.code else "",
        code_id=attempt.code_id,
        last4=attempt.code.last4 if attempt.code else "",
        device=attempt.device.name,
        staff=attempt.staff.name if attempt.staff else "",
    )


def words(reason: str) -> str:
    """A stored reason as people read it."""
    for known in (Reason, ReversalRefusal):
        if reason in known.values:
            return str(known(reason).label)
    return _("Refused")
