"""Wrong PINs: a pause for one person at one device, never a lock that somebody else can pull."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope, scopes_disabled

from brands.models import Store
from redemption.audit.actors import SYSTEM, Actor
from redemption.models import Alarm, AuditEntry, Device, StaffMember, WrongTries
from redemption.till import devices, pin_tries, staff, unblock
from redemption.till.pin_tries import (
    ALARM,
    PAUSE_MAX,
    PAUSE_MIN,
    PER_DEVICE,
    PER_PERSON,
    PinPaused,
)
from redemption.till.staff import WrongPin
from tests.cast import PIN, make_staff

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def sign_in(device: Device, member: StaffMember, pin: str, now: datetime = NOW) -> StaffMember:
    with scope(brand=device.brand):
        return staff.sign_in(staff_id=member.pk, device=device, pin=pin, now=now)


def fail(device: Device, member: StaffMember, now: datetime = NOW) -> datetime | int:
    """One wrong PIN: when the pause after it ends, or how many tries are left before one."""
    try:
        sign_in(device, member, "0000", now)
    except PinPaused as paused:
        return paused.until
    except WrongPin as wrong:
        return wrong.tries_left
    raise AssertionError("the PIN was right")


def acts() -> list[str]:
    with scopes_disabled():
        return list(AuditEntry.objects.order_by("number").values_list("act", flat=True))


class TestAPerson:
    def test_the_fifth_wrong_pin_is_followed_by_a_pause_also_for_the_right_one(
        self, device: Device, cashier: StaffMember
    ) -> None:
        told = [fail(device, cashier) for _ in range(PER_PERSON)]
        assert told == [4, 3, 2, 1, NOW + PAUSE_MIN]
        with pytest.raises(PinPaused):
            sign_in(device, cashier, PIN, NOW + PAUSE_MIN - SECOND)
        assert sign_in(device, cashier, PIN, NOW + PAUSE_MIN) == cashier

    def test_the_pause_doubles_up_to_a_quarter_of_an_hour_and_is_never_for_good(
        self, device: Device, cashier: StaffMember
    ) -> None:
        now, pauses = NOW, []
        for _ in range(PER_PERSON + 8):
            until = fail(device, cashier, now)
            if isinstance(until, datetime):
                pauses.append((until - now).total_seconds())
                now = until
        assert pauses[:5] == [30, 60, 120, 240, 480]
        assert set(pauses[5:]) == {PAUSE_MAX.total_seconds()}
        assert sign_in(device, cashier, PIN, now) == cashier
        assert fail(device, cashier, now) == PER_PERSON - 1, "a right PIN begins anew"

    def test_tries_in_a_pause_make_it_no_longer(self, device: Device, cashier: StaffMember) -> None:
        for _ in range(PER_PERSON):
            fail(device, cashier)
        for second in range(20):
            assert fail(device, cashier, NOW + second * SECOND) == NOW + PAUSE_MIN

    def test_nobody_else_and_no_other_device_is_meant(
        self, device: Device, cashier: StaffMember, manager: StaffMember, store: Store
    ) -> None:
        other = devices.pair_directly(store=store, name="Second tablet").device
        for _ in range(PER_PERSON):
            fail(device, cashier)
        assert sign_in(device, manager, PIN) == manager
        assert sign_in(other, cashier, PIN) == cashier
        with pytest.raises(PinPaused):  # right elsewhere is not right here
            sign_in(device, cashier, PIN)

    def test_somebody_unknown_is_counted_and_told_alike(
        self, device_b: Device, cashier: StaffMember, store_b: Store
    ) -> None:
        theo = make_staff(store_b, "Theo")
        told = [fail(device_b, member) for member in (theo, cashier) for _ in range(6)]
        assert told[:6] == told[6:]

    def test_it_is_forgotten_after_a_day(self, device: Device, cashier: StaffMember) -> None:
        for _ in range(PER_PERSON - 1):
            fail(device, cashier)
        assert fail(device, cashier, NOW + timedelta(hours=25)) == PER_PERSON - 1

    def test_a_new_pin_and_a_managers_word_end_a_pause_everywhere(
        self, device: Device, cashier: StaffMember, manager: StaffMember
    ) -> None:
        for end in (
            lambda: staff.unlock(member=cashier, actor=Actor.staff(manager)),
            lambda: staff.reset_pin(member=cashier, pin=PIN, actor=SYSTEM),
        ):
            for _ in range(PER_PERSON):
                fail(device, cashier)
            with scope(brand=device.brand):
                assert pin_tries.paused([cashier.pk, manager.pk], now=NOW) == {
                    cashier.pk: NOW + PAUSE_MIN
                }
                end()
                assert pin_tries.paused([cashier.pk], now=NOW) == {}
            assert sign_in(device, cashier, PIN) == cashier


class TestADevice:
    @pytest.fixture
    def crew(self, store: Store) -> list[StaffMember]:
        return [make_staff(store, f"Person {number}") for number in range(7)]

    def tire(self, device: Device, crew: list[StaffMember]) -> None:
        for number in range(PER_DEVICE):
            fail(device, crew[number % len(crew)])

    def test_wrong_pins_over_many_names_pause_the_device_and_no_other(
        self, device: Device, crew: list[StaffMember], store: Store
    ) -> None:
        other = devices.pair_directly(store=store, name="Second tablet").device
        self.tire(device, crew)
        with pytest.raises(PinPaused) as paused:
            sign_in(device, crew[-1], PIN)
        assert paused.value.seconds == 30
        assert sign_in(other, crew[-1], PIN) == crew[-1]
        assert sign_in(device, crew[-1], PIN, NOW + PAUSE_MIN) == crew[-1]

    def test_what_is_refused_in_a_pause_counts_for_nobody(
        self, device: Device, crew: list[StaffMember]
    ) -> None:
        self.tire(device, crew)
        before = list(WrongTries.objects.order_by("key").values_list("key", "count"))
        for member in crew:
            fail(device, member)
        assert list(WrongTries.objects.order_by("key").values_list("key", "count")) == before

    def test_right_pins_between_wrong_ones_buy_no_more_of_them(
        self, device: Device, crew: list[StaffMember]
    ) -> None:
        insider, *others = crew
        wrong = 0
        for member in others * 4:
            sign_in(device, insider, PIN)
            try:
                sign_in(device, member, "0000")
            except WrongPin:
                wrong += 1
            except PinPaused:
                break
        assert wrong == PER_DEVICE - 1

    def test_a_manager_elsewhere_lets_it_go_on(
        self, device: Device, crew: list[StaffMember], manager: StaffMember
    ) -> None:
        self.tire(device, crew)
        with scope(brand=device.brand):
            assert pin_tries.device_paused_until(device, now=NOW) == NOW + PAUSE_MIN
            unblock.unblock(device=device, actor=Actor.staff(manager), now=NOW)
        assert sign_in(device, crew[-1], PIN) == crew[-1]

    def test_the_audit_log_and_the_owner_are_told_once(
        self, device: Device, crew: list[StaffMember]
    ) -> None:
        self.tire(device, crew)
        later = NOW + PAUSE_MIN
        fail(device, crew[0], later)
        assert acts().count("device.pins_paused") == 1
        with scopes_disabled():
            alarm = Alarm.objects.get()
        assert (alarm.kind, alarm.device, alarm.count) == ("wrong_pins", device, PER_DEVICE)


def test_one_name_tried_on_and_on_is_an_alarm_too(device: Device, cashier: StaffMember) -> None:
    now = NOW
    for _ in range(ALARM + 2):
        until = fail(device, cashier, now)
        now = until if isinstance(until, datetime) else now
    with scopes_disabled():
        alarm = Alarm.objects.get()
    assert (alarm.device, alarm.count, alarm.brand) == (device, ALARM, device.brand)
    assert acts() == ["staff.locked"]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    MANY = 12

    def test_tries_in_parallel_are_no_more_than_tries_in_turn(
        self, device: Device, cashier: StaffMember, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert self.hashed(device, cashier, monkeypatch) == PER_PERSON

    def test_the_control_that_counts_after_hashing_lets_more_through(
        self, device: Device, cashier: StaffMember, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        together = threading.Barrier(self.MANY)

        def looked_first(**asked: Any) -> pin_tries.Try:
            """As who reads the count, hashes, and counts then: all read before anybody counts."""
            together.wait()
            return pin_tries.Try(
                asked["device"],
                asked["staff_id"],
                asked["now"],
                *[pin_tries.Counted(1, None, NOW)] * 2,
            )

        monkeypatch.setattr(pin_tries, "take", looked_first)
        assert self.hashed(device, cashier, monkeypatch) == self.MANY > PER_PERSON

    def hashed(self, device: Device, member: StaffMember, monkeypatch: pytest.MonkeyPatch) -> int:
        """How many of so many wrong PINs at once were looked at."""
        looked_at: list[str] = []

        def looks(self: StaffMember, pin: str) -> bool:
            looked_at.append(pin)
            return False

        monkeypatch.setattr(StaffMember, "has_pin", looks)
        ready = threading.Barrier(self.MANY)

        def guess() -> None:
            try:
                ready.wait()
                sign_in(device, member, "0000")
            except (WrongPin, PinPaused):
                pass
            finally:
                connection.close()

        threads = [threading.Thread(target=guess) for _ in range(self.MANY)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return len(looked_at)


def test_a_try_costs_few_statements(
    device: Device, cashier: StaffMember, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        fail(device, cashier)
