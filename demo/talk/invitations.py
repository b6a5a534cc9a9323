"""Colleagues whom the owners invited: one came in, one waits, one was uninvited, one let it lie."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from brands.models import Brand
from demo.brands import FROSTY_SPOON, PASSWORD, DemoBrand
from demo.replay import Act
from giftshop.accounts.access import actor_of
from giftshop.accounts.models import Invitation, Membership, User
from giftshop.team import invitations


@dataclass(frozen=True)
class Colleague:
    """`days` before the end of the past; `fate`: accepted, waiting, withdrawn or expired."""

    name: str
    box: str
    role: Membership.Role
    days: float
    fate: str


def colleagues(data: DemoBrand) -> tuple[Colleague, ...]:
    role = Membership.Role
    if data is FROSTY_SPOON:
        return (
            Colleague("Delphine Okoye", "delphine", role.FINANCE, 6.5, "accepted"),
            Colleague("Rory Tanaka", "rory", role.MARKETER, 0.6, "waiting"),
            Colleague("Gus Moreau", "gus", role.OWNER, 3.2, "withdrawn"),
            Colleague("Pilar Quist", "pilar", role.MARKETER, 7.05, "expired"),
        )
    return (
        Colleague("Anneke Voss", "anneke", role.FINANCE, 6.4, "accepted"),
        Colleague("Bilal Sönmez", "bilal", role.MARKETER, 0.7, "waiting"),
        Colleague("Henk Brandt", "henk", role.MARKETER, 2.8, "withdrawn"),
        Colleague("Liv Petersen", "liv", role.FINANCE, 7.1, "expired"),
    )


def acts(data: DemoBrand, brand: Brand, *, ended: datetime) -> Iterator[Act]:
    """Expects the brand's scope. Each knows that it was done."""
    owner = User.objects.owning(brand)[0]
    for one in colleagues(data):
        email = f"{one.box}@{data.slug}.example"
        at = ended - timedelta(days=one.days)
        yield Act(at, partial(_invite, brand, one, email, owner, at))
        if one.fate in ("accepted", "withdrawn"):
            later = at + timedelta(hours=9)
            yield Act(later, partial(_end, one, email, owner, later))


def _invite(brand: Brand, one: Colleague, email: str, owner: User, at: datetime) -> None:
    if not Invitation.objects.filter(brand=brand, email=email).exists():
        invitations.invite_member(brand=brand, email=email, role=one.role, by=owner, now=at)


def _end(one: Colleague, email: str, owner: User, at: datetime) -> None:
    invited = Invitation.objects.filter(email=email, accepted_at=None, withdrawn_at=None).first()
    if invited is None:
        return
    if one.fate == "withdrawn":
        invitations.withdraw(invited, by=actor_of(owner), now=at)
    else:
        invitations.accept_as_new(token=invited.token(), name=one.name, password=PASSWORD, now=at)
