"""A gift gets other symbols: the old ones are good nowhere, and nothing else about it is another."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from brands.models import Brand
from core.ids import uuid7
from redemption.audit.actors import SYSTEM, Actor
from redemption.codes import expire, hold
from redemption.codes import void as void_code
from redemption.codes.acts import ActRefused
from redemption.codes.rotate import VERSIONS_MAX, rotate
from redemption.ledger import verify
from redemption.models import AuditEntry, Code, Device, RefusedAttempt, RetiredCode, StaffMember
from redemption.redeem import redeem, write
from redemption.redeem.lookup import look_up
from redemption.redeem.reasons import Reason
from redemption.redeem.rules import ReplacedCode
from tests.cast import symbols
from tests.redemption.books import balances, issued

pytestmark = pytest.mark.usefixtures("in_brand")


@pytest.fixture
def voucher(in_brand: Brand) -> Code:
    return issued(in_brand, 1000)


def anew(code: Code, **how: Any) -> Code:
    wanted = {"actor": SYSTEM, "reason": "another address", "now": timezone.now()}
    return rotate(code_id=code.pk, **{**wanted, **how})


def taken(device: Device, text: str) -> str:
    answer = redeem.redeem(device=device, text=text, key=str(uuid7()))
    return "ok" if answer.redeemed else str(answer.body["reason"])


def test_the_old_symbols_are_good_nowhere_and_the_new_ones_are(
    voucher: Code, device: Device
) -> None:
    old = symbols(voucher)
    new = symbols(anew(voucher))
    assert new != old
    assert taken(device, old) == Reason.REPLACED
    with pytest.raises(ReplacedCode):
        look_up(device=device, text=old)
    reasons = RefusedAttempt.objects.values_list("reason", "code")
    assert set(reasons) == {(Reason.REPLACED, None)}
    assert taken(device, new) == "ok"


def test_the_money_stays_and_nothing_is_posted(voucher: Code) -> None:
    before = balances()
    again = anew(anew(voucher))
    assert balances() == before
    assert (again.amount, again.balance, again.state) == (1000, 1000, Code.State.ACTIVE)
    assert again.version == 3
    assert RetiredCode.objects.filter(code=voucher).count() == 2
    assert not [row for check in verify.CHECKS for row in verify.differences(check)]


def test_the_audit_log_says_who_and_why_and_no_symbols(voucher: Code, manager: StaffMember) -> None:
    old = symbols(voucher)
    new = symbols(anew(voucher, actor=Actor.staff(manager), reason="wrong address"))
    entry = AuditEntry.objects.get(subject=f"code:{voucher.pk}")
    assert (entry.act, entry.actor_id) == ("code.rotated", manager.pk)
    assert entry.details == {"reason": "wrong address"}
    assert old not in str(entry.details)
    assert new not in str(entry.details)


def test_a_till_that_has_read_the_old_symbols_writes_nothing(
    voucher: Code, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, spend = symbols(voucher), write.spend

    def too_late(*about: Any, **more: Any) -> bool:
        anew(voucher)
        monkeypatch.setattr(write, "spend", spend)
        return spend(*about, **more)

    monkeypatch.setattr(write, "spend", too_late)
    assert taken(device, old) == Reason.REPLACED
    voucher.refresh_from_db()
    assert voucher.balance == 1000


def test_the_control_takes_the_old_symbols(
    voucher: Code, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it was written before the version was compared."""
    blind = write.SPEND.replace("AND version = %(version)s::smallint", "")
    assert blind != write.SPEND
    monkeypatch.setattr(write, "SPEND", blind)
    old, spend = symbols(voucher), write.spend

    def too_late(*about: Any, **more: Any) -> bool:
        anew(voucher)
        return spend(*about, **more)

    monkeypatch.setattr(write, "spend", too_late)
    assert taken(device, old) == "ok"


def test_what_is_held_used_void_or_over_keeps_its_symbols(
    in_brand: Brand, voucher: Code, device: Device, manager: StaffMember
) -> None:
    who = Actor.staff(manager)
    hold.place(code_id=voucher.pk, actor=who, reason="stolen?")
    refused(voucher, "on_hold")
    hold.release(code_id=voucher.pk, actor=who, reason="no")
    redeem.redeem(device=device, text=symbols(voucher), key="part", amount=300)
    refused(voucher, "used")
    redeem.redeem(device=device, text=symbols(voucher), key="rest")
    refused(voucher, "not_good")
    gone, late = issued(in_brand, 500), issued(in_brand, 500)
    void_code.void(code_id=gone.pk, actor=who, reason="a slip")
    refused(gone, "not_good")
    after = late.expires_at + timedelta(hours=1)
    refused(late, "not_good", now=after)
    expire.expire_due(now=after)
    refused(late, "not_good", now=after)
    assert not RetiredCode.objects.exists()


def refused(code: Code, why: str, **how: Any) -> None:
    with pytest.raises(ActRefused, match=why):
        anew(code, **how)


def test_there_is_an_end_to_it(voucher: Code) -> None:
    Code.objects.filter(pk=voucher.pk).update(version=VERSIONS_MAX)
    refused(voucher, "too_often")


def test_staff_greet_whom_it_is_for_by_now(voucher: Code) -> None:
    assert anew(voucher, recipient_name="Cleo").recipient_name == "Cleo"
    assert anew(voucher).recipient_name == "Cleo"


def test_its_days_move_with_its_arrival_and_never_to_an_earlier_one(
    in_brand: Brand, voucher: Code
) -> None:
    in_brand.gift_valid_days = 365
    in_brand.save()
    now, until = timezone.now(), voucher.expires_at
    assert anew(voucher, arrives_at=now - timedelta(days=9)).expires_at == until
    later = anew(voucher, arrives_at=now + timedelta(days=4000))
    assert later.expires_at == in_brand.expiry_for(now + timedelta(days=4000))
    assert anew(voucher, arrives_at=now).expires_at == later.expires_at
