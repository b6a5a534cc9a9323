"""A manager voids a paid gift and says whether its sender gets the money."""

import pytest
from django.utils import timezone

from giftshop.orders.models import Gift
from giftshop.payments.models import Payment
from giftshop.refunds.models import Refund
from giftshop.refunds.open_items.all_owed import all_owed
from giftshop.refunds.owed import owed
from giftshop.refunds.void_money.void import money_back, with_a_payer
from redemption.audit.actors import Actor
from redemption.codes import void
from redemption.models import StaffMember
from tests.giftshop.refunds.conftest import send_asked, states

pytestmark = pytest.mark.usefixtures("in_brand")


@pytest.mark.parametrize("wanted", [True, False])
def test_the_money_goes_back_or_stays_owed(
    paid: Payment, gifts: list[Gift], manager: StaffMember, wanted: bool
) -> None:
    code, now, actor = gifts[0].code, timezone.now(), Actor.staff(manager)
    assert code
    assert with_a_payer([code.pk]) == {code.pk}
    with money_back(code_id=code.pk, wanted=wanted, actor=actor, reason="sold out", now=now):
        void.void(code_id=code.pk, actor=actor, reason="sold out", now=now)
    assert owed(paid) == {gifts[0].pk: 650}
    (each,) = all_owed(paid.brand)
    assert (each.payment, each.amount, each.is_under_way) == (paid, 650, wanted)
    send_asked()
    assert Refund.objects.filter(state=Refund.State.SUCCEEDED).exists() is wanted
    assert len(all_owed(paid.brand)) == (0 if wanted else 1)
    assert [state for state, _left in states(paid.order)] == ["voided", "active"]


def test_what_the_void_refuses_sends_nothing(
    paid: Payment, gifts: list[Gift], manager: StaffMember
) -> None:
    code, now, actor = gifts[0].code, timezone.now(), Actor.staff(manager)
    assert code
    paid.brand.void_limit = 1
    paid.brand.save()
    with (
        pytest.raises(void.ActRefused, match="two_people"),
        money_back(code_id=code.pk, wanted=True, actor=actor, reason="sold out", now=now),
    ):
        void.void(code_id=code.pk, actor=actor, reason="sold out", now=now)
    assert not Refund.objects.exists()
