import pytest
from django_scopes import scope

from redemption import staffing
from redemption.models import Device, StaffMember
from redemption.staffing import StaffLocked, WrongPin
from tests.cast import PIN


def sign_in(device: Device, member: StaffMember, pin: str) -> StaffMember:
    with scope(brand=device.brand):
        return staffing.sign_in(staff_id=member.pk, device=device, pin=pin)


def test_the_right_pin_signs_in(device: Device, cashier: StaffMember) -> None:
    assert sign_in(device, cashier, PIN) == cashier


def test_pins_are_kept_as_argon2(cashier: StaffMember) -> None:
    assert cashier.pin_hash.startswith("argon2")


def test_five_wrong_pins_lock_even_the_right_one_out(device: Device, cashier: StaffMember) -> None:
    for tries_left in (4, 3, 2, 1):
        with pytest.raises(WrongPin) as wrong:
            sign_in(device, cashier, "0000")
        assert wrong.value.tries_left == tries_left
    with pytest.raises(StaffLocked):
        sign_in(device, cashier, "0000")
    with pytest.raises(StaffLocked):
        sign_in(device, cashier, PIN)


def test_a_right_pin_forgives_the_wrong_ones_before(device: Device, cashier: StaffMember) -> None:
    with pytest.raises(WrongPin):
        sign_in(device, cashier, "0000")
    assert sign_in(device, cashier, PIN).wrong_pins == 0


def test_a_manager_unlocks(device: Device, cashier: StaffMember, manager: StaffMember) -> None:
    for _ in range(5):
        with pytest.raises((WrongPin, StaffLocked)):
            sign_in(device, cashier, "0000")
    cashier.refresh_from_db()
    staffing.unlock(member=cashier, by=manager)
    assert sign_in(device, cashier, PIN) == cashier


def test_a_cashier_cannot_unlock(cashier: StaffMember, manager: StaffMember) -> None:
    with pytest.raises(PermissionError):
        staffing.unlock(member=manager, by=cashier)


def test_nobody_signs_in_at_a_store_they_do_not_work_at(
    device_b: Device, cashier: StaffMember
) -> None:
    with pytest.raises(StaffLocked):
        sign_in(device_b, cashier, PIN)
