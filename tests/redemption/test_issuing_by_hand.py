import pytest

from redemption.auditing import Act
from redemption.issuing_by_hand import ByHandRefused, issue_by_hand
from redemption.models import Account, AuditEntry, Brand, Code, StaffMember
from tests.redemption.books import total

pytestmark = pytest.mark.usefixtures("in_brand")


def give(brand: Brand, staff: StaffMember, amount: int = 500, reason: str = "it melted") -> Code:
    return issue_by_hand(
        brand=brand, staff=staff, amount=amount, label="With our apologies", reason=reason
    )


def test_a_manager_makes_up_for_something(in_brand: Brand, manager: StaffMember) -> None:
    code = give(in_brand, manager)
    assert (code.origin, code.kind, code.balance) == ("promotional", "value", 500)
    assert code.issued_by == manager.pk
    assert total(Account.PROMO_EXPENSE) == 500
    assert code.reveal() is not None


def test_it_is_on_the_trail(in_brand: Brand, manager: StaffMember) -> None:
    code = give(in_brand, manager)
    entry = AuditEntry.objects.get(act=Act.CODE_ISSUED)
    assert (entry.subject, entry.actor_id) == (f"code:{code.pk}", manager.pk)
    assert entry.details == {"reason": "it melted", "amount": 500, "currency": "USD"}


@pytest.mark.parametrize(
    ("amount", "reason", "why"),
    [(5001, "it melted", "too_much"), (0, "it melted", "nothing"), (500, " ", "no_reason")],
)
def test_small_and_with_a_reason(
    in_brand: Brand, manager: StaffMember, amount: int, reason: str, why: str
) -> None:
    with pytest.raises(ByHandRefused, match=why):
        give(in_brand, manager, amount, reason)


def test_only_a_manager_who_still_works_here(
    in_brand: Brand, manager: StaffMember, cashier: StaffMember
) -> None:
    StaffMember.objects.filter(pk=manager.pk).update(is_active=False)
    for member in (cashier, manager):
        with pytest.raises(ByHandRefused, match="not_a_manager"):
            give(in_brand, member)
    assert Code.objects.count() == 0
