"""The REST contract, as a till sees it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django_scopes import scope

from brands.models import Store
from redemption.code_format import grouped
from redemption.models import Code, Device, StaffMember
from redemption.till import devices
from redemption.till.devices import PairedDevice
from tests.cast import make_amount, symbols

Post = Callable[..., Any]
UNKNOWN = "0000-0000-0000-0000-0"


@pytest.fixture
def post(client: Client, paired: PairedDevice) -> Post:
    def send(
        path: str, body: object, *, key: str | None = None, auth: str | None = None
    ) -> HttpResponse:
        headers = {"Authorization": auth if auth is not None else f"Device {paired.token}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        return client.post(  # type: ignore[return-value]
            f"/api/v1/{path}", body, content_type="application/json", headers=headers
        )

    return send


def redeem(post: Post, gift: Code, key: str = "k", **body: Any) -> Any:
    return post(
        "redemptions/", {"code": symbols(gift), "choices": {"flavour": "mint"}, **body}, key=key
    )


class TestLookups:
    def test_a_good_code_is_redeemable(self, post: Post, code: Code) -> None:
        answer = post("lookups/", {"code": grouped(symbols(code))})
        assert answer.status_code == 200
        body = answer.json()
        assert body["status"] == "redeemable"
        assert body["gift"]["label"] == "Double scoop, Regular"
        assert body["gift"]["kind"] == "item"
        assert body["gift"]["recipient_name"] == "Ben"
        assert body["gift"]["balance"] == {"amount": 650, "currency": "USD"}
        assert [choice["key"] for choice in body["gift"]["choices"]] == ["size", "flavour"]

    def test_a_spent_code_tells_its_first_use(self, post: Post, code: Code) -> None:
        redeem(post, code)
        body = post("lookups/", {"code": symbols(code)}).json()
        assert (body["status"], body["reason"]) == ("refused", "already_redeemed")
        assert body["gift"]["first_use"]["store"] == "Pike Street"

    def test_it_changes_nothing_but_notes_the_first(self, post: Post, code: Code) -> None:
        rows = Code._base_manager.filter(pk=code.pk).values()
        before = rows[0]
        post("lookups/", {"code": symbols(code)})
        first = rows.all()[0]
        assert before["looked_at"] is None
        assert first == {**before, "looked_at": first["looked_at"]}
        assert first["looked_at"] is not None
        post("lookups/", {"code": symbols(code)})
        assert rows.all()[0] == first

    @pytest.mark.parametrize("text", [UNKNOWN, "nonsense", "7Q4K"])
    def test_unknown_codes_look_alike(self, post: Post, text: str) -> None:
        answer = post("lookups/", {"code": text})
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.content == post("lookups/", {"code": UNKNOWN}).content
        assert answer.json()["reason"] == "unknown_code"

    def test_another_brands_device_learns_nothing(
        self, post: Post, code: Code, other_store: Store
    ) -> None:
        token = devices.pair_directly(store=other_store, name="Eve's", profile="integration").token
        foreign = post("lookups/", {"code": symbols(code)}, auth=f"Device {token}")
        assert foreign.status_code == 404
        assert foreign.content == post("lookups/", {"code": UNKNOWN}).content


class TestRedemptions:
    def test_a_gift_is_redeemed(self, post: Post, code: Code) -> None:
        answer = redeem(post, code)
        assert answer.status_code == 201
        body = answer.json()
        assert body["status"] == "redeemed"
        assert body["redeemed"] == {"amount": 650, "currency": "USD"}
        assert body["balance"] == {"amount": 0, "currency": "USD"}

    def test_a_replay_says_so_and_is_identical(self, post: Post, code: Code) -> None:
        first, again = redeem(post, code), redeem(post, code)
        assert again.status_code == 201
        assert again.content == first.content
        assert again.headers["Idempotent-Replayed"] == "true"
        assert "Idempotent-Replayed" not in first.headers

    def test_the_key_is_required(self, post: Post, code: Code) -> None:
        answer = post("redemptions/", {"code": symbols(code)})
        assert answer.status_code == 400
        assert "Idempotency-Key" in answer.json()["errors"]

    @pytest.mark.parametrize("key", ["", " ", "x" * 256, "schlüssel"])
    def test_a_strange_key_is_refused(self, post: Post, code: Code, key: str) -> None:
        assert redeem(post, code, key=key).status_code == 400

    def test_a_key_in_quotes_is_the_key_without(self, post: Post, code: Code) -> None:
        first = redeem(post, code, key='"till-3-17"')
        again = redeem(post, code, key="till-3-17")
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.content == first.content
        assert again.headers["Idempotent-Replayed"] == "true"

    @pytest.mark.parametrize("key", ['""', f'"{"x" * 256}"', '"a b"'])
    def test_quotes_make_no_key_of_what_is_none(self, post: Post, code: Code, key: str) -> None:
        assert redeem(post, code, key=key).status_code == 400

    @pytest.mark.parametrize("amount", [0, -5, {"amount": 0, "currency": "USD"}])
    def test_no_amount_is_a_wrong_field(self, post: Post, code: Code, amount: object) -> None:
        answer = redeem(post, code, amount=amount)
        assert (answer.status_code, answer.json()["reason"]) == (400, "invalid")
        assert "amount" in answer.json()["errors"]

    def test_open_choices_are_named(self, post: Post, code: Code) -> None:
        answer = post("redemptions/", {"code": symbols(code)}, key="k")
        assert answer.status_code == 422
        body = answer.json()
        assert body["reason"] == "choices_required"
        assert body["choices"][0]["options"][1] == {"key": "mint", "label": "Mint", "extra": 0}

    def test_the_same_key_with_another_body_is_refused(self, post: Post, code: Code) -> None:
        redeem(post, code)
        answer = redeem(post, code, choices={"flavour": "vanilla"})
        assert (answer.status_code, answer.json()["reason"]) == (422, "idempotency_key_reused")

    def test_a_spent_gift_is_refused(self, post: Post, code: Code) -> None:
        redeem(post, code)
        answer = redeem(post, code, key="other")
        assert answer.status_code == 409
        assert answer.json()["reason"] == "already_redeemed"
        assert answer.json()["first_use"]["store"] == "Pike Street"

    def test_money_is_an_object_or_minor_units(self, post: Post, code: Code) -> None:
        make_amount(code)
        as_object = {"amount": 100, "currency": "USD"}
        assert redeem(post, code, "1", amount=as_object, choices={}).status_code == 201
        answer = redeem(post, code, "2", amount=50, basket_total=as_object, choices={})
        assert answer.json()["balance"]["amount"] == 500

    def test_another_currency_is_refused(self, post: Post, code: Code) -> None:
        answer = redeem(post, code, amount={"amount": 100, "currency": "EUR"})
        assert answer.status_code == 400
        assert "amount" in answer.json()["errors"]

    @pytest.mark.parametrize(
        "body",
        [
            {"amount": -1},
            {"amount": 6.5},
            {"amount": "650"},
            {"amount": True},
            {"amount": 2**40},
            {"choices": "mint"},
            {"choices": {"flavour": 1}},
            {"basket_total": {"amount": 1}},
            {"staff": "Dana"},
            {"colour": "red"},
            {"code": None},
            {"code": "x" * 301},
        ],
    )
    def test_bad_input_is_named(self, post: Post, code: Code, body: dict[str, object]) -> None:
        answer = redeem(post, code, **body)
        assert answer.status_code == 400
        assert set(answer.json()["errors"]) & set(body)

    def test_who_served_can_be_said(self, post: Post, code: Code, cashier: StaffMember) -> None:
        answer = redeem(post, code, staff=str(cashier.pk))
        assert answer.status_code == 201

    def test_staff_of_another_store_are_refused(
        self, post: Post, code: Code, cashier: StaffMember, store_b: Store
    ) -> None:
        with scope(brand=store_b.brand):
            cashier.stores.set([store_b])
        assert redeem(post, code, staff=str(cashier.pk)).status_code == 400


class TestReversals:
    def test_a_redemption_is_taken_back(self, post: Post, code: Code) -> None:
        made = redeem(post, code).json()
        answer = post(f"redemptions/{made['id']}/reversal/", {"reason": "wrong recipient"})
        assert answer.status_code == 201
        assert answer.json()["balance"] == {"amount": 650, "currency": "USD"}

    def test_twice_is_refused(self, post: Post, code: Code) -> None:
        made = redeem(post, code).json()
        post(f"redemptions/{made['id']}/reversal/", {"reason": "wrong recipient"})
        answer = post(f"redemptions/{made['id']}/reversal/", {"reason": "wrong recipient"})
        assert (answer.status_code, answer.json()["reason"]) == (409, "already_reversed")

    def test_after_the_window_it_is_refused(self, post: Post, code: Code, store: Store) -> None:
        store.brand.reversal_window_seconds = 0
        store.brand.save()
        made = redeem(post, code).json()
        answer = post(f"redemptions/{made['id']}/reversal/", {"reason": "wrong recipient"})
        assert (answer.status_code, answer.json()["reason"]) == (409, "window_passed")

    @pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " "}, {"reason": "x" * 201}])
    def test_a_reason_is_needed(self, post: Post, code: Code, body: dict[str, str]) -> None:
        made = redeem(post, code).json()
        assert post(f"redemptions/{made['id']}/reversal/", body).status_code == 400

    def test_what_is_not_known_is_404(self, post: Post) -> None:
        answer = post("redemptions/01890000-0000-7000-8000-000000000000/reversal/", {"reason": "x"})
        assert answer.status_code == 404


class TestWhoMay:
    @pytest.mark.parametrize("auth", ["", "Device", "Device nobody", "Basic YTpi", "Device a b"])
    def test_strangers_are_refused(self, post: Post, code: Code, auth: str) -> None:
        answer = post("lookups/", {"code": symbols(code)}, auth=auth)
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["WWW-Authenticate"] == "Device"

    def test_a_revoked_device_is_refused_at_once(
        self, post: Post, code: Code, device: Device
    ) -> None:
        devices.revoke(device=device)
        assert redeem(post, code).status_code == 401

    def test_a_display_may_not_redeem(self, post: Post, code: Code, store: Store) -> None:
        token = devices.pair_directly(store=store, name="Screen", profile="display").token
        auth = f"Device {token}"
        assert post("lookups/", {"code": symbols(code)}, auth=auth).status_code == 200
        answer = post("redemptions/", {"code": symbols(code)}, key="k", auth=auth)
        assert (answer.status_code, answer.json()["reason"]) == (403, "permission_denied")

    def test_an_api_key_is_a_till_systems_token(self, post: Post, code: Code, store: Store) -> None:
        token = devices.pair_directly(store=store, name="Till", profile="integration").token
        body = {"code": symbols(code)}
        assert post("lookups/", body, auth=f"Bearer {token}").status_code == 200
        assert post("lookups/", body, auth=f"Device {token}").status_code == 200
        display = devices.pair_directly(store=store, name="Screen", profile="display").token
        assert post("lookups/", body, auth=f"Bearer {display}").status_code == 401

    @pytest.mark.parametrize("scheme", ["Device", "Bearer"])
    def test_a_tablets_token_is_for_its_pages_alone(
        self, client: Client, post: Post, code: Code, store: Store, scheme: str
    ) -> None:
        """Whoever copied a tablet's cookie has no API with it, and a program's key opens no page."""
        tablet = devices.pair_directly(store=store, name="Tablet").token
        auth, body = f"{scheme} {tablet}", {"code": symbols(code)}
        answers = [
            post("lookups/", body, auth=auth),
            post("redemptions/", {**body, "choices": {"flavour": "mint"}}, key="k", auth=auth),
            post(f"redemptions/{code.pk}/reversal/", {"reason": "no"}, auth=auth),
        ]
        refused = 403 if scheme == "Device" else 401
        assert [answer.status_code for answer in answers] == [refused] * 3
        code.refresh_from_db()
        assert code.balance == 650
        client.cookies["device"] = tablet
        assert client.get("/till/staff/").status_code == 200, "the control"
        for profile in ("integration", "display"):
            token = devices.pair_directly(store=store, name="It", profile=profile).token
            client.cookies["device"] = token
            assert client.get("/till/staff/").status_code == 403

    def test_a_look_up_costs_three_queries_at_most(
        self, post: Post, code: Code, django_assert_max_num_queries: Any
    ) -> None:
        body = {"code": symbols(code)}
        with django_assert_max_num_queries(3):
            post("lookups/", body)


@pytest.mark.parametrize("raw", ["[" * 60_000, "", "{", "[]", "null", '"code"', '{"code": {}}'])
def test_a_body_that_is_no_request_is_400(client: Client, paired: PairedDevice, raw: str) -> None:
    answer = client.post(
        "/api/v1/lookups/",
        raw,
        content_type="application/json",
        headers={"Authorization": f"Device {paired.token}"},
    )
    assert answer.status_code == 400
    assert answer.json()["status"] == 400


def test_get_is_not_allowed(client: Client, paired: PairedDevice) -> None:
    answer = client.get("/api/v1/lookups/", headers={"Authorization": f"Device {paired.token}"})
    assert answer.status_code == 405
