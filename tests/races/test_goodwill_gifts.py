"""Gifts by hand, asked for many times at one moment: the day's limits hold (I18)."""

from collections import Counter
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope

from brands.models import Brand, Store
from redemption.codes import issue_goodwill
from redemption.codes.acts import ActRefused
from redemption.models import Alarm, Device, GoodwillGift, StaffMember
from tests.cast import make_staff
from tests.races.crowd import at_once

CROWD = 6
"""No more than the pool has connections: in the control each holds one while it waits for the others."""

pytestmark = pytest.mark.django_db(transaction=True)


def give_at_once(device: Device, managers: list[StaffMember]) -> Counter[str]:
    """Each of them 25.00 at the same moment: how often it went how."""
    heard: Counter[str] = Counter()
    ready = Barrier(len(managers))

    def give(n: int) -> None:
        try:
            with scope(brand=device.brand):
                ready.wait(30)
                issue_goodwill.issue_goodwill_gift(
                    staff=managers[n], device=device, amount=2500, label="Sorry", reason="melted"
                )
            heard["given"] += 1
        except ActRefused as refused:
            heard[refused.reason.value] += 1
        finally:
            connection.close()

    at_once(give, len(managers))
    return heard


def test_a_days_limit_holds_one_person(device: Device, manager: StaffMember) -> None:
    assert give_at_once(device, [manager] * CROWD) == {"given": 4, "person_limit": CROWD - 4}
    with scope(brand=device.brand):
        assert GoodwillGift.objects.count() == 4
        assert Alarm.objects.count() == 1


def test_and_a_whole_store(device: Device, store: Store) -> None:
    with scope(brand=device.brand):
        Brand.objects.update(goodwill_store_limit=7500)
        people = [make_staff(store, f"No. {n}", StaffMember.Role.MANAGER) for n in range(CROWD)]
    assert give_at_once(device, people) == {"given": 3, "store_limit": CROWD - 3}


def test_without_turns_it_holds_nobody(
    device: Device, manager: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: who does not wait for the one before counts what was there before both."""
    counted = Barrier(CROWD)
    judge = issue_goodwill._beyond

    def judge_together(*asked: Any) -> Any:
        said = judge(*asked)
        counted.wait(30)
        return said

    monkeypatch.setattr(issue_goodwill, "_take_turns", lambda staff, store: store.brand)
    monkeypatch.setattr(issue_goodwill, "_beyond", judge_together)
    assert give_at_once(device, [manager] * CROWD)["given"] > 4
