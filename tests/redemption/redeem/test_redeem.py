from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope

from brands.models import Store
from redemption.codes import choose
from redemption.models import (
    Account,
    Code,
    Device,
    IdempotencyRecord,
    Posting,
    Redemption,
    RefusedAttempt,
    StaffMember,
)
from redemption.redeem import guess_limit, redeem, snapshot, write
from redemption.till import devices
from tests.cast import MINT, make_amount, put_on_hold, symbols


def test_a_treat_is_redeemed_whole(device: Device, code: Code, cashier: StaffMember) -> None:
    answer = redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT, staff=cashier)
    assert answer.status_code == 201
    assert answer.body["redeemed"] == {"amount": 650, "currency": "USD"}
    assert answer.body["balance"] == {"amount": 0, "currency": "USD"}
    code.refresh_from_db()
    assert (code.state, code.balance) == (Code.State.REDEEMED, 0)
    with scope(brand=device.brand):
        redemption = Redemption.objects.get(pk=answer.body["id"])
    assert (redemption.store_id, redemption.staff_id) == (device.store_id, cashier.pk)


def test_the_debt_becomes_a_sale(device: Device, code: Code) -> None:
    redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
    with scope(brand=device.brand):
        legs = Posting.objects.filter(entry__kind="redemption").values_list("account", "amount")
        assert set(legs) == {(Account.GIFT_LIABILITY, 650), (Account.SALES, -650)}


def test_a_franchisee_is_owed_what_it_served(device_b: Device, code: Code) -> None:
    redeem.redeem(device=device_b, text=symbols(code), key="a", picks=MINT)
    with scope(brand=device_b.brand):
        posting = Posting.objects.get(account=Account.STORE_PAYABLE)
    assert (posting.amount, posting.store_id) == (-650, device_b.store_id)


def test_a_second_redemption_is_refused_and_told_of_the_first(device: Device, code: Code) -> None:
    redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
    answer = redeem.redeem(device=device, text=symbols(code), key="b", picks=MINT)
    assert (answer.status_code, answer.body["reason"]) == (409, "already_redeemed")
    assert answer.body["first_use"]["store"] == device.store.name
    assert answer.body["first_use"]["amount"] == {"amount": 650, "currency": "USD"}


def test_open_choices_are_asked_for_and_the_key_stays_free(device: Device, code: Code) -> None:
    answer = redeem.redeem(device=device, text=symbols(code), key="a")
    assert (answer.status_code, answer.body["reason"]) == (422, "choices_required")
    assert [choice["key"] for choice in answer.body["choices"]] == ["flavour"]
    assert not IdempotencyRecord.objects.exists()
    assert redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT).redeemed


def test_extras_are_charged_over_the_gift(device: Device, code: Code) -> None:
    answer = redeem.redeem(
        device=device, text=symbols(code), key="a", picks={"flavour": "pistachio"}
    )
    assert answer.body["extra"] == {"amount": 50, "currency": "USD"}
    assert answer.body["redeemed"]["amount"] == 650


@pytest.mark.parametrize(
    "picks",
    [{"flavour": "gravel"}, {"size": "large"}, {"hat": "red"}, {"flavour": ["mint", "vanilla"]}],
)
def test_what_the_gift_does_not_offer_is_refused(device: Device, code: Code, picks: object) -> None:
    answer = redeem.redeem(device=device, text=symbols(code), key="a", picks=picks)  # type: ignore[arg-type]
    assert (answer.status_code, answer.body["reason"]) == (422, "invalid")
    code.refresh_from_db()
    assert code.balance == 650


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": "voided", "balance": 0}, "voided"),
        ({"state": "expired", "balance": 0}, "expired"),
        ({"valid_from": timedelta(days=-9), "expires_at": timedelta(seconds=-1)}, "expired"),
        ({"valid_from": timedelta(days=1)}, "not_yet_valid"),
    ],
)
def test_each_refusal_has_its_reason(
    device: Device, code: Code, change: dict[str, object], reason: str
) -> None:
    now = timezone.now()
    moved = {k: now + v if isinstance(v, timedelta) else v for k, v in change.items()}
    Code._base_manager.filter(pk=code.pk).update(**moved)
    answer = redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
    assert (answer.status_code, answer.body["reason"]) == (409, reason)


def test_a_code_on_hold_is_refused(device: Device, code: Code) -> None:
    put_on_hold(code)
    answer = redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
    assert (answer.status_code, answer.body["reason"]) == (409, "on_hold")


def test_a_code_for_other_stores_says_only_that(device: Device, store_b: Store, code: Code) -> None:
    Code._base_manager.filter(pk=code.pk).update(store_ids=[store_b.pk])
    answer = redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
    assert answer.body["reason"] == "wrong_store"
    assert "gift" not in answer.body
    assert "choices" not in answer.body


@pytest.mark.parametrize("text", ["", "nonsense", "0000-0000-0000-0000-0", "x" * 64])
def test_what_is_no_code_is_unknown(device: Device, text: str) -> None:
    answer = redeem.redeem(device=device, text=text, key="a")
    assert (answer.status_code, answer.body["reason"]) == (404, "unknown_code")


def test_another_brands_code_looks_like_no_code(eves_device: Device, code: Code) -> None:
    foreign = redeem.redeem(device=eves_device, text=symbols(code), key="a", picks=MINT)
    unknown = redeem.redeem(device=eves_device, text="nonsense", key="b")
    assert foreign == unknown
    code.refresh_from_db()
    assert code.balance == 650


class TestValueGifts:
    """An amount that can be spent in parts."""

    @pytest.fixture
    def value_code(self, code: Code) -> Code:
        make_amount(code)
        return code

    def test_a_part_can_be_spent(self, device: Device, value_code: Code) -> None:
        answer = redeem.redeem(device=device, text=symbols(value_code), key="a", amount=200)
        assert answer.body["balance"]["amount"] == 450
        value_code.refresh_from_db()
        assert (value_code.state, value_code.balance) == (Code.State.ACTIVE, 450)

    def test_more_than_is_left_is_refused(self, device: Device, value_code: Code) -> None:
        answer = redeem.redeem(device=device, text=symbols(value_code), key="a", amount=651)
        assert (answer.status_code, answer.body["reason"]) == (409, "insufficient_balance")
        assert answer.body["balance"] == {"amount": 650, "currency": "USD"}

    def test_nothing_is_not_an_amount(self, device: Device, value_code: Code) -> None:
        answer = redeem.redeem(device=device, text=symbols(value_code), key="a", amount=0)
        assert (answer.status_code, answer.body["reason"]) == (422, "invalid")

    def test_without_an_amount_all_that_is_left_goes(
        self, device: Device, value_code: Code
    ) -> None:
        redeem.redeem(device=device, text=symbols(value_code), key="a", amount=200)
        answer = redeem.redeem(device=device, text=symbols(value_code), key="b")
        assert answer.body["redeemed"]["amount"] == 450
        value_code.refresh_from_db()
        assert value_code.state == Code.State.REDEEMED

    @pytest.mark.parametrize(("bill", "taken"), [(500, 500), (650, 650), (9000, 650)])
    def test_without_an_amount_the_basket_is_the_most(
        self, device: Device, value_code: Code, bill: int, taken: int
    ) -> None:
        answer = redeem.redeem(device=device, text=symbols(value_code), key="a", basket_total=bill)
        assert answer.body["redeemed"]["amount"] == taken
        assert answer.body["balance"]["amount"] == 650 - taken

    @pytest.mark.parametrize("bill", [500, 0])
    def test_more_than_the_basket_is_refused(
        self, device: Device, value_code: Code, bill: int
    ) -> None:
        answer = redeem.redeem(
            device=device, text=symbols(value_code), key="a", amount=600, basket_total=bill
        )
        assert (answer.status_code, answer.body["reason"]) == (422, "invalid")
        assert Code._base_manager.get(pk=value_code.pk).balance == value_code.balance

    def test_a_basket_of_nothing_takes_nothing(self, device: Device, value_code: Code) -> None:
        answer = redeem.redeem(device=device, text=symbols(value_code), key="a", basket_total=0)
        assert (answer.status_code, answer.body["reason"]) == (422, "invalid")


def test_a_treat_is_never_redeemed_in_part(device: Device, code: Code) -> None:
    answer = redeem.redeem(device=device, text=symbols(code), key="a", amount=100, picks=MINT)
    assert (answer.status_code, answer.body["reason"]) == (422, "invalid")


def test_a_redemption_costs_two_statements(
    device: Device, code: Code, django_assert_num_queries: Any
) -> None:
    Device._base_manager.update(last_seen_at=timezone.now())  # noted once a minute, by a third
    with django_assert_num_queries(2):
        assert redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT).redeemed


def test_who_changed_the_code_meanwhile_wins(
    device: Device, code: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the write the gift is put on hold: the write finds it changed."""
    look = snapshot.read
    looks = []

    def look_and_be_overtaken(**asked: Any) -> snapshot.Snapshot:
        seen = look(**asked)
        if not looks:
            put_on_hold(code)
        looks.append(seen)
        return seen

    monkeypatch.setattr(snapshot, "read", look_and_be_overtaken)
    answer = redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
    assert answer.body["reason"] == "on_hold"
    assert len(looks) == 3  # once more without the code in hand, then holding it
    with scope(brand=device.brand):
        assert not Redemption.objects.exists()


@pytest.mark.parametrize("guarded", [True, False])
def test_what_the_recipient_saved_meanwhile_is_what_is_redeemed(
    device: Device, code: Code, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """Between the look and the write the recipient picks another flavour, and reads that it was saved. The
    control writes as it did before the picks were compared, and hands over the other one."""
    with scope(brand=device.brand):
        choose.choose(code_id=code.pk, picks={"flavour": ["vanilla"]})
    if not guarded:
        blind = write.SPEND.replace("AND picks = %(picks_read)s::jsonb", "")
        assert blind != write.SPEND
        monkeypatch.setattr(write, "SPEND", blind)
    look, looks = snapshot.read, []

    def look_and_be_overtaken(**asked: Any) -> snapshot.Snapshot:
        seen = look(**asked)
        if not looks:
            with scope(brand=device.brand):
                choose.choose(code_id=code.pk, picks=MINT)
        looks.append(seen)
        return seen

    monkeypatch.setattr(snapshot, "read", look_and_be_overtaken)
    answer = redeem.redeem(device=device, text=symbols(code), key="a")
    assert answer.redeemed
    picked = {choice["key"]: choice["picked"] for choice in answer.body["choices"]}
    with scope(brand=device.brand):
        kept = Redemption.objects.get().picks
    assert picked["flavour"] == kept["flavour"] == (["mint"] if guarded else ["vanilla"])


def test_a_device_revoked_meanwhile_is_a_stranger(
    device: Device, code: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = snapshot.read

    def look_and_be_revoked(**asked: Any) -> snapshot.Snapshot:
        seen = look(**asked)
        devices.revoke(device=device)
        return seen

    monkeypatch.setattr(snapshot, "read", look_and_be_revoked)
    with pytest.raises(snapshot.StrangeDevice):
        redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
    code.refresh_from_db()
    assert code.balance == 650


def test_refused_attempts_are_kept(device: Device, code: Code, cashier: StaffMember) -> None:
    redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
    redeem.redeem(device=device, text=symbols(code), key="b", picks=MINT, staff=cashier)
    redeem.redeem(device=device, text="nonsense", key="c")
    with scope(brand=device.brand):
        kept = RefusedAttempt.objects.order_by("pk").values_list("reason", "code", "staff", "act")
        assert list(kept) == [
            ("already_redeemed", code.pk, cashier.pk, "redemption"),
            ("unknown_code", None, None, "redemption"),
        ]


def test_whoever_gave_it_as_goodwill_may_not_redeem_it(
    device: Device, code: Code, cashier: StaffMember, manager: StaffMember
) -> None:
    Code._base_manager.filter(pk=code.pk).update(issued_by=manager.pk)

    def asked_by(staff: StaffMember | None, key: str) -> redeem.Answer:
        return redeem.redeem(
            device=device,
            text=symbols(code),
            key=key,
            picks=MINT,
            staff=staff,
            signed_in=staff is not None,
        )

    assert asked_by(manager, "1").body["reason"] == "second_person"
    assert asked_by(None, "2").body["reason"] == "second_person"
    assert asked_by(cashier, "3").redeemed


def test_a_device_that_tries_too_much_tries_no_more_and_redeems_on(
    device: Device, code: Code
) -> None:
    now = timezone.now()
    for n in range(guess_limit.TRIES_PER_DEVICE):
        redeem.redeem(device=device, text="nonsense", key=f"no {n}", now=now)
    refused = redeem.redeem(device=device, text="nonsense", key="a", now=now)
    assert (refused.status_code, refused.body["reason"]) == (429, "too_many_tries")
    assert refused.body["retry_after"] > 0
    assert redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT, now=now).redeemed
    later = now + guess_limit.BLOCKED_FOR + timedelta(seconds=1)
    unknown = redeem.redeem(device=device, text="nonsense", key="b", now=later)
    assert unknown.status_code == 404
