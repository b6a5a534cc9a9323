"""Who guesses at the API is stopped, and what a device may not open stays shut."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from brands.models import Store
from redemption.models import Alarm, Code, Redemption, RefusedAttempt, Reversal, WrongTries
from redemption.redeem import guess_limit
from redemption.redeem.guess_limit import (
    TRIES_IN_ALL,
    TRIES_PER_ADDRESS,
    TRIES_PER_BRAND,
    TRIES_PER_DEVICE,
)
from redemption.till import devices
from redemption.till.devices import PairedDevice
from tests.cast import symbols
from tests.figures import Figure

Ask = Callable[..., Any]
UNKNOWN = "0000-0000-0000-0000-0"
HERE, ELSEWHERE = "192.0.2.10", "192.0.2.20"


@pytest.fixture
def ask(client: Client) -> Ask:
    def send(token: str, path: str, body: object, *, key: str = "k", address: str = HERE) -> Any:
        return client.post(
            f"/api/v1/{path}",
            body,
            content_type="application/json",
            headers={"Authorization": f"Device {token}", "Idempotency-Key": key},
            REMOTE_ADDR=address,
        )

    return send


def redeem(ask: Ask, token: str, code: Code, **more: Any) -> Any:
    body = {"code": symbols(code), "choices": {"flavour": "mint"}}
    return ask(token, "redemptions/", body, **more)


def let_time_pass(wait: timedelta) -> None:
    """The rows of who is blocked, moved into the past."""
    for row in WrongTries.objects.all():
        row.since -= wait
        row.blocked_until = row.blocked_until and row.blocked_until - wait
        row.save()


class TestADeviceThatGuesses:
    @pytest.mark.parametrize("path", ["lookups/", "redemptions/"])
    def test_after_ten_wrong_codes_more_of_them_are_refused_and_good_ones_go_on(
        self, ask: Ask, paired: PairedDevice, code: Code, path: str
    ) -> None:
        for number in range(TRIES_PER_DEVICE):
            wrong = ask(paired.token, path, {"code": UNKNOWN}, key=f"wrong-{number}")
            assert wrong.status_code == 404
        refused = ask(paired.token, path, {"code": UNKNOWN}, key="wrong")
        assert refused.status_code == 429
        assert refused.json()["reason"] == "too_many_tries"
        assert 0 < int(refused["Retry-After"]) <= 301

        assert ask(paired.token, "lookups/", {"code": symbols(code)}).status_code == 200
        assert redeem(ask, paired.token, code, key="right").status_code == 201
        spent = redeem(ask, paired.token, code, key="again")
        assert (spent.status_code, spent.json()["reason"]) == (409, "already_redeemed")
        let_time_pass(timedelta(minutes=6))
        assert ask(paired.token, path, {"code": UNKNOWN}, key="late").status_code == 404

    def test_what_is_refused_in_a_row_leaves_no_rows(self, ask: Ask, paired: PairedDevice) -> None:
        for number in range(TRIES_PER_DEVICE + 30):
            ask(paired.token, "redemptions/", {"code": UNKNOWN}, key=f"wrong-{number}")
        with scopes_disabled():
            assert RefusedAttempt.objects.count() == TRIES_PER_DEVICE
            assert WrongTries.objects.get(key__startswith="hour:").count == TRIES_PER_DEVICE + 30

    def test_one_lane_that_guesses_closes_no_other_behind_the_same_token(
        self, ask: Ask, store: Store, code: Code, django_assert_num_queries: Any
    ) -> None:
        chain = devices.pair_directly(store=store, name="All lanes", profile="integration")
        ask(chain.token, "lookups/", {"code": UNKNOWN})  # seen, so the next ones need not say so
        for number in range(5 * TRIES_PER_DEVICE):
            ask(chain.token, "redemptions/", {"code": UNKNOWN}, key=f"wrong-{number}")
        with django_assert_num_queries(2):
            assert redeem(ask, chain.token, code, address=ELSEWHERE).status_code == 201

    def test_one_shops_wrong_codes_are_nothing_to_another_behind_the_same_address(
        self, ask: Ask, paired: PairedDevice, code: Code, store: Store, other_store: Store
    ) -> None:
        """Two brands in one hall, one address: thirty wrong codes of one, and of strangers there."""
        eve = devices.pair_directly(store=other_store, name="Eve's", profile="integration")
        for number in range(TRIES_PER_ADDRESS + 10):
            ask(eve.token, "lookups/", {"code": UNKNOWN}, key=f"wrong-{number}")
            ask("nobody", "lookups/", {"code": UNKNOWN})
        assert ask(eve.token, "lookups/", {"code": UNKNOWN}).status_code == 429
        assert ask(paired.token, "lookups/", {"code": UNKNOWN}).status_code == 404
        assert redeem(ask, paired.token, code).status_code == 201

    def test_far_over_the_limit_a_manager_is_asked_for_and_good_codes_still_go_on(
        self, ask: Ask, paired: PairedDevice, code: Code, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(guess_limit, "TRIES_PER_DEVICE_AND_HOUR", 3 * TRIES_PER_DEVICE)
        for number in range(3 * TRIES_PER_DEVICE):
            ask(paired.token, "lookups/", {"code": UNKNOWN}, key=f"wrong-{number}")
        refused = ask(paired.token, "lookups/", {"code": UNKNOWN})
        assert (refused.status_code, refused.json()["reason"]) == (429, "manager_needed")
        let_time_pass(timedelta(hours=2))
        assert ask(paired.token, "redemptions/", {"code": UNKNOWN}).status_code == 429
        assert redeem(ask, paired.token, code, key="right").status_code == 201
        with scopes_disabled():
            alarm = Alarm.objects.get()
        assert (alarm.device, alarm.brand) == (paired.device, paired.device.brand)
        let_time_pass(guess_limit.HELD_FOR)
        assert ask(paired.token, "lookups/", {"code": UNKNOWN}).status_code == 404

    def test_another_device_of_the_store_goes_on(
        self, ask: Ask, paired: PairedDevice, code: Code, store: Store
    ) -> None:
        beside = devices.pair_directly(store=store, name="Second tablet", profile="integration")
        for number in range(TRIES_PER_DEVICE):
            ask(paired.token, "lookups/", {"code": UNKNOWN}, key=f"wrong-{number}")
        assert redeem(ask, beside.token, code).status_code == 201

    def test_what_was_answered_before_the_block_is_answered_again(
        self, ask: Ask, paired: PairedDevice, code: Code
    ) -> None:
        first = redeem(ask, paired.token, code, key="mine")
        for _time in range(TRIES_PER_DEVICE):
            ask(paired.token, "lookups/", {"code": UNKNOWN})
        again = redeem(ask, paired.token, code, key="mine")
        assert (again.status_code, again.content) == (201, first.content)

    def test_the_owner_hears_of_a_run_of_them(self, ask: Ask, store: Store) -> None:
        for number in range(TRIES_PER_BRAND // TRIES_PER_DEVICE):
            token = devices.pair_directly(
                store=store, name=f"Till {number}", profile="integration"
            ).token
            for _time in range(TRIES_PER_DEVICE):
                ask(token, "lookups/", {"code": UNKNOWN}, address=f"198.51.100.{number}")
        with scopes_disabled():
            assert Alarm.objects.get().brand_id == store.brand_id


class TestUnknownTokens:
    def test_after_thirty_an_address_waits(
        self, ask: Ask, paired: PairedDevice, code: Code
    ) -> None:
        paths = ["lookups/", "redemptions/", f"redemptions/{code.pk}/reversal/"]
        for number in range(TRIES_PER_ADDRESS):
            body = {"code": symbols(code)}
            assert ask("nobody", paths[number % 3], body).status_code == 401
        for path in paths:
            refused = ask("nobody", path, {"code": symbols(code)})
            assert refused.status_code == 429
            assert refused["Content-Type"] == "application/problem+json"
            assert refused.json()["reason"] == "too_many_tries"
            assert 0 < int(refused["Retry-After"]) <= 301
        assert ask("nobody", "lookups/", {}, address=ELSEWHERE).status_code == 401

    def test_a_right_token_from_there_is_let_in(
        self, ask: Ask, paired: PairedDevice, code: Code
    ) -> None:
        for _time in range(TRIES_PER_ADDRESS + 1):
            ask("nobody", "lookups/", {"code": UNKNOWN})
        assert redeem(ask, paired.token, code).status_code == 201


class TestProfiles:
    @pytest.mark.parametrize(
        ("profile", "looking", "acting"),
        [("pos", 403, 403), ("integration", 200, 201), ("display", 200, 403)],
    )
    def test_each_opens_its_own_routes(
        self, ask: Ask, store: Store, code: Code, profile: str, looking: int, acting: int
    ) -> None:
        token = devices.pair_directly(store=store, name="It", profile=profile).token
        assert ask(token, "lookups/", {"code": symbols(code)}).status_code == looking
        redeemed = redeem(ask, token, code)
        assert redeemed.status_code == acting
        with scopes_disabled():
            made = Redemption.objects.first()
            reversal = ask(
                token, f"redemptions/{made.pk if made else code.pk}/reversal/", {"reason": "no"}
            )
            assert reversal.status_code == acting
            assert Reversal.objects.exists() == Redemption.objects.exists() == (acting == 201)
        if acting == 403:
            assert redeemed["Content-Type"] == "application/problem+json"
            assert redeemed.json()["reason"] == "permission_denied"

    @pytest.mark.parametrize(("profile", "status"), [("integration", 403), ("display", 403)])
    def test_till_pages_are_for_tablets(
        self, client: Client, store: Store, profile: str, status: int
    ) -> None:
        token = devices.pair_directly(store=store, name="It", profile=profile).token
        client.cookies["device"] = token
        page = client.get("/till/staff/")
        assert page.status_code == status
        assert "Not a counter device" in page.content.decode()


class TestPairing:
    def test_wrong_pairing_texts_are_slowed_down(self, client: Client, store: Store) -> None:
        for _time in range(TRIES_PER_ADDRESS):
            assert client.post("/till/pair/", {"token": "wrong"}).status_code == 422
        assert client.post("/till/pair/", {"token": "wrong"}).status_code == 429
        _device, token = devices.invite(store=store, name="Counter")
        assert client.post("/till/pair/", {"token": token}).status_code == 302


@pytest.mark.stress
def test_ten_thousand_guesses_from_two_hundred_addresses_raise_an_alarm(
    client: Client, paired: PairedDevice, code: Code, ask: Ask, figure: Figure
) -> None:
    """Whoever runs the machine hears of it; the addresses wait; the tills do not."""
    tries, told_after = 10_000, 0
    answers: Counter[int] = Counter()
    started = time.monotonic()
    for number in range(tries):
        address = f"203.0.{number % 200}.9"
        answers[ask("nobody", "lookups/", {"code": UNKNOWN}, address=address).status_code] += 1
        if not told_after and number % 100 == 99:
            with scopes_disabled():
                told_after = number + 1 if Alarm.objects.filter(brand=None).exists() else 0
    seconds = time.monotonic() - started
    assert answers == {401: 200 * TRIES_PER_ADDRESS, 429: tries - 200 * TRIES_PER_ADDRESS}
    with scopes_disabled():
        assert Alarm.objects.get().count == TRIES_IN_ALL
    assert redeem(ask, paired.token, code).status_code == 201
    figure(
        "I13",
        "wrong tokens from 200 addresses, over HTTP",
        size=f"{tries:,} tries in {seconds:.0f} s",
        result=f"alarm after {told_after:,}, every address waits, a till goes on",
    )
