"""Who did it: the person behind the counter, a member of the brand, or the product itself."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from redemption.models import StaffMember


@dataclass(frozen=True)
class Actor:
    """`id`: of the staff member or user; None for the product itself."""

    kind: Literal["staff", "user", "system"]
    id: UUID | None
    name: str

    @classmethod
    def staff(cls, member: StaffMember) -> "Actor":
        return cls("staff", member.pk, member.name)


SYSTEM = Actor("system", None, "Giftshop")
