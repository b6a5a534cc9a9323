"""Two people are two only when nobody could be both.

Whoever gives somebody a PIN can sign in with it, so they could act as that person; and so could whoever
gave a PIN to them. `StaffMember.pin_known_to` keeps who that is. An act that takes a second person takes
one whom none of those behind the first could be.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django_scopes import scope

from brands.models import Brand
from redemption.models import StaffMember


def could_be_one(brand: Brand | UUID, first: UUID, second: UUID) -> bool:
    """Whether one and the same person could stand behind both: staff members or users, by id. 1 query."""
    behind = _behind(brand, {first, second})
    return not behind[first].isdisjoint(behind[second])


def seconds_to(brand: Brand, first: UUID, people: Sequence[StaffMember]) -> list[StaffMember]:
    """Those of the people who are somebody else than the first, for certain. 1 query."""
    behind = _behind(brand, {first, *(person.pk for person in people)})
    return [person for person in people if behind[first].isdisjoint(behind[person.pk])]


def _behind(brand: Brand | UUID, ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Each of them with everybody who could act in their name."""
    behind = {person: {person} for person in ids}
    with scope(brand=brand):
        known = StaffMember.objects.filter(pk__in=behind).values_list("pk", "pin_known_to")
        for person, others in known:
            behind[person].update(others)
    return behind
