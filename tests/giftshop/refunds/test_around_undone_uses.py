"""Parts of a gift's money go back around a use that is undone: never a cent more than was paid for it, though
the other gift of its order would leave room."""

from uuid import UUID

import pytest
from django.core.management import call_command
from django.utils import timezone

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.orders.models import Gift
from giftshop.payments import settle
from giftshop.payments.models import Payment
from giftshop.refunds.ask import AskRefusal, AskRefused, ask
from giftshop.refunds.models import Refund
from giftshop.refunds.owed import sent
from redemption.audit.actors import SYSTEM
from redemption.models import Code, Device
from redemption.redeem.redeem import redeem
from redemption.redeem.reverse import reverse
from sandbox.stripe_double import StripeDouble
from tests.cast import Place, symbols
from tests.giftshop.offers.made import percent_off
from tests.giftshop.payments.conftest import session_of
from tests.giftshop.refunds.conftest import send_asked
from tests.giftshop.refunds.stage import open_order

pytestmark = pytest.mark.usefixtures("in_brand")


@pytest.fixture
def gifts(brand: Brand, place: Place, treat: Treat, double: StripeDouble) -> list[Gift]:
    """Of 10.00 and 6.50, for which 7.98 and 5.19 were paid."""
    order = open_order(brand, place, treat, offer=percent_off(brand), discount=333)
    session = session_of(Payment.objects.get(order=order))
    double.pay(session)
    settle.settle(session_id=session)
    return list(order.gifts.order_by("position"))


def send_back(gift: Gift, amount: int | None) -> None:
    ask(
        order=gift.order,
        amounts={gift.pk: amount},
        origin=Refund.Origin.BRAND,
        actor=SYSTEM,
        reason="asked",
        now=timezone.now(),
    )
    send_asked()


@pytest.mark.parametrize("parts", [[(15, 2), (50, 3)], [(15, 2), (50, 2), (51, 2), (54, 2)]])
def test_no_cent_more_goes_back_than_was_paid(
    gifts: list[Gift], device: Device, parts: list[tuple[int, int]]
) -> None:
    gift, other = gifts
    uses = []
    for number, (back, used) in enumerate(parts):
        send_back(gift, back)
        text = symbols(Code.objects.get(pk=gift.code_id))
        uses.append(redeem(device=device, text=text, key=f"use-{number}", amount=used))
    send_back(gift, 50)
    for use in uses:
        reverse(device=device, redemption_id=UUID(use.body["id"]), reason="spilt")
    rest = gift.paid - sum(back for back, _used in parts) - 50
    with pytest.raises(AskRefused) as refused:
        send_back(gift, rest + 1)
    assert refused.value.reason == AskRefusal.TOO_MUCH
    send_back(gift, None)
    code = Code.objects.get(pk=gift.code_id)
    assert (code.state, code.balance, code.paid_back) == (Code.State.VOIDED, 0, 798)
    assert Code.objects.get(pk=other.code_id).paid_left == other.paid
    assert sent(Payment.objects.get(order=gift.order)) == {gift.pk: gift.paid}
    call_command("verify_ledger")
