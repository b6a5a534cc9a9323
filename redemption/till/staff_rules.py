"""What stands in the way of an act on staff: whose word counts, and what a store can't be without."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.refused import Refused
from redemption import pins
from redemption.audit.actors import Actor
from redemption.codes import acts
from redemption.models import StaffMember


class StaffRefusal(TextChoices):
    WEAK_PIN = (
        "weak_pin",
        _("That PIN is easy to guess. Avoid rows like 1234 and repeats like 1111."),
    )
    LAST_MANAGER = (
        "last_manager",
        _("A store needs a manager, and this is the last one. Make somebody else a manager first."),
    )
    ONESELF = "oneself", _("You can't do this to yourself. Another manager or the owner can.")
    NOT_A_MANAGER = acts.Refusal.NOT_A_MANAGER.value, acts.Refusal.NOT_A_MANAGER.label
    OTHER_STORES = (
        "other_stores",
        _("They work at a store that isn't yours. The owner can change this in the studio."),
    )
    SAME_PIN = "same_pin", _("That is the PIN you were given. Choose one that only you know.")
    PIN_CHANGED = "pin_changed", _("Your PIN was changed in the meantime. Sign in again.")
    NO_STORE = "no_store", _("Choose at least one store.")


class StaffRefused(Refused[StaffRefusal]):
    pass


def refuse_weak(pin: str) -> None:
    if pins.is_weak(pin):
        raise StaffRefused(StaffRefusal.WEAK_PIN)


def refuse_oneself(member: StaffMember, actor: Actor) -> None:
    if actor.kind == "staff" and actor.id == member.pk:
        raise StaffRefused(StaffRefusal.ONESELF)


def refuse_elsewhere(actor: Actor, stores: set[UUID], *, in_part: bool = False) -> None:
    """A manager's word counts at their own stores, at the till as in the studio. PINs and roles are the
    same at all of somebody's stores, so every one of them has to be the manager's; to let somebody try
    again, any is enough."""
    theirs = _stores_of(actor)
    if theirs is None:
        return
    if not (stores & theirs if in_part else stores <= theirs):
        raise StaffRefused(StaffRefusal.OTHER_STORES)


def _stores_of(actor: Actor) -> AbstractSet[UUID] | None:
    """None: everywhere. Raises StaffRefused for staff who manage nothing."""
    if actor.kind != "staff" or actor.id is None:
        return actor.stores
    acting = StaffMember.objects.filter(pk=actor.id, is_active=True).first()
    if acting is None or acting.role != StaffMember.Role.MANAGER:
        raise StaffRefused(StaffRefusal.NOT_A_MANAGER)
    return ids_of_stores(acting)


def refuse_last_manager(member: StaffMember, left: Iterable[UUID]) -> None:
    """No store of those is left without a manager who is active. Expects the rows to be held."""
    if member.role != StaffMember.Role.MANAGER or not member.is_active:
        return
    others = StaffMember.objects.filter(role=StaffMember.Role.MANAGER, is_active=True).exclude(
        pk=member.pk
    )
    managed = set(others.filter(stores__in=set(left)).values_list("stores", flat=True))
    if set(left) - managed:
        raise StaffRefused(StaffRefusal.LAST_MANAGER)


def ids_of_stores(member: StaffMember) -> set[UUID]:
    through = StaffMember.stores.through.objects.filter(staffmember_id=member.pk)
    return set(through.values_list("store_id", flat=True))
