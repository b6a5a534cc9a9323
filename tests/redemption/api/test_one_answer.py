"""What a stranger to a code learns: nothing, not by the words of the answer and not by its time."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from brands.models import Store
from redemption import code_format
from redemption.audit.actors import SYSTEM
from redemption.code_format import grouped
from redemption.codes.rotate import rotate
from redemption.models import Code, Device
from redemption.redeem import guess_limit, lookup
from redemption.redeem.rules import UnknownCode
from redemption.till import devices
from tests.cast import put_on_hold, symbols, take_off_hold
from tests.durations import Difference, compare
from tests.figures import Figure

SHORT, LONG = 500, 2000
TOLD_APART_MS = 1.0

Ask = Callable[..., Any]


@pytest.fixture
def never_blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the words and the time of a wrong code are of interest, not that they are limited."""
    for limit in [name for name in vars(guess_limit) if name.startswith("TRIES_")]:
        monkeypatch.setattr(guess_limit, limit, 2**30)


@pytest.fixture
def ask(client: Client, other_store: Store, never_blocked: None) -> Ask:
    """As a till of another brand."""
    token = devices.pair_directly(store=other_store, name="Eve's", profile="integration").token
    keys = iter(range(10**9))

    def send(text: str, path: str = "lookups/") -> Any:
        return client.post(
            f"/api/v1/{path}",
            {"code": text},
            content_type="application/json",
            headers={"Authorization": f"Device {token}", "Idempotency-Key": f"k-{next(keys)}"},
        )

    return send


def unknown() -> str:
    """Well formed, its check symbol right, and nobody's."""
    return grouped(code_format.generate())


def wrong_check(code: Code) -> str:
    right = symbols(code)
    return right[:-1] + ("0" if right[-1] != "0" else "1")


@pytest.mark.parametrize("path", ["lookups/", "redemptions/"])
class TestWords:
    def test_every_code_that_is_not_theirs_gets_the_same_bytes(
        self, ask: Ask, code: Code, path: str
    ) -> None:
        answers = {
            "unknown": whole(ask(unknown(), path)),
            "another's": whole(ask(symbols(code), path)),
            "another's, grouped": whole(ask(grouped(symbols(code)).lower(), path)),
            "wrong check symbol": whole(ask(wrong_check(code), path)),
            "no code at all": whole(ask("ice cream, please", path)),
        }
        put_on_hold(code)
        answers["another's, on hold"] = whole(ask(symbols(code), path))
        take_off_hold(code)
        for state in ("voided", "expired"):
            Code._base_manager.filter(pk=code.pk).update(state=state, balance=0)
            answers[f"another's, {state}"] = whole(ask(symbols(code), path))
        assert len(set(answers.values())) == 1, answers
        status, body, _headers = answers["unknown"]
        assert status == 404
        assert b"unknown_code" in body


@pytest.mark.parametrize("path", ["lookups/", "redemptions/"])
def test_every_code_that_is_not_theirs_asks_the_database_the_same(
    ask: Ask, code: Code, path: str
) -> None:
    """The times that tests compare are of a machine under load; what is asked for can be counted."""
    replaced = symbols(code)
    with scope(brand=code.brand):
        rotate(code_id=code.pk, actor=SYSTEM, reason="a slip", now=timezone.now())
    tried = {
        "unknown": unknown(),
        "another's": symbols(fresh(code)),
        "another's, replaced": replaced,
        "wrong check symbol": wrong_check(fresh(code)),
        "no code at all": "ice cream, please",
    }
    ask(unknown(), path)  # what only the first one costs
    asked = {what: statements(lambda text=text: ask(text, path)) for what, text in tried.items()}
    assert set(map(tuple, asked.values())) == {tuple(asked["unknown"])}, asked
    assert any("redemption_retiredcode" in each for each in asked["unknown"])


class TestTime:
    """The short form asks the function that both endpoints lead to, the long one asks over HTTP."""

    def test_it_does_not_tell_another_brands_code_from_none(
        self, eves_device: Device, code: Code, never_blocked: None
    ) -> None:
        look = looker(eves_device)
        theirs, nobodys = symbols(code), unknown()
        found = compare(lambda: look(nobodys), lambda: look(theirs), samples=SHORT)
        assert not told_apart(found), found

    def test_nor_a_typing_mistake_from_a_code(
        self, eves_device: Device, code: Code, never_blocked: None
    ) -> None:
        look = looker(eves_device)
        theirs, mistaken = symbols(code), wrong_check(code)
        found = compare(lambda: look(mistaken), lambda: look(theirs), samples=SHORT)
        assert not told_apart(found), found

    def test_two_milliseconds_would_be_found(
        self, eves_device: Device, code: Code, never_blocked: None
    ) -> None:
        """The control: as if a known code cost a query more."""
        look = looker(eves_device)
        theirs, nobodys = symbols(code), unknown()

        def slowly() -> None:
            time.sleep(0.002)
            look(theirs)

        found = compare(lambda: look(nobodys), slowly, samples=SHORT)
        assert told_apart(found), found

    @pytest.mark.stress
    def test_at_length(self, ask: Ask, code: Code, figure: Figure) -> None:
        """A difference that is there shows each time; one that chance made does not."""
        theirs, nobodys = symbols(code), unknown()
        for _turn in range(3):
            found = compare(lambda: ask(nobodys), lambda: ask(theirs), samples=LONG)
            assert abs(found.median_ms) < TOLD_APART_MS
            if found.p > 0.01:
                figure(
                    "I14",
                    "another brand's code and none, over HTTP",
                    size=f"2 x {LONG:,} samples",
                    result=f"{found.median_ms:+.3f} ms, p = {found.p:.2f}",
                )
                return
        pytest.fail(f"told apart three times: {found}")


def fresh(code: Code) -> Code:
    return Code._base_manager.get(pk=code.pk)


def statements(act: Callable[[], Any]) -> list[str]:
    """What it asks for, without the values."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [re.sub(r"'[^']*'|\d+", "?", each["sql"]) for each in captured]


def looker(device: Device) -> Callable[[str], None]:
    """Looks a code up as this device, and is always refused."""

    def look(text: str) -> None:
        with pytest.raises(UnknownCode):
            lookup.look_up(device=device, text=text)

    return look


def told_apart(found: Difference) -> bool:
    """By ranks as well as by medians: on a machine under load either alone happens by chance."""
    return abs(found.z) > 4 and abs(found.median_ms) > TOLD_APART_MS


def whole(response: Any) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    return response.status_code, response.content, tuple(sorted(response.headers.items()))
