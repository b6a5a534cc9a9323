from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django_scopes import scope

from brands.models import Brand, Store
from redemption.audit.actors import SYSTEM, Actor
from redemption.models import AuditEntry, Device, StaffMember
from redemption.till import staff
from redemption.till.pin_tries import PinPaused
from redemption.till.staff import WrongPin
from redemption.till.staff_rules import StaffRefusal, StaffRefused
from tests.cast import PIN, make_staff
from tests.hashes import hashing_cheaply, is_strong


def sign_in(device: Device, member: StaffMember, pin: str) -> StaffMember:
    with scope(brand=device.brand):
        return staff.sign_in(staff_id=member.pk, device=device, pin=pin)


def test_the_right_pin_signs_in(device: Device, cashier: StaffMember) -> None:
    assert sign_in(device, cashier, PIN) == cashier


def test_pins_are_kept_as_argon2(deployed_hashers: None, cashier: StaffMember) -> None:
    assert is_strong(cashier.pin_hash)
    assert cashier.has_pin(PIN)
    assert not cashier.has_pin("0000")


def test_the_control_of_weak_hashing_is_told_from_it(cashier: StaffMember) -> None:
    """What the other tests' PINs are kept with would not do."""
    assert cashier.pin_hash.startswith("argon2")
    assert not is_strong(cashier.pin_hash)


def test_what_was_kept_as_deployed_and_what_was_not_both_verify(
    cashier: StaffMember, deployed_hashers: None
) -> None:
    assert cashier.has_pin(PIN)
    cashier.set_pin("8142")
    with hashing_cheaply():
        assert cashier.has_pin("8142")
        assert not cashier.has_pin(PIN)


def test_a_manager_ends_a_pause(device: Device, cashier: StaffMember, manager: StaffMember) -> None:
    for _ in range(5):
        with pytest.raises((WrongPin, PinPaused)):
            sign_in(device, cashier, "0000")
    with scope(brand=device.brand):
        staff.unlock(member=cashier, actor=Actor.staff(manager))
    assert sign_in(device, cashier, PIN) == cashier


def test_a_cashier_cannot_unlock(
    in_brand: Brand, cashier: StaffMember, manager: StaffMember
) -> None:
    with refused(StaffRefusal.NOT_A_MANAGER):
        staff.unlock(member=manager, actor=Actor.staff(cashier))
    assert told(in_brand) == []


def test_nobody_signs_in_at_a_store_they_do_not_work_at(
    device_b: Device, cashier: StaffMember
) -> None:
    with pytest.raises(WrongPin):
        sign_in(device_b, cashier, PIN)


class TestWhatManagersDo:
    """Mo is Pike Street's manager, Dana its cashier."""

    def test_somebody_new_signs_in_with_the_pin_they_were_given(
        self, in_brand: Brand, store: Store, manager: StaffMember, device: Device
    ) -> None:
        added = add(in_brand, [store], Actor.staff(manager))

        assert sign_in(device, added, "7304") == added
        assert told(in_brand)[0] == ("staff.added", f"staff:{added.pk}", "Mo")

    def test_the_audit_log_holds_no_pin(self, in_brand: Brand, store: Store) -> None:
        added = add(in_brand, [store], SYSTEM)
        staff.reset_pin(member=added, pin="8142", actor=SYSTEM)

        words = str(list(AuditEntry.objects.values()))
        assert "7304" not in words
        assert "8142" not in words

    @pytest.mark.parametrize("pin", ["1234", "0000", "1111"])
    def test_a_weak_pin_is_refused(
        self, in_brand: Brand, store: Store, cashier: StaffMember, pin: str
    ) -> None:
        with refused(StaffRefusal.WEAK_PIN):
            staff.reset_pin(member=cashier, pin=pin, actor=SYSTEM)
        with refused(StaffRefusal.WEAK_PIN):
            add(in_brand, [store], SYSTEM, pin=pin)
        assert StaffMember.objects.count() == 1

    def test_a_new_pin_ends_a_pause(
        self, in_brand: Brand, device: Device, cashier: StaffMember, manager: StaffMember
    ) -> None:
        lock(device, cashier)
        staff.reset_pin(member=cashier, pin="8142", actor=Actor.staff(manager))

        assert sign_in(device, cashier, "8142") == cashier
        assert [act for act, *_ in told(in_brand)] == [
            "staff.locked",
            "staff.pin_reset",
            "staff.signed_in",
        ]

    def test_a_cashier_becomes_a_manager_and_back(
        self, in_brand: Brand, cashier: StaffMember, manager: StaffMember
    ) -> None:
        for role in ("manager", "cashier", "cashier"):
            staff.change_role(member=cashier, role=role, actor=Actor.staff(manager))
            cashier.refresh_from_db()
            assert cashier.role == role

        assert len(told(in_brand)) == 2, "what is so already is no act"

    def test_whoever_leaves_is_out_and_may_come_back(
        self, in_brand: Brand, device: Device, cashier: StaffMember, manager: StaffMember
    ) -> None:
        staff.deactivate(member=cashier, actor=Actor.staff(manager))
        with pytest.raises(WrongPin):
            sign_in(device, cashier, PIN)
        staff.reactivate(member=cashier, actor=Actor.staff(manager))

        assert sign_in(device, cashier, PIN) == cashier

    def test_nobody_changes_their_own_standing(
        self, in_brand: Brand, store: Store, manager: StaffMember
    ) -> None:
        make_staff(store, "Ada", StaffMember.Role.MANAGER)
        mo = Actor.staff(manager)
        with refused(StaffRefusal.ONESELF):
            staff.deactivate(member=manager, actor=mo)
        with refused(StaffRefusal.ONESELF):
            staff.change_role(member=manager, role="cashier", actor=mo)
        with refused(StaffRefusal.ONESELF):
            staff.unlock(member=manager, actor=mo)
        assert told(in_brand) == []
        manager.refresh_from_db()
        assert (manager.is_active, manager.role) == (True, StaffMember.Role.MANAGER)

    def test_a_store_keeps_its_last_manager(
        self, in_brand: Brand, store: Store, store_b: Store, manager: StaffMember
    ) -> None:
        with refused(StaffRefusal.LAST_MANAGER):
            staff.deactivate(member=manager, actor=SYSTEM)
        with refused(StaffRefusal.LAST_MANAGER):
            staff.change_role(member=manager, role="cashier", actor=SYSTEM)
        with refused(StaffRefusal.LAST_MANAGER):
            staff.change_stores(member=manager, stores=[store_b], actor=SYSTEM)
        assert told(in_brand) == []

        make_staff(store, "Ada", StaffMember.Role.MANAGER)
        staff.deactivate(member=manager, actor=SYSTEM)

    def test_a_manager_who_left_does_not_count_as_one(
        self, in_brand: Brand, store: Store, manager: StaffMember
    ) -> None:
        ada = make_staff(store, "Ada", StaffMember.Role.MANAGER)
        staff.deactivate(member=ada, actor=Actor.staff(manager))

        with refused(StaffRefusal.LAST_MANAGER):
            staff.deactivate(member=manager, actor=SYSTEM)
        manager.refresh_from_db()
        assert manager.is_active

    def test_a_manager_of_another_store_has_no_say(
        self, in_brand: Brand, store: Store, store_b: Store, cashier: StaffMember
    ) -> None:
        theirs = Actor.staff(make_staff(store_b, "Theo", StaffMember.Role.MANAGER))
        acts: list[Callable[[], object]] = [
            lambda: staff.reset_pin(member=cashier, pin="8142", actor=theirs),
            lambda: staff.change_role(member=cashier, role="manager", actor=theirs),
            lambda: staff.deactivate(member=cashier, actor=theirs),
            lambda: staff.unlock(member=cashier, actor=theirs),
            lambda: add(in_brand, [store, store_b], theirs),
        ]
        for act in acts:
            with refused(StaffRefusal.OTHER_STORES):
                act()
        assert told(in_brand) == []

    def test_who_works_at_two_stores_is_changed_by_the_owner_but_helped_by_either_manager(
        self,
        in_brand: Brand,
        store_b: Store,
        device: Device,
        cashier: StaffMember,
        manager: StaffMember,
    ) -> None:
        cashier.stores.add(store_b)
        lock(device, cashier)
        with refused(StaffRefusal.OTHER_STORES):
            staff.reset_pin(member=cashier, pin="8142", actor=Actor.staff(manager))
        staff.unlock(member=cashier, actor=Actor.staff(manager))

        assert sign_in(device, cashier, PIN) == cashier

    def test_somebody_works_somewhere(
        self, in_brand: Brand, store_b: Store, cashier: StaffMember
    ) -> None:
        with refused(StaffRefusal.NO_STORE):
            staff.change_stores(member=cashier, stores=[], actor=SYSTEM)
        staff.change_stores(member=cashier, stores=[store_b], actor=SYSTEM)

        assert list(cashier.stores.all()) == [store_b]


def add(brand: Brand, stores: list[Store], actor: Actor, pin: str = "7304") -> StaffMember:
    return staff.add(brand=brand, stores=stores, name="Priya", role="cashier", pin=pin, actor=actor)


def lock(device: Device, member: StaffMember) -> None:
    for _ in range(5):
        with pytest.raises((WrongPin, PinPaused)):
            sign_in(device, member, "0000")


@contextmanager
def refused(why: StaffRefusal) -> Iterator[None]:
    with pytest.raises(StaffRefused) as caught:
        yield
    assert caught.value.reason == why


def told(brand: Brand) -> list[tuple[str, str, str]]:
    """What the audit log says: act, subject and who, in order."""
    entries = AuditEntry.objects.order_by("number")
    return [(entry.act, entry.subject, entry.actor_name) for entry in entries]
