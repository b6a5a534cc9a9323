"""A recipient picks a flavour while the till redeems: what the page said was saved is what is handed over."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier, Event
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
ROUNDS_IN_TURNS = 10
PATIENCE_SECONDS = 30

write_spend = write.spend

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Turns:
    """The choice is saved after the till has read the gift and before it writes: in every round."""

    has_read: Event = field(default_factory=Event)
    is_saved: Event = field(default_factory=Event)

    def spend_after_that(self, *about: Any, **more: Any) -> bool:
        self.has_read.set()
        assert self.is_saved.wait(PATIENCE_SECONDS)
        return write_spend(*about, **more)


def race(brand: Brand, device: Device, rounds: int, *, in_turns: Callable[[], Turns | None]) -> int:
    """In how many rounds something else was handed over than the page had said was saved."""
    offered: Choice = {**flavour(("cup", 0), ("cone", 0)), "picked": ["cone"]}
    codes = issue(brand, rounds, choices=[offered])
    with ThreadPoolExecutor(2) as both:
        return sum(differ(both, brand, device, code, in_turns()) for code in codes)


def differ(
    both: ThreadPoolExecutor, brand: Brand, device: Device, code: Code, turns: Turns | None
) -> bool:
    start = Barrier(2)

    def choose() -> bool:
        start.wait()
        assert turns is None or turns.has_read.wait(PATIENCE_SECONDS)
        try:
            with scope(brand=brand):
                choose_picks.choose(code_id=code.pk, picks={"flavour": ["cup"]})
        except ChoosingRefused:
            return False
        finally:
            if turns:
                turns.is_saved.set()
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
    assert race(brand, device, ROUNDS, in_turns=lambda: None) == 0


@pytest.fixture
def in_turns(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Turns]:
    """New turns for every round."""

    def begin() -> Turns:
        turns = Turns()
        monkeypatch.setattr(write, "spend", turns.spend_after_that)
        return turns

    return begin


def test_also_when_it_was_saved_after_the_till_had_read(
    brand: Brand, device: Device, in_turns: Callable[[], Turns]
) -> None:
    assert race(brand, device, ROUNDS_IN_TURNS, in_turns=in_turns) == 0


def test_the_control_hands_over_something_else(
    brand: Brand, device: Device, in_turns: Callable[[], Turns], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was written before the picks were compared."""
    blind = write.SPEND.replace("AND picks = %(picks_read)s::jsonb", "")
    assert blind != write.SPEND
    monkeypatch.setattr(write, "SPEND", blind)
    assert race(brand, device, ROUNDS_IN_TURNS, in_turns=in_turns) == ROUNDS_IN_TURNS
