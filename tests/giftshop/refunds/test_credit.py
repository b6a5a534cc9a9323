"""A gift that comes back as a credit: its worth moves to its sender, and all about its money follows."""

from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from brands.models import Brand, Returns
from giftshop.orders.models import Gift
from giftshop.outbox.models import Message
from giftshop.outbox.topics import Topic
from giftshop.payments.models import Payment
from giftshop.refunds import notify
from giftshop.refunds.ask import ask
from giftshop.refunds.give_back import GiveBackRefused, give_back
from giftshop.refunds.models import Refund
from giftshop.refunds.owed import owed
from giftshop.refunds.void_money.void import money_back
from giftshop.refunds.withdraw import withdraw
from redemption.audit.actors import Actor
from redemption.codes import void
from redemption.models import Account, Code, Device, StaffMember
from redemption.redeem.redeem import redeem
from sandbox.stripe_double import StripeDouble
from tests.cast import make_user, symbols
from tests.giftshop.refunds.conftest import Hear, send_asked
from tests.redemption.books import total

pytestmark = pytest.mark.usefixtures("in_brand")


@pytest.fixture
def credit(brand: Brand, gifts: list[Gift]) -> Code:
    """Ben gave his gift of 6.50 back; Amy has a credit."""
    brand.returns_as = Returns.CREDIT
    brand.save(update_fields=["returns_as"])
    gifts[0].order.brand.refresh_from_db()
    made = give_back(gift=gifts[0], may_tell=False, now=timezone.now())
    assert made.credit
    return Code.objects.select_related("brand").get(pk=made.credit.pk)


def spend(credit: Code, device: Device, amount: int) -> bool:
    return redeem(device=device, text=symbols(credit), key=f"k{amount}", amount=amount).redeemed


def test_its_worth_moves_within_what_is_owed(
    credit: Code, brand: Brand, gifts: list[Gift], device: Device
) -> None:
    own = Code.objects.get(pk=gifts[0].code_id)
    assert (own.state, own.balance, own.ciphertext) == (Code.State.VOIDED, 0, None)
    assert (credit.kind, credit.amount, credit.origin) == (Code.Kind.VALUE, 650, Code.Origin.PAID)
    assert credit.expires_at == brand.expiry_for(credit.valid_from)
    assert (total(Account.GIFT_LIABILITY), total(Account.CUSTOMER_REFUNDS_PAYABLE)) == (-1300, 0)
    with pytest.raises(GiveBackRefused):
        give_back(gift=gifts[0], may_tell=True, now=timezone.now())
    assert spend(credit, device, 250)
    assert total(Account.GIFT_LIABILITY) == -1050
    assert not owed(Payment.objects.get(order=gifts[0].order))
    call_command("verify_ledger")


def test_its_sender_reads_how_to_use_it_and_its_recipient_what_became_of_it(
    credit: Code, gifts: list[Gift], device: Device, client: Client
) -> None:
    address = f"/orders/{gifts[0].order.link_token()}/"
    page = client.get(address).content.decode()
    assert "$6.50 is yours as a credit" in page
    assert "Your gift to <bdi>Ben</bdi> could not be used" not in page  # isolated, not marked up
    assert "could not be used" in page
    assert "gave your gift back" not in page
    for group in credit.reveal_grouped().split("-"):
        assert f"<span>{group}</span>" in page
    assert spend(credit, device, 250)
    assert "$4.00 is left on it" in client.get(address).content.decode()
    assert spend(credit, device, 400)
    page = client.get(address).content.decode()
    assert "You have used it." in page
    assert "Show the code of your credit" not in page
    for message in Message.objects.filter(topic=Topic.REFUND_MOVED):
        notify.tell_sender(message)
    [letter] = mail.outbox
    assert letter.to == ["amy@senders.example"]
    assert "is yours as a credit instead" in str(letter.body)
    assert credit.last4 not in str(letter.body)


def test_the_recipient_is_told_before_and_after(
    brand: Brand, gifts: list[Gift], client: Client
) -> None:
    brand.returns_as = Returns.CREDIT
    brand.save(update_fields=["returns_as"])
    gift = gifts[0]
    address = f"/gift/{gift.link_token()}/"
    client.post(f"{address}opening/")
    assert "gets a credit at" in client.get(f"{address}return/").content.decode()
    assert client.post(f"{address}return/", {"tell": "return"}).status_code == 303
    page = client.get(address).content.decode()
    assert "You gave this gift back" in page
    assert "has a credit for it and hears that you gave it back" in page
    made = Refund.objects.get()
    assert made.credit
    assert made.credit.last4 not in page
    told = client.get(f"/orders/{gift.order.link_token()}/").content.decode()
    assert "gave your gift back, and need not say why" in told


def test_money_that_goes_back_after_all_takes_the_credit(
    credit: Code, paid: Payment, sdk: Any, hear: Hear
) -> None:
    sdk.v1.refunds.create({"payment_intent": paid.payment_intent_id})
    hear()
    credit.refresh_from_db()
    assert (credit.state, credit.balance) == (Code.State.VOIDED, 0)
    assert total(Account.GIFT_LIABILITY) == total(Account.CUSTOMER_REFUNDS_PAYABLE) == 0
    call_command("verify_ledger")


@pytest.mark.parametrize(("outcome", "state"), [("won", "active"), ("lost", "voided")])
def test_a_dispute_holds_the_credit(
    credit: Code, paid: Payment, double: StripeDouble, hear: Hear, outcome: str, state: str
) -> None:
    dispute = double.issuer.dispute(paid.charge_id)
    hear()
    credit.refresh_from_db()
    assert credit.state == Code.State.ON_HOLD
    double.issuer.close_dispute(dispute["id"], outcome)
    hear()
    credit.refresh_from_db()
    assert credit.state == state
    call_command("verify_ledger")


def test_the_owner_sends_what_is_left_of_it(
    credit: Code, gifts: list[Gift], device: Device, manager: StaffMember
) -> None:
    assert spend(credit, device, 250)
    ask(
        order=gifts[0].order,
        amounts={gifts[0].pk: None},
        origin=Refund.Origin.BRAND,
        actor=Actor.staff(manager),
        reason="asked",
        now=timezone.now(),
    )
    send_asked()
    credit.refresh_from_db()
    assert (credit.state, credit.balance) == (Code.State.VOIDED, 0)
    sent = Refund.objects.latest("asked_at")
    assert (sent.amount, sent.state, sent.is_goodwill) == (400, "succeeded", False)


def test_a_credit_that_is_cancelled_at_the_till_can_go_back_as_money(
    credit: Code, gifts: list[Gift], manager: StaffMember
) -> None:
    who, now = Actor.staff(manager), timezone.now()
    with money_back(code_id=credit.pk, wanted=True, actor=who, reason="asked", now=now):
        void.void(code_id=credit.pk, actor=who, reason="asked", now=now)
    assert owed(Payment.objects.get(order=gifts[0].order)) == {gifts[0].pk: 650}
    send_asked()
    assert not owed(Payment.objects.get(order=gifts[0].order))
    assert total(Account.CUSTOMER_REFUNDS_PAYABLE) == 0


def test_what_the_law_gives_the_sender_stays(credit: Code, brand: Brand, gifts: list[Gift]) -> None:
    brand.country = "DE"
    brand.save(update_fields=["country"])
    gifts[0].order.brand.refresh_from_db()
    made = withdraw(order=gifts[0].order, gift_ids=[gifts[0].pk], now=timezone.now())
    send_asked()
    made.refresh_from_db()
    credit.refresh_from_db()
    assert (made.state, made.amount, credit.state) == ("succeeded", 650, Code.State.VOIDED)


def test_the_studio_says_where_the_worth_is(credit: Code, paid: Payment, brand: Brand) -> None:
    owner = Client()
    owner.force_login(make_user(brand, "olive@spoon.example", "owner"))
    page = owner.get(f"/studio/{brand.slug}/money/orders/{paid.order_id}/").content.decode()
    assert "given back, on a credit of the sender" in page
    assert "Given as a credit" in page
    assert credit.recipient_name == ""
