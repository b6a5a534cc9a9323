"""Whoever tries code after code is stopped, whatever else is down."""

import logging
import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django_scopes import scope, scopes_disabled

from giftshop.outbox.models import Message
from redemption.audit.actors import Actor
from redemption.models import Alarm, AuditEntry, Device, StaffMember, WrongTries
from redemption.redeem import guess_limit
from redemption.redeem.guess_limit import (
    BLOCKED_FOR,
    HELD_FOR,
    TRIES_IN_ALL,
    TRIES_PER_ADDRESS,
    TRIES_PER_BRAND,
    TRIES_PER_DEVICE,
    TRIES_PER_DEVICE_AND_HOUR,
    TRIES_PER_NETWORK,
    WINDOW,
)
from redemption.till import unblock
from redemption.till.staff_rules import StaffRefused

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def no_valkey(settings: Any) -> None:
    """Nothing of this may need it."""
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"


def try_wrong(
    device: Device, times: int, *, address: str = "192.0.2.1", now: datetime = NOW
) -> None:
    for _time in range(times):
        guess_limit.note_wrong_try(
            device_id=device.pk, brand_id=device.brand_id, address=address, now=now
        )


def blocked(device: Device, *, address: str = "198.51.100.9", now: datetime = NOW) -> bool:
    return guess_limit.blocked_until(device_id=device.pk, address=address, now=now) is not None


def alarms() -> list[tuple[UUID | None, int]]:
    with scopes_disabled():
        return list(Alarm.objects.order_by("raised_at").values_list("brand_id", "count"))


class TestDevices:
    def test_ten_wrong_tries_block_a_device(self, device: Device) -> None:
        try_wrong(device, TRIES_PER_DEVICE - 1)
        assert not blocked(device)
        try_wrong(device, 1)
        assert (
            guess_limit.blocked_until(device_id=device.pk, address="", now=NOW) == NOW + BLOCKED_FOR
        )

    def test_the_block_ends_by_itself(self, device: Device) -> None:
        try_wrong(device, TRIES_PER_DEVICE)
        assert blocked(device, now=NOW + BLOCKED_FOR - SECOND)
        assert not blocked(device, now=NOW + BLOCKED_FOR)

    def test_within_the_window_the_next_wrong_try_blocks_again(self, device: Device) -> None:
        try_wrong(device, TRIES_PER_DEVICE)
        later = NOW + BLOCKED_FOR + SECOND
        try_wrong(device, 1, now=later)
        assert blocked(device, now=later)

    def test_slow_mistakes_never_block(self, device: Device) -> None:
        for hour in range(3 * TRIES_PER_DEVICE):
            try_wrong(device, 1, now=NOW + hour * WINDOW)
        assert not blocked(device, now=NOW + 3 * TRIES_PER_DEVICE * WINDOW)

    def test_a_thousand_in_an_hour_hold_it_until_a_manager_comes(
        self, device: Device, manager: StaffMember
    ) -> None:
        for number in range(TRIES_PER_DEVICE_AND_HOUR):
            try_wrong(device, 1, now=NOW + number * SECOND)
        last = NOW + number * SECOND
        until = guess_limit.blocked_until(device_id=device.pk, now=last)
        assert until == last + HELD_FOR
        assert alarms()[-1] == (device.brand_id, TRIES_PER_DEVICE_AND_HOUR)
        with scope(brand=device.brand):
            unblock.unblock(device=device, actor=Actor.staff(manager), now=last)
        assert not blocked(device, now=last)

    def test_a_cashier_lets_no_device_go_on(self, device: Device, cashier: StaffMember) -> None:
        try_wrong(device, TRIES_PER_DEVICE)
        with scope(brand=device.brand), pytest.raises(StaffRefused):
            unblock.unblock(device=device, actor=Actor.staff(cashier), now=NOW)
        assert blocked(device)

    def test_other_devices_go_on(self, device: Device, device_b: Device) -> None:
        try_wrong(device, TRIES_PER_DEVICE)
        assert not blocked(device_b, address="192.0.2.1")

    def test_a_manager_lets_it_go_on_and_that_is_in_the_audit_log(
        self, device: Device, manager: StaffMember
    ) -> None:
        try_wrong(device, TRIES_PER_DEVICE)
        with scope(brand=device.brand):
            unblock.unblock(device=device, actor=Actor.staff(manager), now=NOW)
        assert not blocked(device)
        with scope(brand=device.brand):
            entry = AuditEntry.objects.get()
        assert (entry.act, entry.actor_name) == ("device.unblocked", "Mo")


class TestAddresses:
    def test_what_paired_devices_try_is_nothing_to_their_address(
        self, device: Device, device_b: Device, eves_device: Device
    ) -> None:
        here = "192.0.2.1"
        for one in (device, device_b, eves_device):
            try_wrong(one, TRIES_PER_ADDRESS, address=here)
        assert not guess_limit.blocked_until(device_id=UUID(int=1), address=here, now=NOW)
        assert not guess_limit.blocked_until(device_id=None, address=here, now=NOW)

    @pytest.mark.django_db
    @pytest.mark.parametrize("many", ["198.51.100.{}", "2001:db8:0:{:x}::7"])
    def test_whoever_has_many_addresses_of_one_network_is_counted_as_one(self, many: str) -> None:
        for number in range(TRIES_PER_NETWORK):
            address = many.format(number % 100)
            guess_limit.note_wrong_try(device_id=None, brand_id=None, address=address, now=NOW)
        assert guess_limit.blocked_until(device_id=None, address=many.format(200), now=NOW)
        for elsewhere in ("198.51.101.1", "2001:db8:1::7"):
            assert not guess_limit.blocked_until(device_id=None, address=elsewhere, now=NOW)

    @pytest.mark.django_db
    def test_a_stranger_on_the_same_network_cannot_stop_a_till(self) -> None:
        here = "192.0.2.1"
        for _time in range(TRIES_PER_ADDRESS):
            guess_limit.note_wrong_try(device_id=None, brand_id=None, address=here, now=NOW)
        assert guess_limit.blocked_until(device_id=None, address=here, now=NOW)
        assert not guess_limit.blocked_until(device_id=UUID(int=1), address=here, now=NOW)

    @pytest.mark.django_db
    def test_an_unknown_address_blocks_nobody(self) -> None:
        for _time in range(2 * TRIES_PER_ADDRESS):
            guess_limit.note_wrong_try(device_id=None, brand_id=None, address="", now=NOW)
        assert not guess_limit.blocked_until(device_id=None, address="", now=NOW)

    def test_a_home_of_ipv6_addresses_is_one(self) -> None:
        one, two = guess_limit.keys(None, "2001:db8::1"), guess_limit.keys(None, "2001:db8::ffff:2")
        assert one == two
        assert one[0] != guess_limit.keys(None, "2001:db8:0:1::1")[0]
        assert guess_limit.keys(None, "::ffff:192.0.2.1") == guess_limit.keys(None, "192.0.2.1")

    def test_no_address_is_kept(self, device: Device) -> None:
        guess_limit.note_wrong_try(device_id=None, brand_id=None, address="192.0.2.77", now=NOW)
        kept = " ".join(WrongTries.objects.values_list("key", flat=True))
        assert "192.0.2" not in kept
        assert "ip:" in kept


class TestAlarms:
    def test_a_run_of_wrong_tries_alarms_the_owner_once(
        self, device: Device, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.ERROR):
            try_wrong(device, TRIES_PER_BRAND + 50)
        assert alarms() == [(device.brand_id, TRIES_PER_BRAND)]
        assert Message.objects.filter(topic="alarm.raised", brand_id=device.brand_id).count() == 1
        assert len(caplog.records) == 1
        assert "192.0.2" not in caplog.text

    def test_the_next_window_alarms_again(self, device: Device) -> None:
        try_wrong(device, TRIES_PER_BRAND)
        try_wrong(device, TRIES_PER_BRAND, now=NOW + WINDOW)
        assert len(alarms()) == 2

    def test_another_brands_tries_are_its_own(self, device: Device, eves_device: Device) -> None:
        try_wrong(device, TRIES_PER_BRAND - 1)
        try_wrong(eves_device, TRIES_PER_BRAND - 1)
        assert alarms() == []

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("tries", "addresses"), [(1_200, 40), pytest.param(10_000, 200, marks=pytest.mark.stress)]
    )
    def test_tries_from_many_addresses_are_noticed_once(self, tries: int, addresses: int) -> None:
        for number in range(tries):
            address = f"198.51.{number % addresses}.7"
            guess_limit.note_wrong_try(device_id=None, brand_id=None, address=address, now=NOW)
        assert alarms() == [(None, TRIES_IN_ALL)]
        held = WrongTries.objects.filter(key__startswith="ip:", blocked_until__gt=NOW)
        assert held.count() == addresses

    def test_it_costs_one_query(self, device: Device, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            try_wrong(device, 1)
        with django_assert_num_queries(1):
            blocked(device)


class TestCounting:
    @pytest.mark.django_db(transaction=True)
    def test_parallel_tries_are_all_counted_and_alarm_once(
        self, device: Device, eves_device: Device
    ) -> None:
        each = TRIES_PER_BRAND // 4
        failures: list[BaseException] = []

        def guess(one: Device) -> None:
            try:
                try_wrong(one, each)
            except BaseException as error:
                failures.append(error)
            finally:
                connection.close()

        threads = [
            threading.Thread(target=guess, args=(one,))
            for one in (device, eves_device)
            for _thread in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert WrongTries.objects.get(key="all").count == 8 * each
        assert sorted(count for _brand, count in alarms()) == [TRIES_PER_BRAND, TRIES_PER_BRAND]

    @pytest.mark.django_db(transaction=True)
    def test_the_count_stands_when_the_caller_fails_afterwards(self, device: Device) -> None:
        with pytest.raises(ZeroDivisionError):
            try_wrong(device, 1)
            with transaction.atomic():
                raise ZeroDivisionError
        assert WrongTries.objects.get(key=f"device:{device.pk}").count == 1
