from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from redemption import tasks
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.codes import expire, hold
from redemption.codes import issue as issue_codes
from redemption.codes.acts import ActRefused
from redemption.codes.expire import CODES_AT_ONCE
from redemption.models import Account, AuditEntry, Code, Device, Posting, StaffMember
from redemption.redeem import redeem
from tests.cast import symbols

START = datetime.fromisoformat("2026-03-01T12:00:00+00:00")
LAST_DAY = START + timedelta(days=100)
DUE = LAST_DAY + timedelta(days=30)

pytestmark = pytest.mark.usefixtures("in_brand")


def issue(brand: Brand, count: int = 1, origin: Code.Origin = Code.Origin.PAID) -> list[Code]:
    """Gifts of 10.00, good for a hundred days."""
    specs = [
        issue_codes.CodeSpec(
            reference=f"gift:{uuid7()}", label="Voucher", amount=1000, kind=Code.Kind.VALUE
        )
        for _ in range(count)
    ]
    return issue_codes.issue(
        brand=brand,
        reference=f"order:{uuid7()}",
        origin=origin,
        specs=specs,
        now=START,
        expires_at=LAST_DAY,
    )


@pytest.fixture
def voucher(in_brand: Brand) -> Code:
    return issue(in_brand)[0]


@pytest.fixture
def mo(manager: StaffMember) -> Actor:
    return Actor.staff(manager)


def total(account: Account) -> int:
    return sum(Posting.objects.filter(account=account).values_list("amount", flat=True))


def state(code: Code) -> tuple[str, int]:
    code.refresh_from_db()
    return code.state, code.balance


def test_a_gift_stays_owed_until_its_days_of_grace_are_over(voucher: Code) -> None:
    assert expire.expire_due(now=DUE - timedelta(seconds=1)) == 0
    assert state(voucher) == (Code.State.ACTIVE, 1000)
    assert expire.expire_due(now=DUE) == 1
    assert state(voucher) == (Code.State.EXPIRED, 0)
    assert (total(Account.GIFT_LIABILITY), total(Account.BREAKAGE)) == (0, -1000)
    call_command("verify_ledger")


def test_a_giveaways_expense_never_came_to_be(in_brand: Brand) -> None:
    issue(in_brand, origin=Code.Origin.PROMOTIONAL)
    assert total(Account.PROMO_EXPENSE) == 1000
    expire.expire_due(now=DUE)
    assert (total(Account.PROMO_EXPENSE), total(Account.BREAKAGE)) == (0, 0)


def test_only_what_was_left_is_earned(voucher: Code, device: Device) -> None:
    redeem.redeem(device=device, text=symbols(voucher), key="a", amount=400, now=START)
    expire.expire_due(now=DUE)
    assert (total(Account.SALES), total(Account.BREAKAGE)) == (-400, -600)


def test_a_brand_may_owe_for_ever(in_brand: Brand, voucher: Code) -> None:
    Brand.objects.filter(pk=in_brand.pk).update(breakage_after_days=None)
    assert expire.expire_due(now=DUE + timedelta(days=9999)) == 0
    assert state(voucher) == (Code.State.ACTIVE, 1000)


def test_a_gift_on_hold_waits_and_is_found_once_it_is_released(voucher: Code, mo: Actor) -> None:
    hold.place(code_id=voucher.pk, actor=mo, reason="stolen?", now=START)
    assert expire.expire_due(now=DUE) == 0
    assert expire.expire_due(now=DUE + timedelta(days=1)) == 0
    later = DUE + timedelta(days=2)
    hold.release(code_id=voucher.pk, actor=mo, reason="no", now=later)
    assert expire.expire_due(now=later) == 1


def test_a_gift_let_go_while_a_run_is_under_way_is_found_by_the_next(
    voucher: Code, mo: Actor, in_brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold.place(code_id=voucher.pk, actor=mo, reason="stolen?", now=START)
    move = expire.expiry_watermark.move

    def let_go_meanwhile(brand: Brand, until: datetime) -> None:
        if brand.codes_expired_until is None:
            hold.release(code_id=voucher.pk, actor=mo, reason="no", now=DUE)
        move(brand, until)

    monkeypatch.setattr(expire.expiry_watermark, "move", let_go_meanwhile)
    assert expire.expire_due(now=DUE) == 0
    assert expire.expire_due(now=DUE) == 1


def test_the_audit_log_tells_of_each_batch(in_brand: Brand) -> None:
    issue(in_brand, 3)
    expire.expire_due(now=DUE)
    entry = AuditEntry.objects.get(act=Act.CODE_EXPIRED)
    assert entry.actor_kind == "system"
    assert entry.details == {"codes": 3, "amount": 3000}


def test_many_codes_expire_in_batches_with_the_same_statements_each(in_brand: Brand) -> None:
    issue(in_brand, 2 * CODES_AT_ONCE + 7)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert expire.expire_due(now=DUE) == 2 * CODES_AT_ONCE + 7
    assert len(asked) < 40
    assert Code.objects.filter(state=Code.State.EXPIRED).count() == 2 * CODES_AT_ONCE + 7
    assert AuditEntry.objects.filter(act=Act.CODE_EXPIRED).count() == 3
    with CaptureQueriesContext(connection) as asked:
        assert expire.expire_due(now=DUE + timedelta(hours=1)) == 0
    assert len(asked) < 6
    call_command("verify_ledger")


def test_each_brand_has_its_own_days(in_brand: Brand, other_brand: Brand, voucher: Code) -> None:
    Brand.objects.filter(pk=other_brand.pk).update(breakage_after_days=0)
    other_brand.refresh_from_db()
    with scope(brand=other_brand):
        theirs = issue(other_brand)[0]
    assert expire.expire_due(now=LAST_DAY) == 1
    assert state(voucher) == (Code.State.ACTIVE, 1000)
    with scope(brand=other_brand):
        assert state(theirs) == (Code.State.EXPIRED, 0)


class TestExtending:
    def extend(self, code: Code, actor: Actor, days: int, now: datetime = START) -> Code:
        return expire.extend(
            code_id=code.pk,
            expires_at=LAST_DAY + timedelta(days=days),
            actor=actor,
            reason="was in hospital",
            now=now,
        )

    def test_an_expired_gift_is_owed_again(self, voucher: Code, mo: Actor, device: Device) -> None:
        shown = symbols(voucher)
        redeem.redeem(device=device, text=shown, key="a", amount=400, now=START)
        expire.expire_due(now=DUE)
        self.extend(voucher, mo, 90, now=DUE)
        assert state(voucher) == (Code.State.ACTIVE, 600)
        assert (total(Account.BREAKAGE), total(Account.GIFT_LIABILITY)) == (0, -600)
        assert redeem.redeem(device=device, text=shown, key="b", now=DUE).redeemed
        call_command("verify_ledger")

    def test_it_can_expire_and_be_extended_again(self, voucher: Code, mo: Actor) -> None:
        now = DUE
        for days in (90, 180, 270):
            assert expire.expire_due(now=now) == 1
            self.extend(voucher, mo, days, now=now)
            now = voucher.expires_at + timedelta(days=days + 30)
        assert expire.expire_due(now=now) == 1
        assert state(voucher) == (Code.State.EXPIRED, 0)
        assert total(Account.BREAKAGE) == -1000
        call_command("verify_ledger")

    def test_a_gift_that_is_still_good_just_lasts_longer(self, voucher: Code, mo: Actor) -> None:
        self.extend(voucher, mo, 10)
        assert expire.expire_due(now=DUE) == 0
        entry = AuditEntry.objects.get(act=Act.CODE_EXTENDED)
        assert entry.details["reason"] == "was in hospital"
        assert entry.details["from"] < entry.details["to"]

    def test_a_gift_on_hold_stays_on_hold(self, voucher: Code, mo: Actor) -> None:
        hold.place(code_id=voucher.pk, actor=mo, reason="stolen?", now=START)
        assert self.extend(voucher, mo, 10).state == Code.State.ON_HOLD

    def test_never_earlier_and_never_into_the_past(self, voucher: Code, mo: Actor) -> None:
        for days, now in ((0, START), (-1, START), (10, LAST_DAY + timedelta(days=10))):
            with pytest.raises(ActRefused, match="not_later"):
                self.extend(voucher, mo, days, now=now)

    def test_what_is_spent_is_spent(self, voucher: Code, mo: Actor, device: Device) -> None:
        redeem.redeem(device=device, text=symbols(voucher), key="a", now=START)
        with pytest.raises(ActRefused, match="spent"):
            self.extend(voucher, mo, 10)

    def test_only_managers_with_a_reason(self, voucher: Code, cashier: StaffMember) -> None:
        with pytest.raises(ActRefused, match="not_a_manager"):
            self.extend(voucher, Actor.staff(cashier), 10)
        with pytest.raises(ActRefused, match="no_reason"):
            expire.extend(code_id=voucher.pk, expires_at=DUE, actor=Actor.staff(cashier), reason="")


def test_beat_sees_to_it(voucher: Code, settings: Any) -> None:
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.expire_codes.name in scheduled
    Code.objects.update(
        valid_from=timezone.now() - timedelta(days=200),
        expires_at=timezone.now() - timedelta(days=31),
    )
    tasks.expire_codes()
    assert state(voucher) == (Code.State.EXPIRED, 0)
