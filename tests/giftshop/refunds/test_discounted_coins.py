"""In a currency of large coins: of a gift that was used in part all goes back that was paid for the rest, at
a discount or not, and nothing stays behind that no till and no bank counts."""

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from brands.models import Brand
from core.money import has_coins
from giftshop.orders.models import Gift
from giftshop.payments import checkout_session, settle
from giftshop.payments.models import Payment
from giftshop.refunds.ask import ask
from giftshop.refunds.models import Refund
from giftshop.refunds.open_items.all_owed import all_owed
from giftshop.refunds.owed import owed
from redemption.audit.actors import SYSTEM, Actor
from redemption.codes import dispute, refund, void
from redemption.models import Account, Code, Device, Posting, StaffMember
from redemption.redeem.redeem import redeem
from sandbox.stripe_double import StripeDouble
from tests.cast import Place, line, make_free_treat, symbols
from tests.giftshop.offers.made import percent_off
from tests.giftshop.payments.conftest import session_of
from tests.giftshop.refunds.conftest import send_asked

pytestmark = pytest.mark.usefixtures("in_brand")


@pytest.fixture(params=[("UGX", 33), ("KWD", 33), ("KWD", 0), ("USD", 33)])
def gift(
    request: pytest.FixtureRequest, brand: Brand, place: Place, device: Device, double: StripeDouble
) -> Gift:
    """Of a million minor units, a third of them off or nothing; half of it is used, with dinars five fils
    more."""
    currency, percent = request.param
    Brand.objects.filter(pk=brand.pk).update(currency=currency, void_limit=10**9)
    brand.refresh_from_db()
    treat = make_free_treat(brand, amount=100_000, most=2_000_000, suggested=[])
    off = {"offer": percent_off(brand, percent), "discount": 333_300} if percent else {}
    order = place(lines=[line(treat, given=1_000_000)], **off)
    checkout_session.open_page(order=order)
    session = session_of(Payment.objects.get(order=order))
    double.pay(session)
    settle.settle(session_id=session)
    found = order.gifts.select_related("code").get()
    assert found.code
    half = 500_005 if currency == "KWD" else 500_000
    assert redeem(device=device, text=symbols(found.code), key="half", amount=half).redeemed
    return Gift.objects.select_related("code", "order__brand").get(pk=found.pk)


def ask_back(gift: Gift) -> Refund:
    """All that is left of it or owed for it."""
    return ask(
        order=gift.order,
        amounts={gift.pk: None},
        origin=Refund.Origin.BRAND,
        actor=SYSTEM,
        reason="asked",
        now=timezone.now(),
    )


def test_all_that_was_paid_for_the_rest_goes_back(gift: Gift) -> None:
    code = gift.code
    assert code
    asked = ask_back(gift)
    assert asked.amount == code.paid_left
    send_asked()
    asked.refresh_from_db()
    code.refresh_from_db()
    assert asked.state == Refund.State.SUCCEEDED
    assert (code.state, code.balance) == (Code.State.VOIDED, 0)
    call_command("verify_ledger")


def test_what_is_owed_for_it_can_be_sent(gift: Gift, manager: StaffMember) -> None:
    code, brand = gift.code, gift.order.brand
    assert code
    void.void(code_id=code.pk, actor=Actor.staff(manager), reason="wrong", now=timezone.now())
    [item] = all_owed(brand)
    assert item.amount == owed(item.payment)[gift.pk] == ask_back(gift).amount
    send_asked()
    assert not all_owed(brand)
    call_command("verify_ledger")


def test_of_what_is_no_coin_only_coins_are_taken(gift: Gift) -> None:
    """Whoever says for which gifts a refund was may write a part of a coin."""
    code, brand = gift.code, gift.order.brand
    assert code
    for number, amount in enumerate((10_005, 5)):
        balance, paid = code.balance, code.paid_left
        taken = refund.take_off(
            brand=brand, refund=f"refund:{number}", amounts={code.pk: amount}, now=timezone.now()
        )
        code.refresh_from_db()
        off = taken.get(code.pk, 0)
        assert paid - code.paid_left == off <= amount
        assert has_coins(off, brand.currency)
        assert (code.balance == balance) == (off == 0)
    call_command("verify_ledger")


def test_a_bank_that_takes_it_leaves_no_part_of_a_coin(gift: Gift) -> None:
    code, brand = gift.code, gift.order.brand
    assert code
    paid = code.paid_left
    assert has_coins(paid, brand.currency)
    dispute.lose(brand=brand, dispute="dispute:1", code_ids=[code.pk], now=timezone.now())
    assert dispute.voided(disputes=["dispute:1"], code_ids=[code.pk]) == {code.pk: paid}
    call_command("verify_ledger")


def test_what_is_less_than_a_coin_is_breakage(gift: Gift) -> None:
    """Without a discount nobody else paid for it."""
    code = gift.code
    assert code
    less = 0 if code.discount else 5
    ask_back(gift)
    send_asked()
    booked = Posting.objects.filter(account=Account.BREAKAGE).aggregate(total=Sum("amount"))
    assert (booked["total"] or 0) == -less
