"""The same key again: the same answer, and nothing happens twice."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_scopes import scope

from core import crypto
from redemption.models import (
    Code,
    Device,
    IdempotencyRecord,
    Redemption,
    RefusedAttempt,
    StaffMember,
)
from redemption.redeem import redeem
from tests.cast import MINT, symbols


def test_the_same_key_gives_the_same_answer(device: Device, code: Code) -> None:
    first = redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
    again = redeem.redeem(device=device, text=symbols(code).lower(), key="a", picks=MINT)
    assert again.replayed
    assert (again.status_code, again.body) == (first.status_code, first.body)
    with scope(brand=device.brand):
        assert Redemption.objects.count() == 1


def test_a_refusal_is_repeated_too(device: Device, code: Code) -> None:
    redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
    first = redeem.redeem(device=device, text=symbols(code), key="b", picks=MINT)
    again = redeem.redeem(device=device, text=symbols(code), key="b", picks=MINT)
    assert again.replayed
    assert again.body == first.body


def test_a_key_cannot_stand_for_another_request(device: Device, code: Code) -> None:
    redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
    other = redeem.redeem(device=device, text=symbols(code), key="a", picks={"flavour": "vanilla"})
    assert (other.status_code, other.body["reason"]) == (422, "idempotency_key_reused")


def test_a_key_is_looked_at_even_for_what_is_no_code(device: Device, code: Code) -> None:
    redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
    other = redeem.redeem(device=device, text="nonsense", key="a")
    assert (other.status_code, other.body["reason"]) == (422, "idempotency_key_reused")


def test_another_cashier_may_repeat_a_request(
    device: Device, code: Code, cashier: StaffMember
) -> None:
    first = redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
    again = redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT, staff=cashier)
    assert again.replayed
    assert again.body == first.body


def test_what_is_kept_of_a_request_is_keyed(device: Device, code: Code, settings: Any) -> None:
    """A stolen dump must not let codes be tried without the pepper."""
    redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
    kept = bytes(IdempotencyRecord.objects.get().request_digest)
    asked = redeem.Request(
        symbols=symbols(code),
        key="a",
        amount=None,
        picks=MINT,
        basket_total=None,
        staff_id=None,
        signed_in=False,
        client_time=None,
        currencies={},
    )
    assert kept == crypto.digest(asked.words())
    settings.CODE_PEPPERS = {1: b"another".ljust(32)}
    assert kept != crypto.digest(asked.words())


def test_two_devices_may_use_the_same_key(device: Device, device_b: Device, code: Code) -> None:
    assert redeem.redeem(device=device, text=symbols(code), key="1", picks=MINT).redeemed
    answer = redeem.redeem(device=device_b, text=symbols(code), key="1", picks=MINT)
    assert answer.body["reason"] == "already_redeemed"


def test_a_repeat_costs_one(device: Device, code: Code, django_assert_num_queries: Any) -> None:
    redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT)
    with django_assert_num_queries(1):
        assert redeem.redeem(device=device, text=symbols(code), key="a", picks=MINT).replayed


def test_a_till_fills_no_table_with_refusals_and_redeems_all_the_while(
    device: Device, code: Code, every_brand: None, settings: Any
) -> None:
    settings.REFUSALS_PER_MINUTE = 3  # of any code; of one, a thirtieth, but three at least
    spent, now = code, timezone.now()
    redeem.redeem(device=device, text=symbols(spent), key="first", picks=MINT, now=now)
    answers = [
        redeem.redeem(device=device, text=symbols(spent), key=f"again-{n}", now=now)
        for n in range(5)
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 409, 429, 429]
    assert answers[-1].body["retry_after"] == 60
    assert RefusedAttempt.objects.count() == 3
    assert IdempotencyRecord.objects.count() == 4
    later = redeem.redeem(
        device=device, text=symbols(spent), key="again-4", now=now + timedelta(minutes=1)
    )
    assert later.status_code == 409, "what was not kept is answered when it is asked again"


def test_one_spent_code_under_new_keys_fills_no_table_and_slows_no_other(
    device: Device, code: Code, every_brand: None, settings: Any
) -> None:
    settings.REFUSALS_PER_MINUTE = 300
    now = timezone.now()
    redeem.redeem(device=device, text=symbols(code), key="first", picks=MINT, now=now)
    long = "k" * 250
    answers = [
        redeem.redeem(device=device, text=symbols(code), key=f"{long}{n}", now=now)
        for n in range(40)
    ]

    assert [answer.status_code for answer in answers] == [409] * 10 + [429] * 30
    assert RefusedAttempt.objects.count() == 10
    assert IdempotencyRecord.objects.count() == 11
    Code._base_manager.filter(pk=code.pk).update(state="active", balance=650)
    good = redeem.redeem(device=device, text=symbols(code), key="good", picks=MINT, now=now)
    assert good.redeemed, "a good code is never counted among the refused"
