"""A tablet's token changes each day, and a copy of it is noticed."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from core import crypto
from giftshop.accounts.models import User
from redemption.models import Alarm, Device, RetiredToken, StaffMember
from redemption.till import devices, token_rotation
from redemption.till.devices import PairedDevice
from tests.redemption.till.views.conftest import MakeCode, make_code, sign_in, tablet, tablet_of

__all__ = ["make_code", "tablet"]

STAFF = "/till/staff/"
Clock = Any


@pytest.fixture
def clock(paired: PairedDevice, cashier: StaffMember, manager: StaffMember) -> Iterator[Clock]:
    """The day after the tablet was paired, its second at noon; nothing moves it but the test."""
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False) as moving:
        yield moving


def token_of(tablet: Client) -> str:
    return tablet.cookies["device"].value


def copy_of(tablet: Client) -> Client:
    other = Client()
    other.cookies["device"] = token_of(tablet)
    return other


def rotated(tablet: Client, clock: Clock) -> None:
    """The tablet got a new token, used it, and the time of grace is over."""
    before = token_of(tablet)
    assert tablet.get(STAFF).status_code == 200
    assert token_of(tablet) != before
    assert tablet.get(STAFF).status_code == 200
    clock.shift(token_rotation.GOOD_AFTER + timedelta(seconds=1))


def alarms() -> list[Alarm]:
    with scopes_disabled():
        return list(Alarm.objects.select_related("device"))


def test_a_tablet_in_use_gets_a_new_token_each_day(tablet: Client, clock: Clock) -> None:
    seen = {token_of(tablet)}
    for _day in range(3):
        rotated(tablet, clock)
        seen.add(token_of(tablet))
        assert "device" not in tablet.get(STAFF).cookies, "one a day is enough"
        clock.shift(timedelta(days=1))

    assert len(seen) == 4
    assert alarms() == []


def test_the_new_cookie_is_kept_as_the_first_was(tablet: Client, clock: Clock) -> None:
    cookie = tablet.get(STAFF).cookies["device"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["max-age"] == 400 * 24 * 3600


def test_whoever_is_signed_in_goes_on(
    tablet: Client, cashier: StaffMember, clock: Clock, make_code: MakeCode
) -> None:
    before = token_of(tablet)
    sign_in(tablet, cashier)
    assert token_of(tablet) != before
    sent = {"code": make_code(choices=()), "key": "k"}
    assert tablet.post("/till/redemptions/", sent).status_code == 201
    assert tablet.post("/till/redemptions/", sent).status_code == 201, "the same answer again"


def test_an_answer_that_was_lost_takes_nothing_away(tablet: Client, clock: Clock) -> None:
    """The tablet never saw its new token, and is given another some minutes later."""
    lost = copy_of(tablet)
    lost.get(STAFF)
    assert token_of(lost) != token_of(tablet)
    for _minute in range(9):
        clock.shift(timedelta(minutes=1))
        answer = tablet.get(STAFF)
        assert answer.status_code == 200
        assert "device" not in answer.cookies
    clock.shift(timedelta(minutes=2))
    rotated(tablet, clock)

    assert tablet.get(STAFF).status_code == 200
    assert alarms() == []


def test_two_tabs_that_ask_at_once_get_one_token(tablet: Client, clock: Clock) -> None:
    first, second = copy_of(tablet), copy_of(tablet)
    given = [tab.get(STAFF).cookies.get("device") for tab in (first, second)]

    assert [bool(cookie) for cookie in given] == [True, False]
    assert first.get(STAFF).status_code == 200
    assert second.get(STAFF).status_code == 200, "the one before is good for what is under way"
    clock.shift(token_rotation.GOOD_AFTER - timedelta(seconds=1))
    assert second.get(STAFF).status_code == 200
    assert alarms() == []


@pytest.mark.django_db(transaction=True)
def test_of_many_that_ask_in_the_same_moment_one_is_given_a_token(paired: PairedDevice) -> None:
    now = timezone.now() + timedelta(days=2)
    start, given = threading.Barrier(4, timeout=10), []

    def ask() -> None:
        device = devices.device_for_token(paired.token)
        assert device
        start.wait()
        given.append(token_rotation.follow(device, paired.token, now=now))
        connection.close()

    threads = [threading.Thread(target=ask) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (token,) = [each for each in given if each]
    found = devices.device_for_token(token)
    assert found == paired.device
    assert len(given) == 4


def test_a_copy_that_is_used_after_the_tablet_went_on_is_refused_and_told(
    tablet: Client, clock: Clock, device: Device
) -> None:
    copy = copy_of(tablet)
    assert copy.get("/till/pair/").context["device"] == device, "the control: it was as good"
    rotated(tablet, clock)
    for _time in range(3):
        assert copy.get(STAFF).status_code == 403
    assert copy.post("/till/sessions/", {}).status_code == 403

    (alarm,) = alarms()
    assert (alarm.kind, alarm.device, alarm.brand_id) == ("copied_token", device, device.brand_id)
    assert tablet.get(STAFF).status_code == 200, "cutting it off is the manager's act"


def test_when_the_copy_is_faster_the_tablet_itself_gives_the_alarm(
    tablet: Client, clock: Clock, device: Device
) -> None:
    copy = copy_of(tablet)
    rotated(copy, clock)

    assert tablet.get(STAFF).status_code == 403
    assert [alarm.device for alarm in alarms()] == [device]


def test_a_copy_is_noticed_whichever_token_it_kept(tablet: Client, clock: Clock) -> None:
    copy = copy_of(tablet)
    for _day in range(4):
        rotated(tablet, clock)
        clock.shift(timedelta(days=1))
    copy.get(STAFF)

    assert len(alarms()) == 1


def test_a_copy_that_got_the_new_token_and_kept_it_back_is_noticed(
    tablet: Client, clock: Clock
) -> None:
    copy = copy_of(tablet)
    copy.get(STAFF)
    clock.shift(token_rotation.OFFERED_AGAIN_AFTER)
    rotated(tablet, clock)

    assert copy.get(STAFF).status_code == 403
    assert len(alarms()) == 1


def test_a_day_later_it_is_told_again_and_never_of_what_was_cut_off(
    tablet: Client, clock: Clock, device: Device
) -> None:
    copy = copy_of(tablet)
    rotated(tablet, clock)
    copy.get(STAFF)
    clock.shift(timedelta(days=1, seconds=1))
    copy.get(STAFF)
    assert len(alarms()) == 2
    devices.revoke(device=device)
    clock.shift(timedelta(days=2))
    copy.get(STAFF)
    assert len(alarms()) == 2


def test_a_token_that_nobody_had_is_no_alarm(client: Client, clock: Clock) -> None:
    client.cookies["device"] = crypto.new_token()

    assert client.get(STAFF).status_code == 403
    assert alarms() == []


def test_the_devices_page_says_so_in_words(
    tablet: Client, manager: StaffMember, clock: Clock, device: Device
) -> None:
    copy = copy_of(tablet)
    rotated(tablet, clock)
    sign_in(tablet, manager)
    page = f"/till/manager/devices/{device.pk}/"
    assert b"There may be a copy of this device" not in tablet.get(page).content
    copy.get(STAFF)
    assert b"There may be a copy of this device" in tablet.get(page).content


def test_the_owner_reads_it_in_the_studio(
    tablet: Client, client: Client, owner: User, clock: Clock
) -> None:
    copy = copy_of(tablet)
    rotated(tablet, clock)
    copy.get(STAFF)
    client.force_login(owner)
    page = client.get("/studio/frosty-spoon/devices/").content.decode()
    assert "There may be a copy of this device" in page
    assert "Counter tablet, Pike Street" in page


def test_what_is_kept_opens_nothing(tablet: Client, clock: Clock) -> None:
    rotated(tablet, clock)
    for old in (*RetiredToken.objects.values_list("digest", flat=True), token_of(tablet).encode()):
        shown = Client()
        shown.cookies["device"] = bytes(old).hex()
        assert shown.get(STAFF).status_code == 403


def test_a_programs_token_never_changes(till_system: PairedDevice, clock: Clock) -> None:
    found = devices.device_for_token(till_system.token)
    assert found
    client = tablet_of(till_system)
    assert client.get(STAFF).status_code == 403
    assert "device" not in client.get(STAFF).cookies


def test_a_touch_costs_a_write_once_a_day_only(
    tablet: Client, clock: Clock, django_assert_num_queries: Any
) -> None:
    rotated(tablet, clock)
    tablet.post("/till/sessions/", {})
    with django_assert_num_queries(2):  # the tablet, and who works here
        tablet.get(STAFF)
