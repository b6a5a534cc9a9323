"""Each e-mail leaves once, whatever is repeated, put off, taken back or suppressed."""

import logging
import math
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_scopes import scope
from django_scopes.exceptions import ScopeError

from core.ids import uuid7
from giftshop.delivery import channels, emails, purposes, send, subscribers, suppression
from giftshop.delivery.models import Delivery, Suppression
from giftshop.operator import status
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.outbox.models import Message, Worker
from giftshop.outbox.outbox import Queue
from redemption.models import Code
from tests.cast import line, pay, put_on_hold, symbols, take_off_hold
from tests.giftshop.delivery.conftest import delivery_of, fresh, letters_to, outcomes

pytestmark = pytest.mark.django_db


def test_a_paid_order_sends_the_receipt_and_each_recipient_their_gift(gift):
    relay.drain()
    assert sorted(message.to[0] for message in mail.outbox) == [
        "amy@senders.example",
        "ben@friends.example",
        "cleo@friends.example",
    ]
    assert fresh(gift).sent_at is not None
    assert delivery_of(gift).state == Delivery.State.SENT
    assert outcomes(gift) == ["sent"]


def test_a_message_that_comes_again_sends_nothing_again(gift, ready):
    for _ in range(3):
        subscribers.send_gift(ready)
    assert len(letters_to("ben@friends.example")) == 1
    assert outcomes(gift) == ["sent"]


def test_a_link_is_left_to_its_sender(place, treat, brand):
    pay(place(lines=[line(treat, "Ben", channel=Gift.Channel.LINK)]))
    relay.drain()
    assert [message.to for message in mail.outbox] == [["amy@senders.example"]]
    with scope(brand=brand):
        assert Gift.objects.get().sent_at is None
        assert not Delivery.objects.filter(purpose="gift").exists()


def test_a_scheduled_gift_waits_for_its_hour(place, treat):
    due = timezone.now() + timedelta(days=2)
    pay(place(lines=[line(treat, "Ben", deliver_at=due)]))
    relay.drain()
    assert not letters_to("ben@friends.example")
    early = Message.objects.get(topic="gift.ready", subscriber="delivery.gift")
    assert early.available_at == due
    with pytest.raises(subscribers.NotDueYet):
        subscribers.send_gift(early)


def test_a_mail_costs_few_statements(gift, ready, django_assert_max_num_queries):
    """An order that is paid has a receipt and each gift its mail: on a campaign day most of the work.
    Alone it is a group of one; of a whole group each costs two more (test_gift_groups.py)."""
    relay.work(Queue.OTHERS)
    Message.objects.exclude(pk=ready.pk).filter(done_at=None).delete()
    with django_assert_max_num_queries(21):
        assert relay.deliver_group(Queue.MAIL, ends=math.inf) == (1, 1)
    assert len(letters_to("ben@friends.example")) == 1


def test_a_gift_taken_back_before_its_hour_is_not_sent(gift, ready):
    with scope(brand=gift.order.brand):
        Code.objects.filter(pk=gift.code_id).update(state=Code.State.VOIDED, balance=0)
    subscribers.send_gift(ready)
    assert not mail.outbox


def test_a_gift_on_hold_waits_with_its_message(gift, ready):
    put_on_hold(gift.code)
    with pytest.raises(subscribers.OnHold):
        subscribers.send_gift(ready)
    later = timezone.now() + timedelta(days=3)
    relay.drain(now=later)
    ready.refresh_from_db()
    assert (ready.done_at, ready.error) == (None, "")
    assert status.check_messages(now=later).is_well  # days on hold are nobody's alarm
    take_off_hold(gift.code)
    subscribers.send_gift(ready)
    assert delivery_of(gift).state == Delivery.State.SENT


def being_sent(gift, *, worker_id=None):
    now = timezone.now()
    with scope(brand=gift.order.brand):
        return Delivery.objects.create(
            brand=gift.order.brand,
            purpose="gift",
            subject=f"gift:{gift.pk}",
            address=gift.recipient.email,
            state=Delivery.State.SENDING,
            leased_until=now + settings.OUTBOX_LEASE,
            worker_id=worker_id,
            attempts_made=1,
            created_at=now,
        )


def test_a_worker_that_took_too_long_is_followed_after_its_lease(gift, ready):
    being_sent(gift)
    with pytest.raises(send.BeingSent):
        subscribers.send_gift(ready)
    assert not mail.outbox
    with scope(brand=gift.order.brand):
        Delivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    subscribers.send_gift(ready)
    assert len(letters_to("ben@friends.example")) == 1
    assert delivery_of(gift).attempts_made == 2


def test_a_worker_that_died_while_sending_is_followed_at_once(gift, ready):
    worker = Worker.objects.create(started_at=timezone.now(), beat_at=timezone.now())
    being_sent(gift, worker_id=worker.pk)
    with pytest.raises(send.BeingSent):
        subscribers.send_gift(ready)
    worker.delete()
    subscribers.send_gift(ready)
    assert len(letters_to("ben@friends.example")) == 1
    assert (delivery_of(gift).attempts_made, delivery_of(gift).worker_id) == (2, None)


def test_whoever_follows_does_not_send_what_got_through_after_all(gift, ready):
    """A worker was stopped while the mail server took its mail, and said so when it woke."""
    delivery = being_sent(gift, worker_id=uuid7())
    delivery.attempts.create(at=timezone.now(), outcome="sent")
    subscribers.send_gift(ready)
    assert not letters_to("ben@friends.example")
    assert delivery_of(gift).state == Delivery.State.SENT
    assert fresh(gift).sent_at is not None
    assert outcomes(gift) == ["sent"]


def test_who_asks_for_no_mail_while_one_is_being_sent_is_answered_by_how_that_went(gift, ready):
    """The message waits: were it done, a sender that died now would leave the gift on its way for ever."""
    worker = Worker.objects.create(started_at=timezone.now(), beat_at=timezone.now())
    being_sent(gift, worker_id=worker.pk)
    suppression.suppress(address="ben@friends.example", brand=gift.order.brand)
    with pytest.raises(send.BeingSent):
        subscribers.send_gift(ready)
    assert fresh(gift).undeliverable_at is None
    worker.delete()
    subscribers.send_gift(ready)
    assert delivery_of(gift).state == Delivery.State.SUPPRESSED
    assert fresh(gift).undeliverable_at is not None


def test_a_worker_that_nobody_heard_of_lately_does_not_begin_to_send(gift, ready, monkeypatch):
    monkeypatch.setattr(send.workers, "is_heard", lambda: False)
    with pytest.raises(send.BeingSent):
        subscribers.send_gift(ready)
    assert not letters_to("ben@friends.example")
    assert delivery_of(gift).state == Delivery.State.PENDING
    monkeypatch.undo()
    subscribers.send_gift(ready)
    assert len(letters_to("ben@friends.example")) == 1


def test_who_was_followed_while_composing_sends_nothing(gift, ready):
    def slow(delivery: Delivery, gift: Gift):
        Delivery.objects.filter(pk=delivery.pk).update(attempts_made=9)  # somebody took over
        return emails.gift_letter(delivery, gift)

    with scope(brand=gift.order.brand), pytest.raises(send.BeingSent):
        send.send(
            purpose=replace(subscribers.GIFT, compose=slow), about=gift, brand=gift.order.brand
        )
    assert delivery_of(gift).state == Delivery.State.SENDING
    assert not mail.outbox


def test_a_dead_workers_late_word_changes_nothing(gift, ready, monkeypatch):
    hand_over = channels.SENDERS[Gift.Channel.EMAIL]

    def slow(letter):
        told_as = hand_over(letter)
        Delivery.objects.filter(subject=f"gift:{gift.pk}").update(attempts_made=9)  # took over
        return told_as

    monkeypatch.setitem(channels.SENDERS, Gift.Channel.EMAIL, slow)
    with scope(brand=gift.order.brand):
        send.send(purpose=subscribers.GIFT, about=gift, brand=gift.order.brand)
    assert delivery_of(gift).state == Delivery.State.SENDING
    assert fresh(gift).sent_at is None
    assert outcomes(gift) == ["sent"]


def test_whoever_asked_not_to_be_written_to_is_not(gift, ready, brand):
    suppression.suppress(address=" BEN@friends.example", brand=brand)
    subscribers.send_gift(ready)
    assert not letters_to("ben@friends.example")
    assert delivery_of(gift).state == Delivery.State.SUPPRESSED
    assert not outcomes(gift)


@pytest.mark.parametrize(
    ("whose", "kept_away"), [("theirs", True), ("any", True), ("other", False)]
)
@pytest.mark.parametrize("purpose", ["gift", "receipt", "thanks"])
def test_suppression_holds_for_every_letter_but_the_receipt(
    gift, brand, other_brand, whose, kept_away, purpose
):
    address = "somebody@friends.example"
    of = {"theirs": brand, "any": None, "other": other_brand}[whose]
    suppression.suppress(address=address, brand=of)
    to_somebody = replace(purposes.find(purpose), address=lambda about: address)
    with scope(brand=brand):
        delivery = send.send(
            purpose=to_somebody,
            about=gift.order if purpose == "receipt" else gift,
            brand=gift.order.brand,
        )
    silent = kept_away and purpose != "receipt"
    assert bool(letters_to(address)) is not silent
    assert (delivery.state == Delivery.State.SUPPRESSED) is silent
    assert (fresh(gift).undeliverable_at is not None) is (silent and purpose == "gift")


def test_a_suppression_keeps_no_address(brand, db):
    suppression.suppress(address="ben@friends.example", brand=brand)
    suppression.suppress(address="ben@friends.example", brand=brand)
    (row,) = Suppression.objects.all()
    assert b"ben" not in bytes(row.digest)
    assert len(bytes(row.digest)) == 32


def test_thanks_reach_the_sender(gift, client):
    url = f"/gift/{gift.link_token()}/"
    client.post(f"{url}opening/")
    client.post(f"{url}thanks/", {"words": "It was lovely.\nSee you Sunday"})
    mail.outbox.clear()
    relay.drain()
    (note,) = [
        message for message in letters_to("amy@senders.example") if "thank" in message.subject
    ]
    assert note.subject == "Ben says thank you"
    assert "It was lovely.\nSee you Sunday" in note.body


def test_rows_of_another_brand_are_out_of_reach(gift, ready, other_brand):
    subscribers.send_gift(ready)
    with pytest.raises(ScopeError):
        Delivery.objects.count()
    with scope(brand=other_brand):
        assert not Delivery.objects.exists()
        ready.brand_id = other_brand.pk
        with pytest.raises(Gift.DoesNotExist):
            subscribers.send_gift(ready)


def test_the_database_refuses_a_state_without_its_time(gift, brand):
    with scope(brand=brand), pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(
            brand=brand,
            purpose="gift",
            subject=f"gift:{gift.pk}",
            address=gift.recipient.email,
            state=Delivery.State.SENT,
            created_at=timezone.now(),
        )


def test_the_database_refuses_the_same_thing_twice(gift, brand):
    fields = {
        "brand": brand,
        "purpose": "receipt",
        "subject": f"order:{gift.order_id}",
        "address": "amy@senders.example",
        "created_at": timezone.now(),
    }
    with scope(brand=brand), pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(**fields)
        Delivery.objects.create(**fields)


def test_nothing_secret_is_logged_or_promised(gift, code, caplog, dead_mail_server):
    with caplog.at_level(logging.DEBUG):
        relay.drain()
    token = gift.link_token()
    promised = str(list(Message.objects.values("payload", "error")))
    for secret in (symbols(code), code.reveal_grouped(), token, "ben@friends", "amy@senders"):
        assert secret not in caplog.text
        assert secret not in promised
