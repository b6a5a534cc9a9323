import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand, Store
from redemption.audit.actors import SYSTEM
from redemption.models import StaffMember
from redemption.till import devices, session, staff
from tests.cast import PIN, make_staff
from tests.redemption.till.views.conftest import sign_in, tablet_of


def test_names_of_this_stores_staff_are_shown(
    tablet: Client, cashier: StaffMember, store_b: Store
) -> None:
    make_staff(store_b, "Theo of Ballard")
    page = tablet.get("/till/staff/")

    assert b"Dana" in page.content
    assert b"Theo" not in page.content


def test_the_right_pin_opens_the_till(tablet: Client, cashier: StaffMember) -> None:
    sign_in(tablet, cashier)

    assert b"Dana" in tablet.get("/till/").content


def test_in_the_middle_of_work_only_the_name_comes_back(
    tablet: Client, cashier: StaffMember
) -> None:
    answer = sign_in(tablet, cashier, headers={"HX-Request": "true"})

    assert answer.status_code == 201
    assert answer.content.strip() == b'<span id="person"><bdi>Dana</bdi></span>'


def test_a_wrong_pin_says_how_many_tries_are_left(tablet: Client, cashier: StaffMember) -> None:
    answer = sign_in(tablet, cashier, "1111")

    assert answer.status_code == 422
    assert b"4 more tries" in answer.content
    assert tablet.get("/till/").status_code == 302


@pytest.mark.parametrize("sent", [{}, {"staff": "nobody", "pin": PIN}, {"pin": "12"}])
def test_bad_input_is_explained(tablet: Client, sent: dict[str, str]) -> None:
    assert tablet.post("/till/sessions/", sent).status_code == 422


def wait_for(client: Client, member: StaffMember) -> str:
    """Five wrong PINs; answers the address of the help."""
    for _ in range(5):
        sign_in(client, member, "1111")
    return f"/till/staff/{member.pk}/unlocking/"


def test_five_wrong_pins_are_followed_by_a_pause_that_ends_by_itself(
    tablet: Client, cashier: StaffMember
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            answer = sign_in(tablet, cashier, "1111")
        assert (answer.status_code, answer["Retry-After"]) == (429, "30")
        assert b"<bdi>Dana</bdi> can try again here in" in answer.content
        assert b"data-countdown" in answer.content

        clock.shift(timedelta(seconds=10))
        early = sign_in(tablet, cashier)
        assert (early.status_code, early["Retry-After"]) == (429, "20")
        clock.shift(timedelta(seconds=20))
        assert sign_in(tablet, cashier).status_code == 302


def test_a_manager_ends_a_pause_with_their_own_pin(
    tablet: Client, cashier: StaffMember, manager: StaffMember
) -> None:
    unlocking = wait_for(tablet, cashier)
    assert b"Mo" in tablet.get(unlocking).content
    answer = tablet.post(unlocking, {"staff": str(manager.pk), "pin": PIN})

    assert b"The pause is over" in answer.content
    assert sign_in(tablet, cashier).status_code == 302


def test_a_manager_who_waits_too_is_told_how_long(
    tablet: Client, cashier: StaffMember, manager: StaffMember
) -> None:
    wait_for(tablet, manager)
    unlocking = wait_for(tablet, cashier)
    answer = tablet.post(unlocking, {"staff": str(manager.pk), "pin": PIN})

    assert answer.status_code == 422
    assert b"Try again in 30 seconds" in answer.content or b"Try again in 29" in answer.content


def test_a_cashier_can_not_end_one(tablet: Client, cashier: StaffMember, store: Store) -> None:
    unlocking = wait_for(tablet, cashier)
    colleague = make_staff(store, "Priya")
    answer = tablet.post(unlocking, {"staff": str(colleague.pk), "pin": PIN})

    assert answer.status_code == 422
    assert sign_in(tablet, cashier).status_code == 429


def test_whoever_stands_at_one_tablet_stops_nobody_at_another(
    tablet: Client, cashier: StaffMember, manager: StaffMember, store: Store
) -> None:
    """Five wrong PINs for each name, and on: the store's other tablet takes all of them."""
    for member in (cashier, manager) * 6:
        for _ in range(5):
            sign_in(tablet, member, "1111")
    assert sign_in(tablet, manager).status_code == 429
    other = tablet_of(devices.pair_directly(store=store, name="Second tablet"))

    assert sign_in(other, manager).status_code == 302
    assert sign_in(other, cashier).status_code == 302


def test_a_stranger_is_told_what_a_colleague_is(tablet: Client, store_b: Store) -> None:
    stranger = make_staff(store_b, "Theo")
    answers = [sign_in(tablet, stranger).status_code for _ in range(6)]

    assert answers == [422, 422, 422, 422, 429, 429]
    assert tablet.get("/till/").status_code == 302


def test_after_five_idle_minutes_the_pin_is_asked_again(
    tablet: Client, cashier: StaffMember
) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        sign_in(tablet, cashier)
        clock.shift(timedelta(minutes=4))
        assert tablet.get("/till/").status_code == 200
        clock.shift(timedelta(minutes=4))
        assert tablet.get("/till/").status_code == 200, "each request begins the five minutes anew"
        clock.shift(timedelta(minutes=5, seconds=2))
        assert tablet.get("/till/").status_code == 302
        asked = tablet.get("/till/staff/")

    assert b"checked" in asked.content, "the same person is asked first"
    assert b"signed out after 5 minutes" in asked.content


def test_each_answer_says_for_how_long_somebody_stays_signed_in(
    tablet: Client, cashier: StaffMember
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert sign_in(tablet, cashier)["X-Signed-In-Seconds"] == "300"
        clock.shift(timedelta(minutes=4))
        kept = tablet.post("/till/sessions/keep/")
        assert (kept.status_code, kept["X-Signed-In-Seconds"]) == (204, "300")
        clock.shift(timedelta(minutes=4))
        page = tablet.get("/till/")
        assert page["X-Signed-In-Seconds"] == "300"
        assert b'data-seconds="300"' in page.content
        clock.shift(timedelta(minutes=5, seconds=2))
        late = tablet.post("/till/sessions/keep/", headers={"HX-Request": "true"})
        assert (late.status_code, late.get("X-Signed-In-Seconds")) == (401, None)
        assert tablet.get("/till/staff/").get("X-Signed-In-Seconds") is None


@pytest.fixture
def idle_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of minutes, so that somebody is busy all day with a dozen requests."""
    monkeypatch.setattr(session, "IDLE", timedelta(hours=1, seconds=1))


@pytest.mark.usefixtures("idle_for_an_hour")
def test_at_the_end_of_a_shift_less_is_left(tablet: Client, cashier: StaffMember) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(tablet, cashier)
        for _ in range(12):
            clock.shift(timedelta(minutes=59, seconds=45))
            answer = tablet.post("/till/sessions/keep/")

    assert answer["X-Signed-In-Seconds"] == "180"


def test_nobody_was_idle_who_signed_out(till: Client) -> None:
    till.post("/till/sessions/end/")

    assert b"signed out after" not in till.get("/till/staff/").content


@pytest.mark.usefixtures("idle_for_an_hour")
def test_a_shift_ends_even_when_busy(tablet: Client, cashier: StaffMember) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(tablet, cashier)
        for _ in range(12):
            clock.shift(timedelta(hours=1))
            assert tablet.get("/till/").status_code == 200
        clock.shift(timedelta(seconds=1))
        assert tablet.get("/till/").status_code == 302


def test_signing_out_is_at_once(till: Client) -> None:
    till.post("/till/sessions/end/")

    assert till.get("/till/").status_code == 302


def test_a_session_is_worth_nothing_on_another_tablet(till: Client, store: Store) -> None:
    other = tablet_of(devices.pair_directly(store=store, name="Second tablet"))
    other.cookies["staff"] = till.cookies["staff"].value

    assert other.get("/till/").status_code == 302


def test_a_new_pin_ends_sessions_of_the_old_one(
    till: Client, cashier: StaffMember, brand: Brand
) -> None:
    with scope(brand=brand):
        cashier.set_pin("9753")
        cashier.save()

    assert till.get("/till/").status_code == 302


def test_whoever_left_the_store_is_out_at_once(
    till: Client, cashier: StaffMember, brand: Brand
) -> None:
    with scope(brand=brand):
        StaffMember.objects.filter(pk=cashier.pk).update(is_active=False)

    assert till.get("/till/").status_code == 302


def copied(till: Client) -> Client:
    """Both cookies of the tablet in another hand, which may come back later."""
    other = Client()
    for name in ("device", "staff"):
        other.cookies[name] = till.cookies[name].value
    return other


def test_the_copy_of_a_session_is_as_good_as_the_session(till: Client) -> None:
    """The control of what follows."""
    assert copied(till).get("/till/").status_code == 200


def test_signing_out_ends_also_the_copy_of_a_session(till: Client) -> None:
    kept = copied(till)
    till.post("/till/sessions/end/")

    assert kept.get("/till/").status_code == 302
    assert kept.post("/till/redemptions/", {}).status_code == 401


def test_whoever_signs_in_ends_the_session_before(till: Client, manager: StaffMember) -> None:
    kept = copied(till)
    assert sign_in(till, manager).status_code == 302

    assert till.get("/till/").status_code == 200
    assert kept.get("/till/").status_code == 302


def test_signing_out_on_one_tablet_ends_no_session_on_another(
    till: Client, cashier: StaffMember, store: Store
) -> None:
    other = tablet_of(devices.pair_directly(store=store, name="Second tablet"))
    sign_in(other, cashier)
    till.post("/till/sessions/end/")

    assert other.get("/till/").status_code == 200


Act = Callable[..., None]


@pytest.mark.parametrize(
    "acts",
    [
        [staff.deactivate],
        [staff.deactivate, staff.reactivate],
        [partial(staff.reset_pin, pin="9753")],
    ],
    ids=["deactivated", "reactivated", "new PIN"],
)
def test_what_ends_a_persons_sessions_ends_all_of_them_for_good(
    till: Client, cashier: StaffMember, brand: Brand, store: Store, acts: list[Act]
) -> None:
    other = tablet_of(devices.pair_directly(store=store, name="Second tablet"))
    sign_in(other, cashier)
    with scope(brand=brand):
        for act in acts:
            act(member=cashier, actor=SYSTEM)

    assert [client.get("/till/").status_code for client in (till, other)] == [302, 302]


def test_a_touch_of_the_till_costs_two_looks_and_no_write(
    till: Client, django_assert_num_queries: Any
) -> None:
    """One for the tablet and one for the person; what the page shows comes on top."""
    till.post("/till/redemptions/", {})
    with django_assert_num_queries(2):
        assert till.post("/till/redemptions/", {}).status_code == 422


def test_what_is_wrong_is_told_where_it_is_wrong(
    tablet: Client, cashier: StaffMember, store: Store
) -> None:
    """Nobody tapped: the names say so. A PIN that is none: its field does."""
    with scope(brand=store.brand):
        make_staff(store, "Ada")
    nobody = tablet.post("/till/sessions/", {"pin": PIN}).content.decode()
    assert re.search(r'<fieldset aria-describedby="people-problem">', nobody)
    assert re.search(r'id="people-problem".*?Tap your name first', nobody, re.DOTALL)
    assert 'id="pin-problem"' not in nobody
    assert "aria-invalid" not in nobody

    wrong = tablet.post("/till/sessions/", {"staff": str(cashier.pk), "pin": ""}).content.decode()
    assert 'aria-invalid="true" aria-describedby="pin-problem"' in wrong
    assert "people-problem" not in wrong
