"""Staff sign in at a tablet with their PIN. Five wrong ones lock it until a manager unlocks."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from redemption.models import Device, StaffMember
from redemption.models.staff import WRONG_PINS_MAX


class WrongPin(Exception):
    def __init__(self, tries_left: int) -> None:
        super().__init__(tries_left)
        self.tries_left = tries_left


class StaffLocked(Exception):
    """Too many wrong PINs. Also for somebody who does not work at this store: no difference shows."""


def sign_in(
    *, staff_id: UUID, device: Device, pin: str, now: datetime | None = None
) -> StaffMember:
    """The staff member whose PIN it is. Expects the brand's scope.

    Raises WrongPin or StaffLocked. The count is committed before it raises, and the row is locked,
    so that tries in parallel count as well.
    """
    now = now or timezone.now()
    with transaction.atomic():
        member = (
            StaffMember.objects.filter(pk=staff_id, stores=device.store, is_active=True)
            .select_for_update(of=("self",), no_key=True)
            .first()
        )
        if member is None or member.locked_at:
            raise StaffLocked
        right = member.has_pin(pin)
        if right:
            member.wrong_pins = 0
        else:
            member.note_wrong_pin(now)
        member.save(update_fields=["wrong_pins", "locked_at"])
    if right:
        return member
    if member.locked_at:
        raise StaffLocked
    raise WrongPin(tries_left=WRONG_PINS_MAX - member.wrong_pins)


def unlock(*, member: StaffMember, by: StaffMember) -> None:
    """A manager of the same brand lets somebody try again. Raises PermissionError for others."""
    if by.role != StaffMember.Role.MANAGER or by.brand_id != member.brand_id or by == member:
        raise PermissionError("Only another manager can unlock.")
    member.wrong_pins, member.locked_at = 0, None
    member.save(update_fields=["wrong_pins", "locked_at"])
