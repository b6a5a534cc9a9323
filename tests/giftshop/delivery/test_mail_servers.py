"""Each e-mail leaves once, whatever the mail server does: it is down, defers, refuses, breaks off."""

from datetime import timedelta
from email import message_from_bytes

import pytest
from django.utils import timezone
from django_scopes import scope

from giftshop.delivery import channels, send, subscribers
from giftshop.delivery.models import Attempt, Delivery
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from giftshop.outbox.outbox import Queue
from tests.giftshop.delivery.conftest import delivery_of, fresh, letters_to, outcomes

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[False, True], ids=["one by one", "at once"])
def sink(request, sink):
    """Which takes a command at a time, or several (RFC 2920)."""
    sink.pipelines = request.param
    return sink


def test_a_mail_server_that_is_down_delays_but_loses_nothing(
    gift, ready, dead_mail_server, settings
):
    assert relay.drain() < Message.objects.count()
    assert delivery_of(gift).state == Delivery.State.PENDING
    assert outcomes(gift) == ["deferred"]
    assert fresh(gift).sent_at is None

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    relay.drain(now=timezone.now() + timedelta(minutes=5))
    relay.drain(now=timezone.now() + timedelta(minutes=10))
    assert len(letters_to("ben@friends.example")) == 1
    assert outcomes(gift) == ["deferred", "sent"]


def test_a_greylisting_server_is_tried_again(gift, ready, sink):
    sink.answer_to_data = "451 4.7.1 come back later"
    with pytest.raises(channels.TryLater, match="451"):
        subscribers.send_gift(ready)
    sink.answer_to_data = "250 OK"
    subscribers.send_gift(ready)
    assert len(sink.envelopes) == 1
    assert outcomes(gift) == ["deferred", "sent"]


@pytest.mark.parametrize("where", ["answer_to_recipient", "answer_to_data"])
def test_a_refusal_for_good_is_kept_for_the_sender_to_see(gift, ready, sink, where):
    setattr(sink, where, "550 5.1.1 <ben@friends.example> no such person")
    subscribers.send_gift(ready)
    subscribers.send_gift(ready)
    assert delivery_of(gift).state == Delivery.State.FAILED
    (attempt,) = delivery_of(gift).attempts.all()
    assert attempt.outcome == Attempt.Outcome.REFUSED
    assert attempt.error.startswith("550")
    assert "@" not in attempt.error
    assert fresh(gift).sent_at is None


def test_a_sender_whose_email_was_refused_is_given_the_link(gift, ready, sink, client):
    sink.answer_to_recipient = "550 5.1.1 no such person"
    subscribers.send_gift(ready)
    with scope(brand=gift.brand):
        order = fresh(gift).order
    page = client.get(f"/orders/{order.link_token()}/").content.decode()
    assert "We could not e-mail it" in page
    assert f"/gift/{gift.link_token()}/" in page


def test_several_emails_share_one_call_to_the_mail_server(paid_order, sink):
    relay.drain()
    assert len(sink.envelopes) == 3
    assert sink.calls == 1


def test_a_server_that_takes_few_in_a_call_is_called_again_at_once(paid_order, sink):
    sink.most_in_a_call = 2
    assert relay.work(Queue.MAIL) == (3, False)
    assert (len(sink.envelopes), sink.calls) == (3, 2)
    assert not Attempt.objects.exclude(outcome=Attempt.Outcome.SENT).exists()


def test_one_bad_address_keeps_no_other_letter_of_its_group(paid_order, gift, sink):
    sink.answers_to[gift.recipient.email] = "550 5.1.1 no such person"
    assert relay.work(Queue.MAIL) == (4, False)  # its sender is told
    assert len({tuple(envelope.rcpt_tos) for envelope in sink.envelopes}) == 2
    assert len(sink.envelopes) == 3
    assert delivery_of(gift).state == Delivery.State.FAILED


def test_a_call_that_ends_in_a_letter_sends_no_other_twice(paid_order, sink):
    """The second letter of three meets a server that will not finish it."""
    sink.most_to_finish = 1
    assert relay.work(Queue.MAIL) == (1, False)
    sink.most_to_finish = 1000
    assert relay.work(Queue.MAIL, now=timezone.now() + timedelta(minutes=1)) == (2, False)
    ids = [message_from_bytes(envelope.content)["Message-ID"] for envelope in sink.envelopes]
    assert len(ids) == len(set(ids)) == 3


def test_a_call_that_broke_off_is_made_anew(paid_order, gift, ready, sink):
    relay.drain()
    channels.email._line.backend.connection.sock.close()
    with scope(brand=gift.order.brand):
        again = send.send(purpose=subscribers.GIFT, about=gift, brand=gift.order.brand, version=2)
    assert again.state == Delivery.State.SENT
    assert len(sink.envelopes) == 4


def test_the_message_id_is_the_same_at_every_attempt(gift, ready, sink):
    sink.answer_to_data = "451 later"
    with pytest.raises(channels.TryLater):
        subscribers.send_gift(ready)
    first = delivery_of(gift).message_id
    sink.answer_to_data = "250 OK"
    subscribers.send_gift(ready)
    assert first == f"<gift-{gift.pk}-v1@127.0.0.1>"
    assert f"Message-ID: {first}".encode() in sink.envelopes[0].content
