from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from django_scopes import scope

from redemption import redeeming, reversing
from redemption.ids import uuid7
from redemption.models import Account, Code, Device, Posting, Reversal, StaffMember
from redemption.reversing import ReversalRefused
from tests.cast import symbols


@pytest.fixture
def redemption_id(device: Device, code: Code) -> UUID:
    answer = redeeming.redeem(device=device, text=symbols(code), key="a", picks={"flavour": "mint"})
    return UUID(answer.body["id"])


def test_a_reversal_gives_the_gift_back(
    device: Device, code: Code, redemption_id: UUID, cashier: StaffMember
) -> None:
    reversal = reversing.reverse(
        device=device, redemption_id=redemption_id, reason="wrong guest", staff=cashier
    )
    assert (reversal.reason, reversal.staff) == ("wrong guest", cashier)
    code.refresh_from_db()
    assert (code.state, code.balance) == (Code.State.ACTIVE, 650)


def test_the_gift_can_be_enjoyed_after_all(device: Device, code: Code, redemption_id: UUID) -> None:
    reversing.reverse(device=device, redemption_id=redemption_id, reason="wrong guest")
    again = redeeming.redeem(device=device, text=symbols(code), key="b", picks={"flavour": "mint"})
    assert again.redeemed


def test_the_first_key_still_tells_what_it_did(
    device: Device, code: Code, redemption_id: UUID
) -> None:
    reversing.reverse(device=device, redemption_id=redemption_id, reason="wrong guest")
    replay = redeeming.redeem(device=device, text=symbols(code), key="a", picks={"flavour": "mint"})
    assert replay.replayed
    assert replay.body["id"] == str(redemption_id)
    code.refresh_from_db()
    assert code.balance == 650


def test_the_account_it_was_earned_by_gives_it_back(device: Device, redemption_id: UUID) -> None:
    """A franchisee took the store over in the minute between."""
    device.store.operator = "Pike Scoops LLC"
    device.store.save()
    reversing.reverse(device=device, redemption_id=redemption_id, reason="wrong guest")
    with scope(brand=device.brand):
        postings = Posting.objects.filter(account=Account.SALES)
        assert sum(postings.values_list("amount", flat=True)) == 0


def test_it_is_reversed_once(device: Device, redemption_id: UUID) -> None:
    reversing.reverse(device=device, redemption_id=redemption_id, reason="wrong guest")
    with pytest.raises(ReversalRefused, match="already_reversed"):
        reversing.reverse(device=device, redemption_id=redemption_id, reason="again")
    with scope(brand=device.brand):
        assert Reversal.objects.count() == 1


def test_the_window_closes(device: Device, redemption_id: UUID) -> None:
    too_late = timezone.now() + timedelta(seconds=61)
    with pytest.raises(ReversalRefused, match="window_passed"):
        reversing.reverse(device=device, redemption_id=redemption_id, reason="late", now=too_late)


@pytest.mark.parametrize("elsewhere", ["device_b", "eves_device"])
def test_only_the_store_that_redeemed_it_can(
    request: pytest.FixtureRequest, redemption_id: UUID, elsewhere: str
) -> None:
    with pytest.raises(ReversalRefused, match="unknown_redemption"):
        reversing.reverse(
            device=request.getfixturevalue(elsewhere), redemption_id=redemption_id, reason="mine"
        )


def test_what_never_happened_cannot_be_reversed(device: Device) -> None:
    with pytest.raises(ReversalRefused, match="unknown_redemption"):
        reversing.reverse(device=device, redemption_id=uuid7(), reason="dream")
