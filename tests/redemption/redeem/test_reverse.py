from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from core.ids import uuid7
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.codes import expire, hold, issue, void
from redemption.models import (
    Account,
    AuditEntry,
    Code,
    Device,
    Posting,
    RefusedAttempt,
    Reversal,
    StaffMember,
)
from redemption.redeem import redeem, reverse
from redemption.redeem.reverse import ReversalRefused
from tests.cast import symbols


@pytest.fixture
def redemption_id(device: Device, code: Code) -> UUID:
    answer = redeem.redeem(device=device, text=symbols(code), key="a", picks={"flavour": "mint"})
    return UUID(answer.body["id"])


def test_a_reversal_gives_the_gift_back(
    device: Device, code: Code, redemption_id: UUID, cashier: StaffMember
) -> None:
    reversal = reverse.reverse(
        device=device, redemption_id=redemption_id, reason="wrong recipient", staff=cashier
    )
    assert (reversal.reason, reversal.staff) == ("wrong recipient", cashier)
    code.refresh_from_db()
    assert (code.state, code.balance) == (Code.State.ACTIVE, 650)


def test_the_gift_can_be_enjoyed_after_all(device: Device, code: Code, redemption_id: UUID) -> None:
    reverse.reverse(device=device, redemption_id=redemption_id, reason="wrong recipient")
    again = redeem.redeem(device=device, text=symbols(code), key="b", picks={"flavour": "mint"})
    assert again.redeemed


def test_the_first_key_still_tells_what_it_did(
    device: Device, code: Code, redemption_id: UUID
) -> None:
    reverse.reverse(device=device, redemption_id=redemption_id, reason="wrong recipient")
    replay = redeem.redeem(device=device, text=symbols(code), key="a", picks={"flavour": "mint"})
    assert replay.replayed
    assert replay.body["id"] == str(redemption_id)
    code.refresh_from_db()
    assert code.balance == 650


def test_the_account_it_was_earned_by_gives_it_back(device: Device, redemption_id: UUID) -> None:
    """A franchisee took the store over in the minute between."""
    device.store.operator = "Pike Scoops LLC"
    device.store.save()
    reverse.reverse(device=device, redemption_id=redemption_id, reason="wrong recipient")
    with scope(brand=device.brand):
        postings = Posting.objects.filter(account=Account.SALES)
        assert sum(postings.values_list("amount", flat=True)) == 0


def test_it_is_reversed_once(device: Device, redemption_id: UUID) -> None:
    reverse.reverse(device=device, redemption_id=redemption_id, reason="wrong recipient")
    with pytest.raises(ReversalRefused, match="already_reversed"):
        reverse.reverse(device=device, redemption_id=redemption_id, reason="again")
    with scope(brand=device.brand):
        assert Reversal.objects.count() == 1


def test_the_window_closes(device: Device, redemption_id: UUID) -> None:
    too_late = timezone.now() + timedelta(seconds=61)
    with pytest.raises(ReversalRefused, match="window_passed"):
        reverse.reverse(device=device, redemption_id=redemption_id, reason="late", now=too_late)


@pytest.mark.parametrize("elsewhere", ["device_b", "eves_device"])
def test_only_the_store_that_redeemed_it_can(
    request: pytest.FixtureRequest, redemption_id: UUID, elsewhere: str
) -> None:
    with pytest.raises(ReversalRefused, match="unknown_redemption"):
        reverse.reverse(
            device=request.getfixturevalue(elsewhere), redemption_id=redemption_id, reason="mine"
        )


def test_what_never_happened_cannot_be_reversed(device: Device) -> None:
    with pytest.raises(ReversalRefused, match="unknown_redemption"):
        reverse.reverse(device=device, redemption_id=uuid7(), reason="dream")


class TestHowLong:
    """The brand's window for everybody; for a manager who signed in, the store's day."""

    REDEEMED = datetime.fromisoformat("2026-06-10T22:30:00-07:00")
    """Half past ten at night at Pike Street; the next day already in UTC."""

    @pytest.fixture
    def late(self, device: Device, code: Code) -> UUID:
        Code._base_manager.update(valid_from=self.REDEEMED)
        answer = redeem.redeem(
            device=device,
            text=symbols(code),
            key="a",
            picks={"flavour": "mint"},
            now=self.REDEEMED,
        )
        return UUID(answer.body["id"])

    def take_back(self, device: Device, late: UUID, minutes: float, **more: Any) -> Reversal:
        now = self.REDEEMED + timedelta(minutes=minutes)
        return reverse.reverse(device=device, redemption_id=late, reason="spilt", now=now, **more)

    def test_a_manager_has_until_the_stores_midnight(
        self, device: Device, late: UUID, manager: StaffMember
    ) -> None:
        with pytest.raises(ReversalRefused, match="window_passed"):
            self.take_back(device, late, 90.1, staff=manager, signed_in=True)
        assert self.take_back(device, late, 89.9, staff=manager, signed_in=True).staff == manager

    def test_somebody_who_only_gives_a_managers_name_has_a_cashiers_window(
        self, device: Device, late: UUID, manager: StaffMember
    ) -> None:
        with pytest.raises(ReversalRefused, match="window_passed"):
            self.take_back(device, late, 2, staff=manager)

    def test_a_cashier_has_the_window(
        self, device: Device, late: UUID, cashier: StaffMember
    ) -> None:
        with pytest.raises(ReversalRefused, match="window_passed"):
            self.take_back(device, late, 2, staff=cashier, signed_in=True)
        assert self.take_back(device, late, 1, staff=cashier, signed_in=True).staff == cashier

    def test_a_till_that_names_nobody_has_the_window(self, device: Device, late: UUID) -> None:
        with pytest.raises(ReversalRefused, match="window_passed"):
            self.take_back(device, late, 2)
        assert self.take_back(device, late, 1).staff is None

    def test_a_brand_may_hold_managers_to_the_window_too(
        self, device: Device, late: UUID, manager: StaffMember
    ) -> None:
        Brand.objects.update(managers_reverse_same_day=False)
        with pytest.raises(ReversalRefused, match="window_passed"):
            self.take_back(device, late, 2, staff=manager, signed_in=True)

    def test_the_window_outlasts_midnight(
        self, device: Device, late: UUID, manager: StaffMember
    ) -> None:
        Brand.objects.update(reversal_window_seconds=2 * 3600)
        assert self.take_back(device, late, 119, staff=manager, signed_in=True)


class TestWhatHappenedSince:
    @pytest.fixture
    def voucher(self, brand: Brand) -> Code:
        spec = issue.CodeSpec(
            reference="gift:v", label="Voucher", amount=1000, kind=Code.Kind.VALUE
        )
        with scope(brand=brand):
            return issue.issue(
                brand=brand,
                reference="order:v",
                origin=Code.Origin.PAID,
                specs=[spec],
                now=timezone.now(),
            )[0]

    @pytest.fixture
    def in_part(self, voucher: Code, device: Device) -> UUID:
        answer = redeem.redeem(device=device, text=symbols(voucher), key="a", amount=400)
        return UUID(answer.body["id"])

    def take_back(self, device: Device, in_part: UUID) -> None:
        reverse.reverse(device=device, redemption_id=in_part, reason="wrong recipient")

    def test_a_gift_on_hold_gets_nothing_back(
        self, voucher: Code, in_part: UUID, device: Device, manager: StaffMember
    ) -> None:
        actor = Actor.staff(manager)
        with scope(brand=device.brand):
            hold.place(code_id=voucher.pk, actor=actor, reason="stolen?")
        with pytest.raises(ReversalRefused, match="not_active"):
            self.take_back(device, in_part)
        with scope(brand=device.brand):
            hold.release(code_id=voucher.pk, actor=actor, reason="no")
        self.take_back(device, in_part)
        voucher.refresh_from_db()
        assert voucher.balance == 1000

    def test_a_voided_gift_gets_nothing_back(
        self, voucher: Code, in_part: UUID, device: Device, manager: StaffMember
    ) -> None:
        with scope(brand=device.brand):
            void.void(code_id=voucher.pk, actor=Actor.staff(manager), reason="lost")
        with pytest.raises(ReversalRefused, match="not_active"):
            self.take_back(device, in_part)
        voucher.refresh_from_db()
        assert (voucher.state, voucher.balance) == (Code.State.VOIDED, 0)

    def test_an_expired_gift_gets_nothing_back(
        self, voucher: Code, in_part: UUID, device: Device, brand: Brand
    ) -> None:
        Brand.objects.update(breakage_after_days=0)
        now = timezone.now()
        Code._base_manager.update(valid_from=now - timedelta(days=9), expires_at=now)
        with scope(brand=brand):
            assert expire.expire_due(now=now) == 1
        with pytest.raises(ReversalRefused, match="not_active"):
            self.take_back(device, in_part)

    def test_a_spent_gift_whose_days_ended_meanwhile_expires_after_all(
        self, voucher: Code, device: Device, brand: Brand
    ) -> None:
        Brand.objects.update(breakage_after_days=0)
        now = timezone.now()
        spent = redeem.redeem(device=device, text=symbols(voucher), key="b", now=now)
        Code._base_manager.update(valid_from=now - timedelta(days=9), expires_at=now)
        with scope(brand=brand):
            assert expire.expire_due(now=now + timedelta(seconds=10)) == 0
        reverse.reverse(
            device=device,
            redemption_id=UUID(spent.body["id"]),
            reason="spilt",
            now=now + timedelta(seconds=20),
        )
        with scope(brand=brand):
            assert expire.expire_due(now=now + timedelta(seconds=30)) == 1


def test_it_is_in_the_audit_log(
    device: Device, code: Code, redemption_id: UUID, cashier: StaffMember
) -> None:
    reverse.reverse(
        device=device,
        redemption_id=redemption_id,
        reason="wrong recipient",
        staff=cashier,
        signed_in=True,
    )
    with scope(brand=device.brand):
        entry = AuditEntry.objects.get(act=Act.REDEMPTION_REVERSED)
    assert (entry.subject, entry.actor_name) == (f"redemption:{redemption_id}", "Dana")
    assert entry.details["reason"] == "wrong recipient"


def test_a_till_that_names_nobody_is_in_the_audit_log_itself(
    device: Device, redemption_id: UUID
) -> None:
    reverse.reverse(device=device, redemption_id=redemption_id, reason="wrong recipient")
    with scope(brand=device.brand):
        entry = AuditEntry.objects.get(act=Act.REDEMPTION_REVERSED)
    assert (entry.actor_kind, entry.actor_name) == ("system", "Counter tablet")
    assert entry.device == device


def test_a_refused_reversal_is_kept(
    device: Device, code: Code, redemption_id: UUID, cashier: StaffMember
) -> None:
    for asked, late in ((redemption_id, 61), (uuid7(), 0)):
        with pytest.raises(ReversalRefused):
            reverse.reverse(
                device=device,
                redemption_id=asked,
                reason="late",
                staff=cashier,
                now=timezone.now() + timedelta(seconds=late),
            )
    with scope(brand=device.brand):
        kept = RefusedAttempt.objects.filter(act=RefusedAttempt.Act.REVERSAL).order_by("pk")
        assert list(kept.values_list("reason", "code", "staff")) == [
            ("window_passed", code.pk, cashier.pk),
            ("unknown_redemption", None, cashier.pk),
        ]
