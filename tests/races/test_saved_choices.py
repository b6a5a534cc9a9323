"""A recipient picks a flavour while the till redeems: what the page said was saved is what is handed over."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from redemption.choices import Choice
from redemption.codes import choose as choose_picks
from redemption.codes.choose import ChoosingRefused
from redemption.models import Code, Device, Redemption
from redemption.redeem import redeem as redeem_code
from redemption.redeem import write
from tests.cast import flavour, symbols
from tests.races.gifts import issue

ROUNDS = 60
WAY_TO_THE_DATABASE_SECONDS = 0.005

pytestmark = pytest.mark.django_db(transaction=True)


def race(brand: Brand, device: Device, rounds: int) -> int:
    """In how many rounds something else was handed over than the page had said was saved."""
    offered: Choice = {**flavour(("cup", 0), ("cone", 0)), "picked": ["cone"]}
    codes = issue(brand, rounds, choices=[offered])
    with ThreadPoolExecutor(2) as both:
        return sum(differ(both, brand, device, code) for code in codes)


def differ(both: ThreadPoolExecutor, brand: Brand, device: Device, code: Code) -> bool:
    start = Barrier(2)

    def choose() -> bool:
        start.wait()
        try:
            with scope(brand=brand):
                choose_picks.choose(code_id=code.pk, picks={"flavour": ["cup"]})
        except ChoosingRefused:
            return False
        return True

    def redeem() -> redeem_code.Answer:
        start.wait()
        return redeem_code.redeem(device=device, text=symbols(code), key=str(code.pk))

    saved, answer = both.submit(closing(choose)), both.submit(closing(redeem))
    assert answer.result().redeemed
    with scopes_disabled():
        handed_over = Redemption.objects.get(code=code).picks
    return saved.result() and handed_over != {"flavour": ["cup"]}


def closing(act: Callable[[], Any]) -> Callable[[], Any]:
    """The thread's own connection goes with the act, so that the database can be cleared."""

    def done() -> Any:
        try:
            return act()
        finally:
            connection.close()

    return done


def test_what_the_page_said_was_saved_is_handed_over(brand: Brand, device: Device) -> None:
    assert race(brand, device, ROUNDS) == 0


def test_the_control_hands_over_something_else(
    brand: Brand, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was written before the picks were compared, and from a database on another machine."""
    blind = write.SPEND.replace("AND picks = %(picks_read)s::jsonb", "")
    assert blind != write.SPEND
    spend = write.spend

    def spend_from_afar(*about: Any, **more: Any) -> bool:
        time.sleep(WAY_TO_THE_DATABASE_SECONDS)
        return spend(*about, **more)

    monkeypatch.setattr(write, "SPEND", blind)
    monkeypatch.setattr(write, "spend", spend_from_afar)
    assert race(brand, device, ROUNDS) > 0
