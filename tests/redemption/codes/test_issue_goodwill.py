from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from brands.models import Brand
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.codes import void
from redemption.codes.acts import ActRefused
from redemption.codes.issue_goodwill import issue_goodwill_gift
from redemption.models import (
    Account,
    Alarm,
    AuditEntry,
    Code,
    Device,
    GoodwillGift,
    StaffMember,
)
from tests.cast import make_staff
from tests.redemption.books import total

pytestmark = pytest.mark.usefixtures("in_brand")


def give(
    device: Device,
    staff: StaffMember,
    amount: int = 500,
    reason: str = "it melted",
    now: datetime | None = None,
) -> Code:
    return issue_goodwill_gift(
        staff=staff,
        device=device,
        amount=amount,
        label="With our apologies",
        reason=reason,
        now=now,
    )


def test_a_manager_makes_up_for_something(device: Device, manager: StaffMember) -> None:
    code = give(device, manager)
    assert (code.origin, code.kind, code.balance) == ("promotional", "value", 500)
    assert code.issued_by == manager.pk
    assert total(Account.PROMO_EXPENSE) == 500
    assert code.reveal() is not None


def test_it_is_in_the_audit_log(device: Device, manager: StaffMember) -> None:
    code = give(device, manager)
    entry = AuditEntry.objects.get(act=Act.CODE_ISSUED)
    assert (entry.subject, entry.actor_id) == (f"code:{code.pk}", manager.pk)
    assert entry.details == {"reason": "it melted", "amount": 500, "currency": "USD"}


@pytest.mark.parametrize(
    ("amount", "reason", "why"),
    [(5001, "it melted", "too_much"), (0, "it melted", "nothing"), (500, " ", "no_reason")],
)
def test_small_and_with_a_reason(
    device: Device, manager: StaffMember, amount: int, reason: str, why: str
) -> None:
    with pytest.raises(ActRefused, match=why):
        give(device, manager, amount, reason)


def test_only_a_manager_who_still_works_here(
    device: Device, manager: StaffMember, cashier: StaffMember
) -> None:
    StaffMember.objects.filter(pk=manager.pk).update(is_active=False)
    for member in (cashier, manager):
        with pytest.raises(ActRefused, match="not_a_manager"):
            give(device, member)
    assert Code.objects.count() == 0


NOON = datetime(2026, 5, 14, 19, 0, tzinfo=UTC)
"""12:00 in Seattle."""


class TestADaysLimit:
    """Of one person: 100.00 in a day; of a store: 200.00."""

    def test_fifteen_in_a_row_end_at_the_limit_and_raise_one_alarm(
        self, device: Device, manager: StaffMember
    ) -> None:
        given, refused = 0, []
        for _n in range(15):
            try:
                give(device, manager, 2500, now=NOON)
                given += 1
            except ActRefused as error:
                refused.append(error.reason.value)
        assert (given, refused) == (4, ["person_limit"] * 11)
        assert total(Account.PROMO_EXPENSE) == 10_000
        alarm = Alarm.objects.get()
        assert (alarm.kind, alarm.device, alarm.count) == ("goodwill", device, 4)
        assert (alarm.since, alarm.raised_at) == (NOON, NOON)

    def test_up_to_the_last_cent(self, device: Device, manager: StaffMember) -> None:
        for amount in (5000, 4999):
            give(device, manager, amount, now=NOON)
        with pytest.raises(ActRefused, match="person_limit"):
            give(device, manager, 2, now=NOON)
        assert give(device, manager, 1, now=NOON).balance == 1

    def test_the_store_has_one_of_its_own(
        self, device: Device, device_b: Device, manager: StaffMember
    ) -> None:
        colleagues = [make_staff(device.store, f"No. {n}", manager.role) for n in range(4)]
        for member in colleagues:
            give(device, member, 5000, now=NOON)
        with pytest.raises(ActRefused, match="store_limit"):
            give(device, manager, 1, now=NOON)
        assert give(device_b, manager, 5000, now=NOON).balance == 5000

    def test_a_person_has_one_at_all_stores(
        self, device: Device, device_b: Device, manager: StaffMember
    ) -> None:
        for till in (device, device_b):
            give(till, manager, 5000, now=NOON)
        for till in (device, device_b):
            with pytest.raises(ActRefused, match="person_limit"):
                give(till, manager, 1, now=NOON)

    def test_a_new_day_begins_at_the_stores_midnight(
        self, device: Device, manager: StaffMember
    ) -> None:
        midnight = NOON + timedelta(hours=12)
        for amount in (5000, 5000):
            give(device, manager, amount, now=NOON)
        with pytest.raises(ActRefused, match="person_limit"):
            give(device, manager, 5000, now=midnight - timedelta(seconds=1))
        assert give(device, manager, 5000, now=midnight).balance == 5000

    def test_the_rule_of_now_counts(self, device: Device, manager: StaffMember) -> None:
        Brand.objects.filter(pk=device.brand_id).update(goodwill_person_limit=300)
        with pytest.raises(ActRefused, match="person_limit"):
            give(device, manager, 301, now=NOON)
        assert give(device, manager, 300, now=NOON).balance == 300

    def test_a_voided_gift_was_given_all_the_same(
        self, device: Device, manager: StaffMember
    ) -> None:
        """Or one could give, cancel what nobody took, and so probe on without an end."""
        for _n in range(2):
            code = give(device, manager, 5000, now=NOON)
            void.void(code_id=code.pk, actor=Actor.staff(manager), reason="wrong recipient")
        with pytest.raises(ActRefused, match="person_limit"):
            give(device, manager, 5000, now=NOON)

    def test_each_is_a_fact(self, device: Device, manager: StaffMember) -> None:
        code = give(device, manager, 2500, now=NOON)
        gift = GoodwillGift.objects.get(code=code)
        assert (gift.store, gift.staff, gift.amount) == (device.store, manager, 2500)
        assert (gift.reason, gift.given_at) == ("it melted", NOON)
        with pytest.raises(DatabaseError), transaction.atomic():
            GoodwillGift.objects.filter(pk=gift.pk).update(amount=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            gift.delete()
