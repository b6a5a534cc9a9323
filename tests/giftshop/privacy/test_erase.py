"""Erasing reaches every column that holds text; the books, the sender's gift and everybody else stay."""

import json
from datetime import timedelta
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
from giftshop.delivery import data_links, repeat
from giftshop.delivery.models import Delivery
from giftshop.openings.codes import ask as ask_for_code
from giftshop.openings.models import OpeningCode
from giftshop.orders.models import Draft, Gift
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from giftshop.privacy.erase import erase_recipients, without_person
from redemption.audit.verify import differences
from redemption.codes import forget_recipients
from redemption.models import Device, IdempotencyRecord, Posting
from redemption.redeem import write as redeem_write
from redemption.redeem.redeem import redeem
from tests.cast import Place, line, pay, symbols
from tests.giftshop.privacy.conftest import ADDRESS, CANARIES, NAME, columns, found, letter_to

pytestmark = pytest.mark.django_db

HELD_BEFORE = {
    "orders_recipient.name",
    "orders_recipient.email",
    "orders_gift.message",
    "orders_gift.thanks",
    "orders_draft.data",
    "redemption_code.recipient_name",
    "redemption_idempotencyrecord.body",
    "delivery_delivery.address",
    "reviews_review.name",
    "reviews_review.words",
}


def books() -> list[tuple[Any, ...]]:
    with scopes_disabled():
        return list(
            Posting.objects.order_by("pk").values_list("entry", "account", "amount", "code")
        )


def erase_by(client: Client, proof: str) -> None:
    assert client.get(f"{proof}erasure/").status_code == 200
    assert client.post(f"{proof}erasure/").status_code == 303


@pytest.mark.parametrize("by", ["letter", "gift"])
def test_nobody_is_found_after_it_in_any_column(
    everywhere: Gift, client: Client, brand: Brand, by: str
) -> None:
    assert len(columns()) > 150
    assert found(*CANARIES) == HELD_BEFORE, "the control: this is where people stand"
    kept = books()
    proof = (
        data_links.path_of_letter(letter_to(everywhere))
        if by == "letter"
        else data_links.of_gift(everywhere)
    )

    erase_by(client, proof)

    assert found(*CANARIES) == set()
    assert books() == kept
    assert found("ben@friends.example") >= {"orders_recipient.email"}, "who asked for nothing stays"
    assert found("amy@senders.example") >= {"orders_order.sender_email"}
    again = client.get(proof)
    assert again.status_code == 200
    assert "Nothing." in again.content.decode()
    assert client.post(f"{proof}erasure/").status_code == 303


def test_the_gift_stays_good_and_pages_say_that_a_name_is_gone(
    brand: Brand, place: Place, treat: Treat, device: Device, client: Client
) -> None:
    order = pay(place(lines=[line(treat, NAME, recipient_email=ADDRESS)]))
    relay.drain()
    with scope(brand=brand):
        gift = order.gifts.with_everything().get()
    assert gift.code is not None
    erase_by(client, data_links.of_gift(gift))
    assert "(name erased)" in client.get(f"/orders/{order.link_token()}/").content.decode()
    assert client.get(f"/gift/{gift.link_token()}/").status_code == 200
    answer = redeem(device=device, text=symbols(gift.code), key="k2", picks={"flavour": "mint"})
    assert answer.redeemed
    assert answer.body["gift"]["recipient_name"] == ""
    assert found(*CANARIES) == set()


def test_a_code_for_one_more_phone_leaves_no_address(
    brand: Brand, place: Place, treat: Treat
) -> None:
    order = pay(place(lines=[line(treat, NAME, recipient_email=ADDRESS)]))
    relay.drain()
    with scope(brand=brand):
        gift = order.gifts.with_everything().get()
        ask_for_code(gift=gift, reader=OpeningCode.Reader.RECIPIENT, now=timezone.now())
    relay.drain()
    with scope(brand=brand):
        assert Delivery.objects.filter(purpose="gift_opening_code", address=ADDRESS).exists()
        erase_recipients([gift.pk], now=timezone.now())
    assert found(*CANARIES) == set()


def test_what_was_to_go_out_later_goes_nowhere_and_its_sender_sees_it(
    brand: Brand, place: Place, treat: Treat
) -> None:
    later = timezone.now() + timedelta(days=3)
    order = pay(
        place(lines=[line(treat, NAME, recipient_email=ADDRESS, deliver_at=later, time_zone="UTC")])
    )
    with scope(brand=brand):
        gift = order.gifts.get()
        erase_recipients([gift.pk], now=timezone.now())
        gift = Gift.objects.with_everything().get(pk=gift.pk)
        assert gift.progress == "undelivered"
        assert repeat.gift_refusal(gift, now=timezone.now()) == repeat.RepeatRefusal.ERASED
    Message.objects.filter(done_at=None).update(available_at=timezone.now())
    Gift._base_manager.update(deliver_at=timezone.now())
    relay.drain()
    assert [each.to for each in mail.outbox] == [["amy@senders.example"]], "the receipt alone"
    assert found(*CANARIES) == set()


def test_an_order_that_is_paid_after_it_names_nobody(
    brand: Brand, place: Place, treat: Treat
) -> None:
    order = place(lines=[line(treat, NAME, recipient_email=ADDRESS)])
    with scope(brand=brand):
        erase_recipients([order.gifts.get().pk], now=timezone.now())
    pay(order)
    relay.drain()
    with scope(brand=brand):
        assert order.gifts.with_everything().get().code.recipient_name == ""
    assert found(*CANARIES, "name erased") == set()


def test_a_letter_that_went_to_a_wrong_address_erases_that_address_alone(
    everywhere: Gift, client: Client, brand: Brand
) -> None:
    with scope(brand=brand):
        letter = letter_to(everywhere)
        Delivery.objects.filter(pk=letter.pk).update(address="wrong@b.example")
        Delivery.objects.create(
            brand=brand,
            purpose="reminder_unopened",
            subject=letter.subject,
            address="Wrong@b.example",
            state=Delivery.State.SENT,
            created_at=timezone.now(),
            over_at=timezone.now(),
        )
    erase_by(client, data_links.path_of_letter(letter))
    assert found("wrong@b.example") == set()
    assert found(*CANARIES) == HELD_BEFORE - {"delivery_delivery.address"}


def test_a_kept_answer_loses_the_name_and_nothing_else(everywhere: Gift, brand: Brand) -> None:
    before = IdempotencyRecord.objects.get(key="k1").body
    with scope(brand=brand):
        erase_recipients([everywhere.pk], now=timezone.now())
    after = IdempotencyRecord.objects.get(key="k1").body
    assert json.loads(before)["gift"]["recipient_name"] == "Zorblatt"
    assert after == before.replace('"recipient_name": "Zorblatt"', '"recipient_name": ""')


def test_a_till_that_read_the_name_before_writes_no_answer_with_it(
    brand: Brand, place: Place, treat: Treat, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looked before the name went and writes after: its write finds another code, and it looks again."""
    order = pay(place(lines=[line(treat, NAME, recipient_email=ADDRESS)]))
    with scope(brand=brand):
        gift = order.gifts.with_everything().get()
    assert gift.code is not None
    spend, turns = redeem_write.spend, []

    def erased_first(spending: Any, *, answer: Any) -> bool:
        if not turns:
            with scope(brand=brand):
                erase_recipients([gift.pk], now=timezone.now())
        turns.append(answer.body)
        return spend(spending, answer=answer)

    monkeypatch.setattr(redeem_write, "spend", erased_first)
    answer = redeem(device=device, text=symbols(gift.code), key="k3", picks={"flavour": "mint"})
    assert answer.redeemed
    assert len(turns) == 2, "the control: the first turn had read the name"
    assert "Zorblatt" in turns[0]
    assert found(*CANARIES) == set()


def test_drafts_lose_the_person_and_keep_the_others() -> None:
    data = {
        "rows": [
            {"key": "1", "name": "Z", "email": "Z@x.example", "message": "m"},
            {"key": "2", "name": "Bo", "email": "bo@x.example"},
        ],
        "pasted": "Bo\nZ, z+tag@X.EXAMPLE\nCy",
        "asked": {"1": "z@x.example", "2": "bo@x.example"},
        "sender_email": "z@x.example",
        "reached": 2,
    }
    assert without_person(data, {"z@x.example"}, set()) == {
        "rows": [
            {"key": "1", "name": "", "email": "", "by_link": ""},
            {"key": "2", "name": "Bo", "email": "bo@x.example"},
        ],
        "pasted": "Bo\nCy",
        "asked": {"1": "", "2": "bo@x.example"},
        "sender_email": "z@x.example",
        "reached": 2,
    }


def test_a_draft_is_found_by_an_index_however_many_there_are(brand: Brand) -> None:
    with scope(brand=brand):
        Draft.objects.create(brand=brand, data={"rows": [{"email": ADDRESS}]})
        Draft.objects.bulk_create(Draft(brand=brand, data={}) for _ in range(3000))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE orders_draft")
        plan = Draft.objects.naming(ADDRESS.upper()).explain()
        assert Draft.objects.naming(ADDRESS.upper()).count() == 1
    assert "draft_by_address" in plan


def test_ten_gifts_cost_as_many_statements_as_one(brand: Brand, place: Place, treat: Treat) -> None:
    counts = []
    for many in (1, 10):
        lines = [line(treat, f"N{n}", recipient_email=f"n{n}@b.example") for n in range(many)]
        order = pay(place(lines=lines))
        relay.drain()
        with scope(brand=brand), CaptureQueriesContext(connection) as asked:
            erase_recipients(list(order.gifts.values_list("pk", flat=True)), now=timezone.now())
        counts.append(len(asked))
    assert counts[1] - counts[0] == 9, "a look for drafts for each address"
    assert counts[0] <= 25


def test_the_audit_log_still_holds(everywhere: Gift, brand: Brand) -> None:
    with scope(brand=brand):
        erase_recipients([everywhere.pk], now=timezone.now())
    assert forget_recipients.FIELD == "recipient_name"
    with scopes_disabled():
        assert not list(differences(brand))
