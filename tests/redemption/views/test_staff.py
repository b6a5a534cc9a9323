from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from redemption import pairing, staffing
from redemption.actors import SYSTEM
from redemption.models import Brand, StaffMember, Store
from tests.cast import PIN, make_staff
from tests.redemption.views.conftest import sign_in, tablet_of


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
    assert answer.content.strip() == b'<span id="person">Dana</span>'


def test_a_wrong_pin_says_how_many_tries_are_left(tablet: Client, cashier: StaffMember) -> None:
    answer = sign_in(tablet, cashier, "1111")

    assert answer.status_code == 422
    assert b"4 more tries" in answer.content
    assert tablet.get("/till/").status_code == 302


@pytest.mark.parametrize("sent", [{}, {"staff": "nobody", "pin": PIN}, {"pin": "12"}])
def test_bad_input_is_explained(tablet: Client, sent: dict[str, str]) -> None:
    assert tablet.post("/till/sessions/", sent).status_code == 422


def test_five_wrong_pins_lock_it_and_the_right_one_no_longer_helps(
    tablet: Client, cashier: StaffMember
) -> None:
    for _ in range(5):
        answer = sign_in(tablet, cashier, "1111")
    assert answer.status_code == 423
    assert b"Dana's PIN is locked" in answer.content

    assert sign_in(tablet, cashier).status_code == 423


def lock(client: Client, member: StaffMember) -> str:
    for _ in range(5):
        sign_in(client, member, "1111")
    return f"/till/staff/{member.pk}/unlocking/"


def test_a_manager_unlocks_with_their_own_pin(
    tablet: Client, cashier: StaffMember, manager: StaffMember
) -> None:
    unlocking = lock(tablet, cashier)
    assert b"Mo" in tablet.get(unlocking).content
    answer = tablet.post(unlocking, {"staff": str(manager.pk), "pin": PIN})

    assert b"Unlocked" in answer.content
    assert sign_in(tablet, cashier).status_code == 302


def test_a_cashier_can_not_unlock(tablet: Client, cashier: StaffMember, store: Store) -> None:
    unlocking = lock(tablet, cashier)
    colleague = make_staff(store, "Priya")
    answer = tablet.post(unlocking, {"staff": str(colleague.pk), "pin": PIN})

    assert answer.status_code == 422
    assert sign_in(tablet, cashier).status_code == 423


def test_staff_of_another_store_can_not_sign_in_here(tablet: Client, store_b: Store) -> None:
    stranger = make_staff(store_b, "Theo")

    assert sign_in(tablet, stranger).status_code == 423
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


def test_a_shift_ends_even_when_busy(tablet: Client, cashier: StaffMember) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(tablet, cashier)
        for _ in range(12 * 15 + 1):
            clock.shift(timedelta(minutes=4))
            answer = tablet.get("/till/")

    assert answer.status_code == 302


def test_signing_out_is_at_once(till: Client) -> None:
    till.post("/till/sessions/end/")

    assert till.get("/till/").status_code == 302


def test_a_session_is_worth_nothing_on_another_tablet(till: Client, store: Store) -> None:
    other = tablet_of(pairing.pair_directly(store=store, name="Second tablet"))
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
    other = tablet_of(pairing.pair_directly(store=store, name="Second tablet"))
    sign_in(other, cashier)
    till.post("/till/sessions/end/")

    assert other.get("/till/").status_code == 200


Act = Callable[..., None]


@pytest.mark.parametrize(
    "acts",
    [
        [staffing.deactivate],
        [staffing.deactivate, staffing.reactivate],
        [staffing.unlock],
        [partial(staffing.reset_pin, pin="9753")],
    ],
    ids=["deactivated", "reactivated", "unlocked", "new PIN"],
)
def test_what_ends_a_persons_sessions_ends_all_of_them_for_good(
    till: Client, cashier: StaffMember, brand: Brand, store: Store, acts: list[Act]
) -> None:
    other = tablet_of(pairing.pair_directly(store=store, name="Second tablet"))
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
