"""A gift that goes as a text: by Twilio's API, once, and mended where it did not get there."""

from dataclasses import replace

import pytest
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.delivery import subscribers, suppression
from giftshop.delivery.channels import TryLater
from giftshop.delivery.mend import MendRefused, Wanted, mend, send_again
from giftshop.delivery.models import Delivery
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from giftshop.texts import client, segments
from giftshop.texts.models import SentText
from tests.cast import symbols
from tests.giftshop.delivery.conftest import delivery_of, fresh
from tests.giftshop.delivery.texts.conftest import (
    BEN,
    Short,
    ready_of,
    report_of,
    tell,
)

pytestmark = pytest.mark.django_db


def test_a_gift_rings_with_sender_link_and_code(double, text_to):
    gift = text_to()
    relay.drain()
    (sent,) = double.sent_to(BEN)
    assert sent["body"].startswith("Amy sent you a gift from Frosty Spoon Creamery: http")
    assert f"/gift/{gift.link_token()}/" in sent["body"]
    plain = symbols(gift.code)
    assert plain in sent["body"].replace("-", "")
    assert sent["body"].endswith("STOP to end")
    delivery = delivery_of(gift)
    assert (delivery.state, delivery.channel, delivery.address) == ("sent", "sms", BEN)
    assert delivery.provider_id == sent["sid"]
    assert f"delivery={delivery.pk}" in sent["callback"]
    assert fresh(gift).sent_at is not None
    with scope(brand=gift.brand):
        assert SentText.objects.get().segments == segments.count(sent["body"]).count


def test_it_is_sent_once_however_often_the_message_comes(double, text_to):
    gift = text_to()
    for _ in range(3):
        subscribers.send_gift(ready_of(gift))
    assert double.asked["create"] == 1


def test_after_a_silence_twilio_is_asked_before_a_second_try(double, text_to, monkeypatch):
    """It took the message, and its answer never came."""
    monkeypatch.setattr("giftshop.http.outside_calls.TASK_SECONDS", 1.0)
    monkeypatch.setattr("giftshop.http.outside_calls._task_seconds", Short())
    gift = text_to("+4915100000504")
    with pytest.raises(TryLater):
        subscribers.send_gift(ready_of(gift))
    assert delivery_of(gift).state == "pending"
    subscribers.send_gift(ready_of(gift))
    assert (double.asked["create"], double.asked["list"]) == (1, 1)
    delivery = delivery_of(gift)
    assert (delivery.state, delivery.attempts_made) == ("sent", 2)
    assert delivery.provider_id == double.sent_to("+4915100000504")[0]["sid"]


def test_a_repeat_is_not_taken_for_what_was_sent_before_it(double, text_to, monkeypatch):
    """Minutes later, the same words to the same number; and Twilio is away at the first try."""
    gift = text_to()
    relay.drain()
    first = delivery_of(gift)
    with scope(brand=gift.brand):
        send_again(gift=Gift.objects.with_everything().get(pk=gift.pk), now=timezone.now())
    asked_again = Message.objects.get(topic="email.repeated")
    with monkeypatch.context() as away, pytest.raises(TryLater):
        away.setattr(client, "ask", _away)
        subscribers.send_again(asked_again)
    subscribers.send_again(asked_again)
    with scope(brand=gift.brand):
        second = Delivery.objects.get(subject=first.subject, purpose="gift", version=2)
    assert (second.state, second.attempts_made) == ("sent", 2)
    assert [each["sid"] for each in double.sent_to(BEN)] == [first.provider_id, second.provider_id]


def _away(_call):
    raise client.Unavailable("Twilio 503")


def test_when_twilio_is_away_the_gift_waits(double, text_to):
    gift = text_to("+4915100000503")
    with pytest.raises(TryLater):
        subscribers.send_gift(ready_of(gift))
    assert delivery_of(gift).state == "pending"
    subscribers.send_gift(ready_of(gift))
    assert delivery_of(gift).state == "sent"
    assert len(double.sent_to("+4915100000503")) == 1


@pytest.mark.parametrize(
    ("number", "state"), [("+4915100021614", "failed"), ("+4915100021610", "suppressed")]
)
def test_what_twilio_refuses_for_good(text_to, number, state):
    gift = text_to(number)
    relay.drain()
    assert delivery_of(gift).state == state
    assert fresh(gift).undeliverable_at is not None
    assert suppression.is_suppressed(address=number, brand=gift.order.brand) == (
        state == "suppressed"
    )


def test_a_text_that_came_back_goes_to_another_number(double, text_to, text_brand):
    """Its sender puts the number right; what was sent before dies."""
    gift = text_to("+4915100021614")
    relay.drain()
    assert fresh(gift).undeliverable_at is not None
    with scope(brand=text_brand):
        wanted = Wanted.of(fresh(gift))
        with pytest.raises(MendRefused):
            us = replace(wanted, phone="+12065550162")
            mend(gift_id=gift.pk, order_id=gift.order_id, wanted=us, now=timezone.now())
        right = replace(wanted, phone=BEN)
        mend(gift_id=gift.pk, order_id=gift.order_id, wanted=right, now=timezone.now())
    relay.drain()
    (sent,) = double.sent_to(BEN)
    assert f"/gift/{fresh(gift).link_token()}/" in sent["body"]
    assert fresh(gift).undeliverable_at is None


def test_a_callback_says_that_it_left_before_twilio_is_asked(double, text_to, monkeypatch):
    """The answer was lost, and the callback of the message came."""
    monkeypatch.setattr("giftshop.http.outside_calls._task_seconds", Short())
    gift = text_to("+4915100000504")
    with pytest.raises(TryLater):
        subscribers.send_gift(ready_of(gift))
    (taken,) = double.sent_to("+4915100000504")
    path = f"/webhooks/messages/?delivery={delivery_of(gift).pk}"
    tell(path, report_of(gift, "sent", sid=taken["sid"]))
    subscribers.send_gift(ready_of(gift))
    assert (double.asked["create"], double.asked["list"]) == (1, 0)
    assert delivery_of(gift).provider_id == taken["sid"]


def test_a_brand_that_hides_codes_texts_none(double, text_to, text_brand):
    Brand.objects.filter(pk=text_brand.pk).update(hides_code=True)
    gift = text_to()
    relay.drain()
    (sent,) = double.sent_to(BEN)
    assert symbols(gift.code) not in sent["body"].replace("-", "")
    assert sent["body"].endswith("STOP to end")
