"""What an order earned on top ends where too little of its money stayed: refunds, and banks."""

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.delivery.emails import receipt_letter
from giftshop.delivery.models import Delivery
from giftshop.offers import purchase
from giftshop.offers.models import OfferUse
from giftshop.orders.models import Order
from giftshop.payments.models import Payment
from giftshop.refunds import lost
from giftshop.refunds.choose import choose_lost
from giftshop.refunds.models import Dispute, Refund, RefundLine
from giftshop.refunds.take import take
from redemption.models import Device
from redemption.redeem.redeem import redeem
from tests.cast import Place, pay, symbols
from tests.giftshop.offers.made import MIA, on_top


@pytest.mark.usefixtures("in_brand")
class TestPaidBack:
    @pytest.fixture
    def order(self, brand: Brand, treat: Treat, place: Place) -> Order:
        offer, order = on_top(brand, treat), place()
        Order.objects.filter(pk=order.pk).update(offer=offer)
        order.refresh_from_db()
        return pay(order)

    def payment(self, order: Order, attempt: int = 1, state: str = Payment.State.PAID) -> Payment:
        now = timezone.now()
        times = {"expires_at": now, "opened_at": now, "asked_at": now, "settled_at": now}
        payment, _made = Payment.objects.get_or_create(
            brand=order.brand,
            order=order,
            attempt=attempt,
            defaults={
                "state": state,
                "session_id": f"cs_{attempt}",
                "payment_intent_id": f"pi_{attempt}",
                "charge_id": f"ch_{attempt}",
                "amount": order.total,
                "currency": order.currency,
                **times,
            },
        )
        return payment

    def pay_back(self, order: Order, position: int, amount: int, goodwill: bool = False) -> None:
        now, gift = timezone.now(), order.gifts.get(position=position)
        found = Refund.objects.create(
            brand=order.brand,
            payment=self.payment(order),
            origin="brand",
            state="succeeded",
            amount=amount,
            currency=order.currency,
            asked_at=now,
            over_at=now,
            succeeded_at=now,
            is_goodwill=goodwill,
        )
        RefundLine.objects.create(refund=found, gift=gift, amount=amount)
        with transaction.atomic():
            Order.objects.locked().get(pk=order.pk)
            take(found, now)
            found.save()

    def test_what_is_left_ends_with_the_gift_that_earned_it(self, order: Order) -> None:
        self.pay_back(order, 1, 650)
        given = purchase.given_to(order.pk)
        assert given is not None
        assert given.code is not None
        assert (given.code.state, given.code.balance) == ("voided", 0)
        call_command("verify_ledger")

    def test_and_its_pages_say_so(self, order: Order, client: Client) -> None:
        given = purchase.given_to(order.pk)
        assert given is not None
        page, gift = f"/orders/{order.link_token()}/", f"/offer/{given.link_token()}/"
        words = client.get(page).content.decode()
        assert "On top, for you" in words
        assert gift in words
        self.pay_back(order, 1, 650)
        words = client.get(page).content.decode()
        assert "it was taken back, too" in words
        assert "The order that earned it was paid back" in client.get(gift).content.decode()

    def lose(self, payment: Payment, amount: int) -> Dispute:
        """A bank decides for the payer."""
        now = timezone.now()
        found = Dispute.objects.create(
            brand=payment.brand,
            payment=payment,
            dispute_id=f"dp_{payment.attempt}",
            status=Dispute.Status.LOST,
            reason="fraudulent",
            amount=amount,
            currency=payment.currency,
            opened_at=now,
            withdrawn_at=now,
            over_at=now,
            is_unclear=True,
        )
        codes = [gift.code_id for gift in payment.order.gifts.all() if gift.code_id]
        with transaction.atomic():
            Order.objects.locked().get(pk=payment.order_id)
            lost.void_what_is_left(payment=payment, code_ids=codes, now=now)
        return found

    def code_state(self, order: Order) -> str:
        given = purchase.given_to(order.pk)
        assert given is not None
        assert given.code is not None
        return str(given.code.state)

    def test_it_ends_when_a_bank_takes_all_the_money(self, order: Order) -> None:
        self.lose(self.payment(order), order.total)
        assert self.code_state(order) == "voided"
        call_command("verify_ledger")

    def test_also_where_the_gifts_were_used(self, order: Order, device: Device) -> None:
        for gift in order.gifts.select_related("code"):
            assert gift.code is not None
            asked = {"text": symbols(gift.code), "key": str(gift.pk), "picks": {"flavour": "mint"}}
            assert redeem(device=device, staff=None, **asked).redeemed
        self.lose(self.payment(order), order.total)
        assert self.code_state(order) == "voided"

    def test_of_a_part_once_somebody_says_which_gift_it_was(self, order: Order) -> None:
        found = self.lose(self.payment(order), 650)
        assert self.code_state(order) == "active", "two gifts are left, as far as anybody knows"
        [first, _second] = order.gifts.order_by("position")
        choose_lost(dispute_id=found.pk, gift_ids=[first.pk], actor=MIA, now=timezone.now())
        assert self.code_state(order) == "voided"
        call_command("verify_ledger")

    def test_by_what_was_paid_at_once(self, order: Order) -> None:
        OfferUse.objects.update(least_gifts=None, least_total=1300)
        self.lose(self.payment(order), 1)
        assert self.code_state(order) == "voided"

    def test_not_with_money_that_paid_for_nothing(self, order: Order) -> None:
        self.payment(order)
        self.lose(self.payment(order, 2, Payment.State.REFUSED), 1)
        assert self.code_state(order) == "active"

    def test_an_order_that_earned_nothing_is_not_asked(self, place: Place) -> None:
        self.pay_back(pay(place()), 1, 650)
        assert purchase.given_to(Order.objects.latest("placed_at").pk) is None

    def test_the_receipt_tells_of_it(self, order: Order) -> None:
        delivery = Delivery.objects.create(
            brand=order.brand,
            subject=f"order:{order.pk}",
            purpose="receipt",
            address=order.sender_email,
            created_at=timezone.now(),
        )
        letter = receipt_letter(delivery, order)
        words = " ".join(str(letter.body).split())
        assert "On top, for you: Double scoop, Regular, a promotional gift from" in words
