"""Who did it: the person behind the counter, a member of the brand, whoever runs the installation, or the
product itself."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from redemption.models import Device, StaffMember


@dataclass(frozen=True)
class Actor:
    """`id`: of the staff member or user; None for the product itself. `operator`: a user who helps a brand
    and is none of its people. `vouches`: a user who says of staff
    who they are, and is none of them; a PIN from any other user is known to that user. `stores`: where a
    user's word counts, None for everywhere; of staff their rows say it."""

    kind: Literal["staff", "user", "operator", "system"]
    id: UUID | None
    name: str
    vouches: bool = True
    stores: frozenset[UUID] | None = None

    @classmethod
    def staff(cls, member: StaffMember) -> "Actor":
        return cls("staff", member.pk, member.name)

    @classmethod
    def at(cls, device: Device, member: StaffMember | None) -> "Actor":
        """Whoever signed in at the device, or the device itself where nobody did."""
        return cls.staff(member) if member else cls("system", None, device.name)

    def is_manager(self) -> bool:
        """A manager who still works here, or a user: whose role the studio or the support page has looked at.

        Asked anew for each act, so that somebody who was let go decides nothing any more. 1 query for
        staff. Expects the brand's scope.
        """
        if self.kind != "staff" or self.id is None:
            return self.kind in {"user", "operator"} and self.id is not None
        managers = StaffMember.objects.filter(role=StaffMember.Role.MANAGER, is_active=True)
        return managers.filter(pk=self.id).exists()


SYSTEM = Actor("system", None, "Giftshop")
