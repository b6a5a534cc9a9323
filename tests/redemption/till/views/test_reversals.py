from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from brands.models import Store
from redemption.models import Redemption, Reversal, StaffMember
from redemption.till import devices
from redemption.till.devices import PairedDevice
from tests.redemption.till.views.conftest import MakeCode, sign_in, tablet_of

NOON = datetime(2026, 5, 14, 12, tzinfo=ZoneInfo("America/Los_Angeles"))


@pytest.fixture
def open_reversal(till: Client, make_code: MakeCode, every_brand: None) -> str:
    """Where a gift that was just handed over is undone."""
    till.post("/till/redemptions/", {"code": make_code(choices=()), "key": "k"})
    return f"/till/redemptions/{Redemption.objects.get().pk}/reversal/"


def test_a_reversal_gives_the_gift_back_with_its_reason(
    till: Client, open_reversal: str, cashier: StaffMember
) -> None:
    answer = till.post(open_reversal, {"reason": "scanned by mistake"})
    html = answer.content.decode()

    assert answer.status_code == 201
    assert "Undone" in html
    assert "0 gifts today" in html
    assert "reversal-dialog" not in html, "there is nothing left to undo"
    reversal = Reversal.objects.get()
    assert (reversal.reason, reversal.staff) == ("scanned by mistake", cashier)


def test_own_words_will_do(till: Client, open_reversal: str) -> None:
    till.post(open_reversal, {"other": "Dropped it"})

    assert Reversal.objects.get().reason == "Dropped it"


@pytest.mark.parametrize("sent", [{}, {"other": "  "}, {"other": "x" * 201}])
def test_a_reason_is_needed(till: Client, open_reversal: str, sent: dict[str, str]) -> None:
    assert till.post(open_reversal, sent).status_code == 422
    assert not Reversal.objects.exists()


def test_reversing_twice_is_harmless(till: Client, open_reversal: str) -> None:
    answers = [till.post(open_reversal, {"reason": "sold out"}) for _ in range(2)]

    assert all(b"Undone" in answer.content for answer in answers)
    assert Reversal.objects.count() == 1


def test_after_the_window_it_is_too_late(till: Client, open_reversal: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(seconds=62), tick=False):
        answer = till.post(open_reversal, {"reason": "sold out"})

    assert answer.status_code == 409
    assert b"too late" in answer.content
    assert not Reversal.objects.exists()


@pytest.mark.parametrize("stranger", ["till_b", "eves_till"])
def test_other_stores_and_brands_can_not(
    open_reversal: str, stranger: str, request: pytest.FixtureRequest
) -> None:
    client: Any = request.getfixturevalue(stranger)

    assert client.post(open_reversal, {"reason": "sold out"}).status_code == 409
    assert not Reversal.objects.exists()


def test_without_a_pin_nobody_can(tablet: Client, open_reversal: str) -> None:
    del tablet.cookies["staff"]

    assert tablet.post(open_reversal, {"reason": "sold out"}).status_code == 401


def signed_in(paired: PairedDevice, member: StaffMember) -> Client:
    client = tablet_of(paired)
    sign_in(client, member)
    return client


@pytest.fixture
def code_of_this_morning(paired: PairedDevice, cashier: StaffMember, make_code: MakeCode) -> str:
    with time_machine.travel(NOON - timedelta(hours=3), tick=False):
        code = make_code(choices=())
        signed_in(paired, cashier).post("/till/redemptions/", {"code": code, "key": "k"})
    return code


def test_a_manager_who_scans_a_gift_of_this_morning_is_offered_its_reversal(
    paired: PairedDevice,
    cashier: StaffMember,
    manager: StaffMember,
    store: Store,
    code_of_this_morning: str,
    every_brand: None,
) -> None:
    with time_machine.travel(NOON, tick=False):
        other = devices.pair_directly(store=store, name="Manager's tablet")
        dana, mo = signed_in(paired, cashier), signed_in(other, manager)
        to_dana, to_mo = (
            client.post("/till/lookups/", {"code": code_of_this_morning}).content.decode()
            for client in (dana, mo)
        )
        assert "A manager can undo it today." in to_dana
        assert "reversal-dialog" not in to_dana
        assert "Undo is in the corner" in to_mo
        where = f"/till/redemptions/{Redemption.objects.get().pk}/reversal/"
        assert where in to_mo
        assert dana.post(where, {"reason": "sold out"}).status_code == 409
        assert mo.post(where, {"reason": "sold out"}).status_code == 201


def test_on_the_next_day_nobody_is_offered_anything(
    paired: PairedDevice, manager: StaffMember, code_of_this_morning: str
) -> None:
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        mo = signed_in(paired, manager)
        told = mo.post("/till/lookups/", {"code": code_of_this_morning}).content.decode()

    assert "Already used" in told
    assert "reversal-dialog" not in told
    assert "A manager can" not in told


def test_a_part_that_was_taken_off_can_be_reversed_while_the_rest_is_good(
    till: Client, make_code: MakeCode, every_brand: None
) -> None:
    code = make_code(kind="value", label="Gift of $25", amount=2500, choices=())
    till.post("/till/redemptions/", {"code": code, "key": "k", "amount": "400"})
    told = till.post("/till/lookups/", {"code": code}).content.decode()

    assert "$21.00 on it" in told
    assert f"/till/redemptions/{Redemption.objects.get().pk}/reversal/" in told
