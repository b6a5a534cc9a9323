"""A sender is forgotten in every column that holds text, by their wish or by age; books, gifts and everybody
else stay."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.delivery import data_links, orders_found, repeat
from giftshop.delivery.models import Delivery
from giftshop.delivery.send import send
from giftshop.delivery.subscribers import UNDELIVERABLE
from giftshop.gift_page.open import open_gift
from giftshop.gift_page.thanks import say_thanks
from giftshop.openings.codes import ask as ask_for_code
from giftshop.openings.models import OpeningCode
from giftshop.orders import replies
from giftshop.orders.checkout import place_order
from giftshop.orders.models import Order
from giftshop.outbox import relay
from giftshop.payments.models import Payment
from giftshop.privacy import clear, erase_senders
from giftshop.refunds.ask import ask
from giftshop.refunds.models import Dispute, Refund
from redemption.audit.actors import SYSTEM
from redemption.codes import refund
from redemption.models import Device
from redemption.redeem.redeem import redeem
from tests import plans
from tests.access import markup
from tests.cast import line, pay, symbols
from tests.giftshop.giving.steps import ready_draft
from tests.giftshop.privacy.conftest import ADDRESS, NAME, found
from tests.giftshop.privacy.test_erase import books

pytestmark = pytest.mark.django_db

CANARIES = ("zorblatt", "quixley", "wordsforonlyone", "+12065550188")
A_DAY = timedelta(days=1)
HELD_BEFORE = {
    *("orders_order.sender_name", "orders_order.sender_email", "orders_order.sender_phone"),
    *("orders_gift.message", "orders_draft.data", "delivery_delivery.address"),
    "refunds_dispute.evidence",
}


@pytest.fixture
def everywhere(brand: Brand, treat: Treat, device: Device, client: Client) -> Order:
    """Theirs: a receipt, thanks, a code for one more phone, a sought link, money back, a dispute."""
    draft = ready_draft(client, brand, treat)
    now = timezone.now()
    with scope(brand=brand):
        said = {"sender_name": NAME, "sender_email": ADDRESS, "message": "wordsforonlyone"}
        draft.data = {**draft.data, **said, "refused": ADDRESS, "sender_asked": ADDRESS}
        draft.save()
        lines = [line(treat, name, message="wordsforonlyone") for name in ("Ben", "Cleo")]
        order = place_order(
            brand=brand, key="canary", sender_name=NAME, sender_email=ADDRESS, lines=lines,
            draft=draft,
        )  # fmt: skip
    pay(order, now=now)
    relay.drain()
    with scope(brand=brand):
        Order.objects.filter(pk=order.pk).update(sender_phone="+12065550188")
        first, second = order.gifts.with_everything()
        open_gift(gift_id=first.pk)
        say_thanks(gift_id=first.pk, words="Thank you!")
        payment = Payment.objects.create(
            brand=brand, order=order, attempt=1, state=Payment.State.PAID, amount=order.total,
            currency="USD", opened_at=now, asked_at=now, expires_at=now, settled_at=now,
            payment_intent_id="pi_1", charge_id="ch_1",
        )  # fmt: skip
        ask_for_code(gift=first, reader=OpeningCode.Reader.SENDER, now=now)
        orders_found.seek(brand=brand, address=ADDRESS, now=now)
        refund_asked = ask(
            order=order, amounts={second.pk: None}, origin=Refund.Origin.SENDER, actor=SYSTEM,
            reason="", now=now,
        )  # fmt: skip
        dispute = Dispute(
            brand=brand, payment=payment, dispute_id="dp_1", status="won", amount=650,
            currency="USD", opened_at=now, evidence={"customer_name": NAME},
        )  # fmt: skip
        dispute.save()
    relay.drain()
    with scope(brand=brand):
        refund.take_off(
            brand=brand, refund=refund_asked.subject, amounts={second.code_id: 650}, now=now
        )
        state = {"state": "succeeded", "over_at": now, "succeeded_at": now, "taken_at": now}
        Refund.objects.filter(pk=refund_asked.pk).update(**state)
        sent = Delivery.objects.filter(address=ADDRESS)
        purposes = set(sent.values_list("purpose", flat=True))
        order = Order.objects.select_related("brand").get(pk=order.pk)
    assert purposes >= {"receipt", "thanks", "gift_opening_code", "orders_found", "withdrawal"}
    return order


def proof_of(order: Order, purpose: str = "receipt") -> str:
    with scopes_disabled():
        return data_links.path_of_letter(Delivery.objects.get(address=ADDRESS, purpose=purpose))


@pytest.mark.parametrize("purpose", ["receipt", "thanks", "withdrawal", "orders_found"])
def test_by_their_wish_nobody_is_found_in_any_column(
    everywhere: Order, client: Client, purpose: str
) -> None:
    assert found(*CANARIES) == HELD_BEFORE, "the control: this is where a sender stands"
    kept, proof = books(), proof_of(everywhere, purpose)
    page = client.get(proof).content.decode()
    assert "Erase my data" in page
    asked = client.get(f"{proof}erasure/")
    assert asked.status_code == 200
    assert markup.faults(asked.content.decode()) == []
    assert client.post(f"{proof}erasure/").status_code == 303

    assert found(*CANARIES) == set()
    assert books() == kept
    assert found("ben@friends.example") >= {"orders_recipient.email"}, "who asked for nothing stays"
    again = client.get(proof)
    assert "Nothing." in again.content.decode()
    assert client.get(f"{proof}erasure/").status_code == 303
    assert client.post(f"{proof}erasure/").status_code == 303


def test_a_code_for_the_recipient_speaks_for_no_sender(
    brand: Brand, everywhere: Order, client: Client
) -> None:
    """The letter is about the same gift, and went to somebody else."""
    with scope(brand=brand):
        gift = everywhere.gifts.with_everything().get(position=1)
        ask_for_code(gift=gift, reader=OpeningCode.Reader.RECIPIENT, now=timezone.now())
    relay.drain()
    with scopes_disabled():
        letter = Delivery.objects.get(purpose="gift_opening_code", address="ben@friends.example")
    page = client.get(data_links.path_of_letter(letter)).content.decode()
    assert ADDRESS not in page
    client.post(f"{data_links.path_of_letter(letter)}erasure/")
    assert found(ADDRESS) >= {"orders_order.sender_email"}


def test_their_gifts_stay_good_and_pages_name_nobody(
    everywhere: Order, client: Client, device: Device
) -> None:
    with scope(brand=everywhere.brand):
        gift = everywhere.gifts.with_everything().get(position=1)
    code = symbols(gift.code)
    client.post(f"{proof_of(everywhere)}erasure/")
    order_page = client.get(f"/orders/{everywhere.link_token()}/").content.decode()
    assert "Name and address are erased" in order_page
    gift_page = Client().get(f"/gift/{gift.link_token()}/")
    assert gift_page.status_code == 200
    assert "Zorblatt" not in gift_page.content.decode()
    with scope(brand=everywhere.brand):
        assert replies.gift_of(replies.sign(gift)) is None, "nobody is there to answer"
    assert redeem(device=device, text=code, key="k", picks={"flavour": "mint"}).redeemed
    mail.outbox.clear()
    with scope(brand=everywhere.brand):
        erased = Order.objects.select_related("brand").get(pk=everywhere.pk)
        assert erased.sender == "Somebody"
        with pytest.raises(repeat.RepeatRefused):
            repeat.repeat_receipt(order=erased, actor=SYSTEM, reason="again", now=timezone.now())
        gift = erased.gifts.with_everything().get(position=1)
        told = send(purpose=UNDELIVERABLE, about=gift, brand=erased.brand)
        assert told.state == Delivery.State.SUPPRESSED
    assert mail.outbox == []


def test_another_senders_orders_stay(
    everywhere: Order, brand: Brand, place: Any, client: Client
) -> None:
    pay(place())
    relay.drain()
    client.post(f"{proof_of(everywhere)}erasure/")
    with scopes_disabled():
        assert Order.objects.filter(sender_email="amy@senders.example").count() == 1


def used(order: Order, device: Device, now: datetime | None = None) -> None:
    with scope(brand=order.brand):
        gift = order.gifts.with_everything().get(position=1)
    assert redeem(
        device=device, text=symbols(gift.code), key="k", picks={"flavour": "mint"}, now=now
    ).redeemed


def test_by_age_once_the_last_gift_had_its_use(everywhere: Order, device: Device) -> None:
    now = timezone.now()
    clear.run(now=now + 91 * A_DAY)
    assert found(ADDRESS), "Ben's can still be used"
    used(everywhere, device, now + 100 * A_DAY)
    kept = books()
    clear.run(now=now + 189 * A_DAY)
    assert found(ADDRESS)
    clear.run(now=now + 191 * A_DAY)
    assert found(*CANARIES) == set()
    assert books() == kept


def test_not_while_money_is_not_settled_and_then_all_the_same(
    everywhere: Order, device: Device
) -> None:
    used(everywhere, device)
    now = timezone.now()
    with scopes_disabled():
        Dispute.objects.update(status="needs_response")
    clear.run(now=now + 91 * A_DAY)
    assert found(ADDRESS)
    with scopes_disabled():
        Dispute.objects.update(status="won")
    clear.run(now=now + 92 * A_DAY)
    assert found(ADDRESS), "it is looked at again a month later"
    clear.run(now=now + 122 * A_DAY)
    assert not found(*CANARIES)


def test_due_ones_are_found_by_an_index_and_cost_few_statements(
    everywhere: Order, brand: Brand
) -> None:
    with scopes_disabled():
        due = Order.objects.filter(sender_due_at__lte=timezone.now()).order_by("sender_due_at")
        assert plans.along(due[:50], "order_sender_due")
    with scope(brand=brand), CaptureQueriesContext(connection) as queries:
        assert erase_senders.erase_senders([everywhere.pk], now=timezone.now())
    assert len(queries) <= 20
    with scope(brand=brand):
        assert erase_senders.erase_senders([everywhere.pk], now=timezone.now()) == []
