from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from redemption.audit.actors import SYSTEM, Actor
from redemption.audit.log import Act
from redemption.codes import (
    expire,
    hold,
)
from redemption.codes import (
    void as void_code,
)
from redemption.codes.acts import ActRefused
from redemption.models import AuditEntry, Code, Device, Hold, StaffMember
from redemption.redeem import redeem
from tests.cast import symbols
from tests.redemption import money_back
from tests.redemption.books import issued

pytestmark = pytest.mark.usefixtures("in_brand")

MINT = {"flavour": "mint"}


def place(code: Code, member: StaffMember) -> Code:
    return hold.place(code_id=code.pk, actor=Actor.staff(member), reason="stolen?")


def release(code: Code, member: StaffMember) -> Code:
    return hold.release(code_id=code.pk, actor=Actor.staff(member), reason="all is well")


def place_for(code: Code, dispute: str) -> Code:
    return hold.place(
        code_id=code.pk,
        actor=SYSTEM,
        reason="disputed",
        cause=Hold.Cause.DISPUTE,
        subject=dispute,
    )


def dispute(code: Code, name: str = "dispute:1") -> None:
    money_back.open_dispute(brand=code.brand, dispute=name, amount=code.amount, code_ids=[code.pk])


def win(code: Code, name: str = "dispute:1") -> None:
    money_back.win(brand=code.brand, dispute=name, amount=code.amount, code_ids=[code.pk])


def asked_at_the_till(code: Code, device: Device) -> str:
    """Why it is refused, or ok."""
    picks = MINT if code.choices else {}
    key = str(uuid7())
    answer = redeem.redeem(device=device, text=symbols(code), key=key, picks=picks)
    return "ok" if answer.redeemed else str(answer.body["reason"])


def commit() -> None:
    """What waits for the commit is looked at now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class TestByHand:
    def test_no_till_takes_the_gift(self, code: Code, manager: StaffMember, device: Device) -> None:
        place(code, manager)
        assert asked_at_the_till(code, device) == "on_hold"

    def test_it_is_still_owed_and_good_again_once_released(
        self, code: Code, manager: StaffMember, device: Device
    ) -> None:
        assert place(code, manager).balance == 650
        assert release(code, manager).state == Code.State.ACTIVE
        assert asked_at_the_till(code, device) == "ok"

    def test_the_row_says_who_when_and_why(self, code: Code, manager: StaffMember) -> None:
        place(code, manager)
        release(code, manager)
        kept = Hold.objects.get()
        assert (kept.cause, kept.subject, kept.reason) == (Hold.Cause.HAND, "", "stolen?")
        assert (kept.placed_by_kind, kept.placed_by, kept.placed_by_name) == (
            *("staff", manager.pk, "Mo"),
        )
        assert (kept.released_by_kind, kept.released_by, kept.released_by_name) == (
            *("staff", manager.pk, "Mo"),
        )
        assert kept.release_reason == "all is well"
        assert kept.released_at is not None
        assert kept.placed_at < kept.released_at

    def test_both_acts_are_in_the_audit_log(self, code: Code, manager: StaffMember) -> None:
        place(code, manager)
        release(code, manager)
        entries = AuditEntry.objects.filter(subject=f"code:{code.pk}").order_by("number")
        assert [(entry.act, entry.actor_name, entry.details["reason"]) for entry in entries] == [
            (Act.CODE_HELD, "Mo", "stolen?"),
            (Act.CODE_RELEASED, "Mo", "all is well"),
        ]

    def test_it_can_be_held_once_more_afterwards(self, code: Code, manager: StaffMember) -> None:
        for _ in range(2):
            place(code, manager)
            release(code, manager)
        assert Hold.objects.filter(released_at__isnull=False).count() == 2

    def test_a_cashier_or_somebody_let_go_may_not(
        self, code: Code, manager: StaffMember, cashier: StaffMember
    ) -> None:
        StaffMember.objects.filter(pk=manager.pk).update(is_active=False)
        for member in (cashier, manager):
            with pytest.raises(ActRefused, match="not_a_manager"):
                place(code, member)

    def test_a_reason_has_words(self, code: Code, manager: StaffMember) -> None:
        with pytest.raises(ActRefused, match="no_reason"):
            hold.place(code_id=code.pk, actor=Actor.staff(manager), reason="  ")

    def test_what_is_spent_or_held_or_unknown_is_refused(
        self, code: Code, manager: StaffMember, device: Device
    ) -> None:
        with pytest.raises(ActRefused, match="not_on_hold"):
            release(code, manager)
        with pytest.raises(ActRefused, match="unknown_code"):
            hold.place(code_id=uuid7(), actor=Actor.staff(manager), reason="x")
        place(code, manager)
        with pytest.raises(ActRefused, match="on_hold_already"):
            place(code, manager)
        release(code, manager)
        assert asked_at_the_till(code, device) == "ok"
        with pytest.raises(ActRefused, match="not_active"):
            place(code, manager)

    def test_another_brands_gift_is_unknown(self, code: Code, other_brand: Brand) -> None:
        owner = Actor("user", uuid7(), "Eve")
        with scope(brand=other_brand), pytest.raises(ActRefused, match="unknown_code"):
            hold.place(code_id=code.pk, actor=owner, reason="mine", now=timezone.now())


class TestSeveral:
    """Each thing that holds a gift releases its own hold, and no other."""

    @pytest.fixture
    def voucher(self, in_brand: Brand) -> Code:
        return issued(in_brand, 1000)

    def test_only_what_placed_a_hold_releases_it(self, code: Code, manager: StaffMember) -> None:
        place_for(code, "dispute:1")
        with pytest.raises(ActRefused, match="held"):
            release(code, manager)
        with pytest.raises(ActRefused, match="held"):
            hold.release(code_id=code.pk, actor=SYSTEM, reason="won", subject="dispute:2")
        after = hold.release(code_id=code.pk, actor=SYSTEM, reason="won", subject="dispute:1")
        assert after.state == Code.State.ACTIVE

    def test_held_then_disputed_then_released_by_a_manager_stays_on_hold(
        self, voucher: Code, manager: StaffMember, device: Device
    ) -> None:
        place(voucher, manager)
        dispute(voucher)
        assert release(voucher, manager).state == Code.State.ON_HOLD
        assert asked_at_the_till(voucher, device) == "on_hold"
        win(voucher)
        assert asked_at_the_till(voucher, device) == "ok"

    def test_held_then_disputed_is_not_paid_back(self, voucher: Code, manager: StaffMember) -> None:
        """The bank has the money already."""
        place(voucher, manager)
        dispute(voucher)
        with pytest.raises(ActRefused, match="held"):
            money_back.refund_left(
                code_id=voucher.pk, reference="refund:1", actor=SYSTEM, reason="asked for"
            )

    def test_of_two_disputes_the_one_that_is_open_holds(
        self, voucher: Code, device: Device
    ) -> None:
        dispute(voucher, "dispute:1")
        dispute(voucher, "dispute:2")
        win(voucher, "dispute:1")
        assert asked_at_the_till(voucher, device) == "on_hold"
        win(voucher, "dispute:2")
        assert asked_at_the_till(voucher, device) == "ok"

    def test_disputed_then_held_stays_on_hold_when_the_dispute_is_won(
        self, voucher: Code, manager: StaffMember, device: Device
    ) -> None:
        dispute(voucher)
        place(voucher, manager)
        win(voucher)
        assert asked_at_the_till(voucher, device) == "on_hold"

    def test_a_gift_is_found_by_expiry_once_the_last_hold_is_released(
        self, in_brand: Brand, manager: StaffMember
    ) -> None:
        Brand.objects.filter(pk=in_brand.pk).update(breakage_after_days=0)
        over = timezone.now() - timedelta(days=1)
        old = issued(in_brand, 700, now=over - timedelta(days=9), expires_at=over)
        place(old, manager)
        dispute(old)
        assert expire.expire_due() == 0
        release(old, manager)
        assert expire.expire_due() == 0
        win(old)
        assert expire.expire_due() == 1


def void(code: Code, manager: StaffMember) -> None:
    void_code.void(code_id=code.pk, actor=Actor.staff(manager), reason="ordered twice")


def void_by_two(code: Code, manager: StaffMember) -> None:
    owner = Actor("user", uuid7(), "Olive")
    asked = void_code.ask(code_id=code.pk, actor=Actor.staff(manager), reason="ordered twice")
    void_code.approve(request_id=asked.pk, actor=owner)


def refund(code: Code, manager: StaffMember) -> None:
    money_back.refund_left(
        code_id=code.pk,
        reference="refund:1",
        actor=Actor.staff(manager),
        reason="ordered twice",
    )


def lose(code: Code, manager: StaffMember) -> None:
    dispute(code)
    money_back.lose(brand=code.brand, dispute="dispute:1", code_ids=[code.pk])


@pytest.mark.parametrize("take_back", [void, void_by_two, refund, lose])
def test_a_gift_that_is_taken_back_is_held_by_nothing(
    take_back: Callable[[Code, StaffMember], None], in_brand: Brand, manager: StaffMember
) -> None:
    voucher = issued(in_brand, 1000)
    place(voucher, manager)
    take_back(voucher, manager)
    commit()
    voucher.refresh_from_db()
    assert voucher.state == Code.State.VOIDED
    assert not Hold.objects.open().exists()
    why = set(Hold.objects.values_list("release_reason", flat=True))
    assert why == {"the payment was disputed" if take_back is lose else "ordered twice"}


def test_several_are_held_and_let_go_in_as_many_statements_as_one(
    in_brand: Brand, django_assert_num_queries: Any
) -> None:
    spent, *codes = [issued(in_brand, 900) for _ in range(4)]
    Code.objects.filter(pk=spent.pk).update(state="voided", balance=0)
    now = timezone.now()
    how = {"actor": SYSTEM, "reason": "disputed", "subject": "dispute:1", "now": now}
    for some in ([spent.pk, codes[0].pk], [spent.pk, *(code.pk for code in codes)]):
        with django_assert_num_queries(7):
            hold.place_each(code_ids=some, cause=Hold.Cause.DISPUTE, **how)
        with django_assert_num_queries(2):
            hold.place_each(code_ids=some, cause=Hold.Cause.DISPUTE, **how)
    assert Hold.objects.open().count() == 3
    hold.place(code_id=codes[2].pk, actor=SYSTEM, reason="asked about")
    with django_assert_num_queries(8):
        hold.release_each(code_ids=[spent.pk, *(code.pk for code in codes)], **how)
    with django_assert_num_queries(1):
        hold.release_each(code_ids=[spent.pk, *(code.pk for code in codes)], **how)
    states = [Code.objects.get(pk=code.pk).state for code in codes]
    assert states == ["active", "active", "on_hold"]
    assert AuditEntry.objects.filter(act=Act.CODE_RELEASED).count() == 3
