"""A sender takes gifts back while they may: one commit, and a letter that says so to the minute."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from brands.models import Brand
from giftshop.accounts.models import User
from giftshop.delivery import subscribers as delivery
from giftshop.orders.models import Gift
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from giftshop.payments.models import Payment
from giftshop.refunds import notify
from giftshop.refunds.ask import AskRefused
from giftshop.refunds.give_back import GiveBackRefusal, GiveBackRefused, give_back
from giftshop.refunds.models import Refund
from giftshop.refunds.withdraw import Barrier, WithdrawalRefused, withdraw
from redemption.models import Code, Device
from redemption.redeem.redeem import redeem
from sandbox.stripe_double import StripeDouble
from tests.cast import symbols
from tests.giftshop.refunds.conftest import Hear, send_asked, states

pytestmark = pytest.mark.usefixtures("in_brand")

VOIDED, ACTIVE, HELD = (Code.State.VOIDED, 0), (Code.State.ACTIVE, 650), (Code.State.ON_HOLD, 650)


def take_back(*gifts: Gift) -> Refund:
    order = gifts[0].order
    return withdraw(order=order, gift_ids=[gift.pk for gift in gifts], now=timezone.now())


def handed_over(gift: Gift, device: Device) -> None:
    assert gift.code
    assert redeem(
        device=device, text=symbols(gift.code), key="k", picks={"flavour": "mint"}
    ).redeemed


def letters(topic: Topic, tell: Any) -> list[str]:
    for message in Message.objects.filter(topic=topic).order_by("pk"):
        tell(message)
    return [str(letter.subject) for letter in mail.outbox]


def test_one_of_two_goes_back_and_the_other_stays_good(paid: Payment, gifts: list[Gift]) -> None:
    refund = take_back(gifts[0])
    assert (refund.origin, refund.asked_by_kind) == (Refund.Origin.SENDER, "system")
    assert states(paid.order) == [HELD, ACTIVE]
    with pytest.raises(WithdrawalRefused, match="going_back"):
        take_back(gifts[0])
    send_asked()
    assert states(paid.order) == [VOIDED, ACTIVE]
    with pytest.raises(WithdrawalRefused, match="cancelled"):
        take_back(gifts[0])


def test_what_was_used_meanwhile_keeps_all_from_going(
    paid: Payment, gifts: list[Gift], device: Device
) -> None:
    handed_over(gifts[1], device)
    with pytest.raises(WithdrawalRefused) as refused:
        take_back(*gifts)
    assert refused.value.barriers == {gifts[1].pk: Barrier.USED}
    assert states(paid.order)[0] == ACTIVE
    assert not Refund.objects.exists()


def test_a_window_that_is_over_is_over(paid: Payment, gifts: list[Gift], brand: Brand) -> None:
    Gift.objects.filter(pk=gifts[0].pk).update(opened_at=timezone.now())
    with pytest.raises(WithdrawalRefused, match="opened"):
        take_back(gifts[0])
    Brand.objects.update(country="DE")
    paid.order.refresh_from_db()
    later = timezone.now() + timedelta(days=30)
    with pytest.raises(WithdrawalRefused, match="over"):
        withdraw(order=paid.order, gift_ids=[gifts[0].pk], now=later)
    withdraw(order=paid.order, gift_ids=[gifts[0].pk], now=timezone.now())
    with pytest.raises(AskRefused, match="not_of_order"):
        withdraw(order=paid.order, gift_ids=[], now=timezone.now())


def test_the_acknowledgement_says_who_what_and_when_however_fast_the_money_is(
    paid: Payment, gifts: list[Gift], brand: Brand
) -> None:
    Brand.objects.update(country="DE", time_zone="Europe/Berlin")
    for gift in gifts:
        gift.order.brand.refresh_from_db()
    refund = take_back(gifts[0])
    send_asked()
    refund.refresh_from_db()
    assert refund.state == Refund.State.SUCCEEDED
    assert letters(Topic.REFUND_ASKED, notify.acknowledge) == [
        "Frosty Spoon Creamery got your withdrawal"
    ]
    body = " ".join(str(mail.outbox[0].body).replace("\u2068", "").replace("\u2069", "").split())
    assert "Amy, on" in body
    assert "(Berlin) you withdrew from the contract" in body
    assert "Double scoop, Regular for Ben: $6.50" in body
    assert f"Order {paid.order.number}" in body
    letters(Topic.REFUND_ASKED, notify.acknowledge)
    assert letters(Topic.REFUND_MOVED, notify.tell_sender)[1:] == [
        "Frosty Spoon Creamery sent you $6.50 back"
    ]


def test_nothing_is_mailed_of_a_gift_that_was_taken_back_before_it_went_out(
    paid: Payment, gifts: list[Gift]
) -> None:
    Message.objects.filter(topic=Topic.GIFT_READY).update(done_at=None)
    (ready,) = [
        message
        for message in Message.objects.filter(topic=Topic.GIFT_READY)
        if message.payload["gift_id"] == str(gifts[0].pk)
    ]
    take_back(gifts[0])
    with pytest.raises(delivery.OnHold):
        delivery.send_gift(ready)
    send_asked()
    delivery.send_gift(ready)
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("may_tell", "said"), [(True, "gave your gift back"), (False, "could not be used")]
)
def test_the_sender_hears_of_a_gift_given_back_what_its_recipient_allows(
    paid: Payment, gifts: list[Gift], may_tell: bool, said: str
) -> None:
    Gift.objects.filter(pk=gifts[0].pk).update(opened_at=timezone.now())
    refund = give_back(gift=gifts[0], may_tell=may_tell, now=timezone.now())
    assert states(paid.order) == [HELD, ACTIVE]
    with pytest.raises(GiveBackRefused, match="not_good"):
        give_back(gift=gifts[0], may_tell=may_tell, now=timezone.now())
    assert letters(Topic.REFUND_ASKED, notify.acknowledge) == []
    send_asked()
    refund.refresh_from_db()
    assert (refund.state, refund.origin) == (Refund.State.SUCCEEDED, Refund.Origin.RECIPIENT)
    letters(Topic.REFUND_MOVED, notify.tell_sender)
    (letter,) = mail.outbox
    assert said in str(letter.body)


def test_what_was_used_is_not_given_back(paid: Payment, gifts: list[Gift], device: Device) -> None:
    handed_over(gifts[0], device)
    with pytest.raises(GiveBackRefused) as refused:
        give_back(gift=gifts[0], may_tell=False, now=timezone.now())
    assert refused.value.reason == GiveBackRefusal.USED


def test_a_refund_that_fails_makes_the_gift_good_again_and_says_so(
    double: StripeDouble, paid: Payment, gifts: list[Gift], hear: Hear
) -> None:
    double.faults(refunds="pending")
    refund = take_back(gifts[0])
    send_asked()
    refund.refresh_from_db()
    double.issuer.fail_refund(refund.refund_id or "")
    hear()
    assert states(paid.order) == [ACTIVE, ACTIVE]
    letters(Topic.REFUND_MOVED, notify.tell_sender)
    assert "good as before. Try again" in str(mail.outbox[-1].body)
    take_back(gifts[0])


def test_owners_hear_of_each_turn_of_a_dispute_once(
    double: StripeDouble, paid: Payment, hear: Hear, owner: User
) -> None:
    dispute = double.issuer.dispute(paid.charge_id)
    hear()
    double.issuer.close_dispute(dispute["id"], "won")
    hear()
    for message in Message.objects.filter(topic=Topic.DISPUTE_MOVED).order_by("pk"):
        for _twice in range(2):
            notify.tell_owners(message)
    assert [str(letter.to) for letter in mail.outbox] == [str([owner.email])]
