from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from redemption.models import Redemption, Reversal, StaffMember
from tests.redemption.views.conftest import MakeCode


@pytest.fixture
def undo(till: Client, make_code: MakeCode, every_brand: None) -> str:
    """Where a gift that was just handed over is undone."""
    till.post("/till/redemptions/", {"code": make_code(choices=()), "key": "k"})
    return f"/till/redemptions/{Redemption.objects.get().pk}/reversal/"


def test_undo_gives_the_gift_back_with_its_reason(
    till: Client, undo: str, cashier: StaffMember
) -> None:
    answer = till.post(undo, {"reason": "scanned by mistake"})
    html = answer.content.decode()

    assert answer.status_code == 201
    assert "Undone" in html
    assert "0 gifts today" in html
    assert "undo-dialog" not in html, "there is nothing left to undo"
    reversal = Reversal.objects.get()
    assert (reversal.reason, reversal.staff) == ("scanned by mistake", cashier)


def test_own_words_will_do(till: Client, undo: str) -> None:
    till.post(undo, {"other": "Dropped it"})

    assert Reversal.objects.get().reason == "Dropped it"


@pytest.mark.parametrize("sent", [{}, {"other": "  "}, {"other": "x" * 201}])
def test_a_reason_is_needed(till: Client, undo: str, sent: dict[str, str]) -> None:
    assert till.post(undo, sent).status_code == 422
    assert not Reversal.objects.exists()


def test_undoing_twice_is_harmless(till: Client, undo: str) -> None:
    answers = [till.post(undo, {"reason": "sold out"}) for _ in range(2)]

    assert all(b"Undone" in answer.content for answer in answers)
    assert Reversal.objects.count() == 1


def test_after_the_window_it_is_too_late(till: Client, undo: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(seconds=62), tick=False):
        answer = till.post(undo, {"reason": "sold out"})

    assert answer.status_code == 409
    assert b"too late" in answer.content
    assert not Reversal.objects.exists()


@pytest.mark.parametrize("stranger", ["till_b", "eves_till"])
def test_other_stores_and_brands_can_not(
    undo: str, stranger: str, request: pytest.FixtureRequest
) -> None:
    client: Any = request.getfixturevalue(stranger)

    assert client.post(undo, {"reason": "sold out"}).status_code == 409
    assert not Reversal.objects.exists()


def test_without_a_pin_nobody_can(tablet: Client, undo: str) -> None:
    del tablet.cookies["staff"]

    assert tablet.post(undo, {"reason": "sold out"}).status_code == 401
