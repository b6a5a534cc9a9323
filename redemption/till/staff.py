"""The people behind the counter: who is added, changed and let go, and how each signs in.

Every act names who did it and leaves an entry in the audit log, in one transaction. A manager acts on people
of their own stores only; what an owner may do is decided by the studio.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from brands.models import Brand, Store
from core.forms.version import check_version
from redemption.audit import log
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.models import Device, StaffMember
from redemption.till import pin_tries
from redemption.till.pin_tries import PinPaused
from redemption.till.staff_rules import (
    StaffRefusal,
    StaffRefused,
    ids_of_stores,
    refuse_elsewhere,
    refuse_last_manager,
    refuse_oneself,
    refuse_weak,
)

ALIKE_MAX = 5
"""People of one name whose PIN is looked at: each costs a fifth of a second."""


class WrongPin(Exception):
    def __init__(self, tries_left: int) -> None:
        super().__init__(tries_left)
        self.tries_left = tries_left


class TemporaryPin(Exception):
    """Right, but somebody else gave it: the person chooses their own before they act."""


def sign_in(
    *, staff_id: UUID, device: Device, pin: str, now: datetime | None = None
) -> StaffMember:
    """The staff member whose PIN it is. Expects the brand's scope, and no transaction.

    The one rule for every page that takes a PIN (pin_tries.py). Raises WrongPin or PinPaused, also for
    somebody who does not work at this store: no difference shows.
    """
    now = now or timezone.now()
    taken = pin_tries.take(device=device, staff_id=staff_id, now=now)
    member = StaffMember.objects.at(device.store).filter(pk=staff_id).first()
    if _is_right(member, pin):
        assert member is not None  # nosec B101  # it has a PIN
        with transaction.atomic():
            pin_tries.give_back(taken)
            _record(Act.STAFF_SIGNED_IN, member, Actor.staff(member), now, device)
        member.seal_pin_anew(pin)
        return member
    pin_tries.note_wrong(taken, member)
    if taken.paused_until:
        raise PinPaused(taken.paused_until, now)
    raise WrongPin(tries_left=taken.left)


def _is_right(member: StaffMember | None, pin: str) -> bool:
    """Nobody costs as much hashing as somebody."""
    if member is None:
        StaffMember().set_pin(pin)
        return False
    return member.has_pin(pin)


def sign_for(*, staff_id: UUID, device: Device, pin: str, now: datetime | None = None) -> Actor:
    """The person whose PIN it is, for one act at somebody else's side. Expects the brand's scope.

    Raises as sign_in does, and TemporaryPin.
    """
    member = sign_in(staff_id=staff_id, device=device, pin=pin, now=now)
    if member.pin_is_temporary:
        raise TemporaryPin
    return Actor.staff(member)


def add(
    *,
    brand: Brand,
    stores: Sequence[Store],
    name: str,
    role: str,
    pin: str,
    actor: Actor,
    now: datetime | None = None,
    device: Device | None = None,
) -> StaffMember:
    """Somebody new at these stores, or the one of whom all this is said already and who has not come yet:
    it was sent twice. Expects the brand's scope. Raises StaffRefused."""
    refuse_weak(pin)
    if not stores:
        raise StaffRefused(StaffRefusal.NO_STORE)
    member = StaffMember(brand=brand, name=name, role=role)
    member.set_pin(pin)
    member.pin_is_temporary = True
    with transaction.atomic():
        refuse_elsewhere(actor, {store.pk for store in stores})
        Brand.objects.select_for_update(no_key=True).get(pk=brand.pk)  # two sent at once take turns
        if twin := _just_so(member, stores, pin):
            return twin
        member.pin_known_to = _knowing(member, actor)
        member.save()
        member.stores.set(stores)
        details = {"name": name, "role": role, "stores": sorted(store.slug for store in stores)}
        _record(Act.STAFF_ADDED, member, actor, now, device, **details)
    return member


def _just_so(member: StaffMember, stores: Sequence[Store], pin: str) -> StaffMember | None:
    alike = StaffMember.objects.filter(
        name=member.name, role=member.role, is_active=True, pin_is_temporary=True
    )
    wanted = {store.pk for store in stores}
    for other in alike.prefetch_related("stores")[:ALIKE_MAX]:
        if {store.pk for store in other.stores.all()} == wanted and other.has_pin(pin):
            return other
    return None


def reset_pin(
    *,
    member: StaffMember,
    pin: str,
    actor: Actor,
    vouched: bool = False,
    now: datetime | None = None,
    device: Device | None = None,
) -> None:
    """A new PIN, which ends any pause and every session made with the old one. Raises StaffRefused.

    Given by somebody else, it only lets its owner choose their own. `vouched`: an owner hands it over
    and says who this is, so that nobody who gave them a PIN before could be they.
    """
    refuse_weak(pin)
    with transaction.atomic():
        member = _locked(member, actor)
        member.set_pin(pin)
        member.pin_is_temporary = actor.id != member.pk
        member.pin_known_to = [] if vouched else _knowing(member, actor)
        member.save()
        pin_tries.forget_person(member.pk)
        said = {"vouched": True} if vouched else {}
        _record(Act.STAFF_PIN_RESET, member, actor, now, device, **said)


def choose_pin(
    *, member: StaffMember, pin: str, device: Device, now: datetime | None = None
) -> StaffMember:
    """A PIN of their own, by whoever signed in with one that was given to them. Raises StaffRefused.

    Who could be they before still could: only an owner's word ends that (reset_pin).
    """
    refuse_weak(pin)
    with transaction.atomic():
        people = StaffMember.objects.select_related("brand").filter(pk=member.pk, is_active=True)
        held = people.select_for_update(of=("self",), no_key=True).first()
        if held is None or held.session_epoch != member.session_epoch:
            raise StaffRefused(StaffRefusal.PIN_CHANGED)
        if held.has_pin(pin):
            raise StaffRefused(StaffRefusal.SAME_PIN)
        held.set_pin(pin)
        held.pin_is_temporary = False
        held.save()
        _record(Act.STAFF_PIN_CHOSEN, held, Actor.staff(held), now, device)
    return held


def change_role(
    *,
    member: StaffMember,
    role: str,
    actor: Actor,
    now: datetime | None = None,
    device: Device | None = None,
    seen: str = "",
) -> None:
    """Cashier or manager. Raises StaffRefused; nothing happens when it is the role already. `seen`: the
    version of the role that whoever asks was shown; raises SavedSince where it is another by now."""
    refuse_oneself(member, actor)
    with transaction.atomic():
        member = _locked(member, actor)
        check_version(seen, kept=member.role, wanted=role)
        if member.role == role:
            return
        if role != StaffMember.Role.MANAGER:
            refuse_last_manager(member, ids_of_stores(member))
        before, member.role = member.role, role
        member.save(update_fields=["role"])
        _record(Act.STAFF_CHANGED, member, actor, now, device, role=[before, role])


def change_stores(
    *,
    member: StaffMember,
    stores: Sequence[Store],
    actor: Actor,
    now: datetime | None = None,
    device: Device | None = None,
    seen: str = "",
) -> None:
    """Where somebody works from now on. Raises StaffRefused. `seen`: the version of their stores that
    whoever asks was shown; raises SavedSince where they are others by now."""
    if not stores:
        raise StaffRefused(StaffRefusal.NO_STORE)
    with transaction.atomic():
        member = _locked(member, actor)
        before, after = ids_of_stores(member), {store.pk for store in stores}
        check_version(seen, kept=sorted(before), wanted=sorted(after))
        if before == after:
            return
        refuse_elsewhere(actor, after)
        refuse_last_manager(member, before - after)
        member.stores.set(stores)
        slugs = sorted(store.slug for store in stores)
        _record(Act.STAFF_CHANGED, member, actor, now, device, stores=slugs)


def unlock(
    *,
    member: StaffMember,
    actor: Actor,
    now: datetime | None = None,
    device: Device | None = None,
) -> None:
    """Somebody whose PIN is paused may try again at once, everywhere. Not oneself. Raises StaffRefused."""
    refuse_oneself(member, actor)
    with transaction.atomic():
        member = _locked(member, actor, in_part=True)
        pin_tries.forget_person(member.pk)
        _record(Act.STAFF_UNLOCKED, member, actor, now, device)


def deactivate(
    *,
    member: StaffMember,
    actor: Actor,
    now: datetime | None = None,
    device: Device | None = None,
) -> None:
    """Somebody left: out at their next touch, their past stays. Raises StaffRefused."""
    refuse_oneself(member, actor)
    with transaction.atomic():
        member = _locked(member, actor)
        if not member.is_active:
            return
        refuse_last_manager(member, ids_of_stores(member))
        member.is_active = False
        member.end_sessions()
        member.save(update_fields=["is_active", "session_epoch"])
        _record(Act.STAFF_DEACTIVATED, member, actor, now, device)


def reactivate(
    *,
    member: StaffMember,
    actor: Actor,
    now: datetime | None = None,
    device: Device | None = None,
) -> None:
    """Somebody came back, with the role and the PIN they had. Raises StaffRefused."""
    refuse_oneself(member, actor)
    with transaction.atomic():
        member = _locked(member, actor)
        if member.is_active:
            return
        member.is_active = True
        member.end_sessions()
        member.save(update_fields=["is_active", "session_epoch"])
        _record(Act.STAFF_CHANGED, member, actor, now, device, active=True)


def _knowing(member: StaffMember, actor: Actor) -> list[UUID]:
    """Who could sign in as this person, now that the actor gave them a PIN: those who could before, the
    manager who did it, and whoever could be that manager. An owner vouches for people and isn't one; a
    store's manager in the studio may work at its counter as well."""
    known = set(member.pin_known_to)
    if actor.kind == "staff" and actor.id and actor.id != member.pk:
        giver = StaffMember.objects.get(pk=actor.id)
        known |= {giver.pk, *giver.pin_known_to}
    if actor.kind == "user" and actor.id and not actor.vouches:
        known.add(actor.id)
    return sorted(known - {member.pk})


def _locked(member: StaffMember, actor: Actor, *, in_part: bool = False) -> StaffMember:
    """The row as it is now, held until commit, if the actor may change it.

    With it the managers of its stores, always in the same order: two who demote each other at once take
    turns, and the second finds what the first did. `in_part`: one store in common is enough.
    """
    stores = ids_of_stores(member)
    managers = StaffMember.objects.filter(stores__in=stores, role=StaffMember.Role.MANAGER)
    wanted = {member.pk, *managers.values_list("pk", flat=True)}
    rows = StaffMember.objects.filter(pk__in=wanted).select_related("brand").order_by("pk")
    held = {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}
    refuse_elsewhere(actor, stores, in_part=in_part)
    return held[member.pk]


def _record(
    act: Act,
    member: StaffMember,
    actor: Actor,
    now: datetime | None,
    device: Device | None,
    **details: object,
) -> None:
    log.record(
        brand=member.brand,
        actor=actor,
        act=act,
        subject=f"staff:{member.pk}",
        now=now or timezone.now(),
        details={"name": member.name, **details},
        device=device,
    )
