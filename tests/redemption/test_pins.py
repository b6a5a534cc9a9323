from typing import Any

import pytest
from django.contrib.auth.hashers import check_password, make_password

from redemption import pins
from redemption.models import Device, StaffMember
from redemption.till import staff
from tests.cast import PIN


@pytest.mark.parametrize(
    "pin",
    ["0000", "1111", "1234", "12345678", "0123", "7890", "4321", "9876", "1212", "474747", "99999"],
)
def test_rows_and_repeats_are_weak(pin: str) -> None:
    assert pins.is_weak(pin)


@pytest.mark.parametrize("pin", ["2468", "7304", "1357", "1221", "90210", "8142", "1235"])
def test_others_are_not(pin: str) -> None:
    assert not pins.is_weak(pin)


OLD, NEW = {1: bytes(32)}, {2: b"k" * 32, 1: bytes(32)}


def test_without_the_key_no_pin_fits_what_is_kept(cashier: StaffMember) -> None:
    """All of them are tried, as somebody would who has the table alone."""
    every_pin = [f"{number:04}" for number in range(10_000)]
    assert PIN in every_pin
    plain = make_password(PIN)

    assert [pin for pin in [PIN, "0000"] if check_password(pin, plain)] == [PIN], "the control"
    assert [pin for pin in every_pin if check_password(pin, cashier.pin_hash)] == []
    assert cashier.has_pin(PIN)


def test_two_with_the_same_pin_are_not_told_apart_or_together(
    cashier: StaffMember, manager: StaffMember
) -> None:
    assert cashier.pin_hash != manager.pin_hash


def test_a_pin_of_before_there_were_keys_is_kept_under_one_from_the_next_sign_in_on(
    device: Device, cashier: StaffMember, every_brand: None
) -> None:
    StaffMember.objects.filter(pk=cashier.pk).update(pin_kid=None, pin_hash=make_password(PIN))
    with pytest.raises(staff.WrongPin):
        staff.sign_in(staff_id=cashier.pk, device=device, pin="9753")
    cashier.refresh_from_db()
    assert cashier.pin_kid is None
    staff.sign_in(staff_id=cashier.pk, device=device, pin=PIN)
    cashier.refresh_from_db()

    assert cashier.pin_kid == pins.current_kid()
    assert not check_password(PIN, cashier.pin_hash)
    assert staff.sign_in(staff_id=cashier.pk, device=device, pin=PIN) == cashier


def test_keys_are_rolled_while_people_work(
    device: Device, cashier: StaffMember, settings: Any, every_brand: None
) -> None:
    settings.PIN_PEPPERS = OLD
    cashier.set_pin(PIN)
    cashier.save()
    settings.PIN_PEPPERS = NEW
    staff.sign_in(staff_id=cashier.pk, device=device, pin=PIN)
    settings.PIN_PEPPERS = {2: NEW[2]}
    cashier.refresh_from_db()

    assert cashier.pin_kid == 2
    assert staff.sign_in(staff_id=cashier.pk, device=device, pin=PIN) == cashier


def test_whose_key_is_gone_needs_a_new_pin(cashier: StaffMember, settings: Any) -> None:
    settings.PIN_PEPPERS = OLD
    cashier.set_pin(PIN)
    settings.PIN_PEPPERS = {2: NEW[2]}
    assert not cashier.has_pin(PIN)
    cashier.set_pin("9753")

    assert cashier.has_pin("9753")


def test_a_pin_that_was_changed_meanwhile_stays_changed(
    cashier: StaffMember, every_brand: None
) -> None:
    """Sealing anew is slow, and somebody else may set another PIN while it lasts."""
    StaffMember.objects.filter(pk=cashier.pk).update(pin_kid=None, pin_hash=make_password(PIN))
    signing_in = StaffMember.objects.get(pk=cashier.pk)
    cashier.set_pin("9753")
    cashier.save()
    signing_in.seal_pin_anew(PIN)
    cashier.refresh_from_db()

    assert cashier.has_pin("9753")
