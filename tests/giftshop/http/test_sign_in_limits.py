"""Nobody locks an owner out: what others try slows a name by a minute at most, and no known browser."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from giftshop.accounts.models import User
from giftshop.http.rate_limits import LIMITS
from giftshop.http.sign_in_limits import PAUSE_MAX, WRONG_PER_BROWSER, WRONG_PER_NAME
from redemption.models import RateCount
from tests.cast import PASSWORD

LOGIN = "/accounts/login/"
HOME, CAFE = "192.0.2.1", "198.51.100.7"


def sign_in(client: Client, email: str, password: str = PASSWORD, address: str = HOME) -> Any:
    return client.post(LOGIN, {"username": email, "password": password}, REMOTE_ADDR=address)


def attack(email: str, times: int, network: str = "203.0.113") -> None:
    """Wrong passwords, each from an address of its own and after the wait that it was told."""
    for number in range(times):
        address = f"{network}.{number}"
        answer = sign_in(Client(), email, "wrong", address)
        if answer.status_code == 429:
            RateCount.objects.filter(key__startswith="login:turn").update(
                since=timezone.now() - PAUSE_MAX
            )
            answer = sign_in(Client(), email, "wrong", address)
        assert answer.status_code == 200


@pytest.fixture
def known(owner: User) -> Client:
    """Olive's own browser, in which she signed in once."""
    client = Client()
    assert sign_in(client, owner.email).status_code == 302
    client.post("/accounts/logout/")
    return client


def test_a_name_tried_from_everywhere_is_slowed_by_a_minute_at_most(owner: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        attack(owner.email, WRONG_PER_NAME + 8)
        olive = Client()
        told = sign_in(olive, owner.email, address=CAFE)
        assert told.status_code == 429
        assert 0 < int(told["Retry-After"]) <= 60
        clock.shift(timedelta(seconds=int(told["Retry-After"]) - 2))
        assert sign_in(olive, owner.email, address=CAFE).status_code == 429
        clock.shift(timedelta(seconds=2))
        assert sign_in(olive, owner.email, address=CAFE).status_code == 302


def test_whoever_tries_on_and_on_takes_nobodys_turn(owner: User) -> None:
    """The attack goes on from elsewhere in each second of Olive's wait."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        attack(owner.email, WRONG_PER_NAME + 8)
        wait = int(sign_in(Client(), owner.email, address=CAFE)["Retry-After"])
        for second in range(wait):
            sign_in(Client(), owner.email, "wrong", f"203.0.113.{100 + second % 50}")
            clock.shift(timedelta(seconds=1))
        assert sign_in(Client(), owner.email, address=CAFE).status_code == 302


def test_a_turn_is_taken_once(owner: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        attack(owner.email, WRONG_PER_NAME + 8)
        sign_in(Client(), owner.email, "wrong", CAFE)
        clock.shift(PAUSE_MAX)
        answers = [sign_in(Client(), owner.email, "wrong", CAFE).status_code for _ in range(4)]
    assert answers == [200, 429, 429, 429]


def test_a_name_that_nobody_has_is_slowed_alike(owner: User) -> None:
    attack("nobody@frosty.example", WRONG_PER_NAME)
    assert sign_in(Client(), "nobody@frosty.example", "wrong", CAFE).status_code == 429
    assert sign_in(Client(), owner.email, address=CAFE).status_code == 302


class TestABrowserThatSignedInBefore:
    def test_is_never_slowed_by_what_others_try(self, known: Client, owner: User) -> None:
        attack(owner.email, WRONG_PER_NAME + 8)
        assert sign_in(Client(), owner.email, address=CAFE).status_code == 429, "the control"
        assert sign_in(known, owner.email, address=CAFE).status_code == 302

    def test_is_not_locked_by_a_neighbour_behind_the_same_address(
        self, known: Client, owner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(10):
            sign_in(Client(), owner.email, "wrong", HOME)
        assert sign_in(Client(), owner.email, address=HOME).status_code == 429, "the control"
        assert sign_in(known, owner.email, address=HOME).status_code == 302

    def test_is_not_kept_out_by_passwords_sprayed_over_names_from_its_address(
        self, known: Client, owner: User
    ) -> None:
        for number in range(LIMITS["login"].per_address + 1):
            answer = sign_in(Client(), f"name{number}@example.com", "wrong", HOME)
        assert answer.status_code == 429
        assert sign_in(Client(), owner.email, address=HOME).status_code == 429, "the control"
        assert sign_in(known, owner.email, address=HOME).status_code == 302

    def test_tries_no_more_passwords_than_any_other(self, known: Client, owner: User) -> None:
        answers = [
            sign_in(known, owner.email, "wrong", f"203.0.113.{number}").status_code
            for number in range(WRONG_PER_BROWSER + 3)
        ]
        assert answers == [200] * WRONG_PER_BROWSER + [429] * 3

    def test_is_known_for_its_own_name_alone(
        self, known: Client, owner: User, marketer: User
    ) -> None:
        attack(marketer.email, WRONG_PER_NAME)
        assert sign_in(known, marketer.email, address=CAFE).status_code == 429

    def test_bears_nothing_that_opens_or_tells_who(self, known: Client, owner: User) -> None:
        cookie = known.cookies["known"]
        assert owner.email not in cookie.value
        assert cookie["httponly"]
        thief = Client()
        thief.cookies["known"] = cookie.value
        assert thief.get("/studio/").status_code == 302
        thief.cookies["known"] = cookie.value[:-2] + "xx"
        attack(owner.email, WRONG_PER_NAME)
        assert sign_in(thief, owner.email, "wrong", CAFE).status_code == 429
