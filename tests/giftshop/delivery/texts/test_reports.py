"""What Twilio says later of a text that it took: told, once, and by nobody else."""

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django_scopes import scope

from giftshop.delivery.models import Delivery, Report
from giftshop.http.body_limits import limit_of
from giftshop.orders.checkout import OrderRefused
from giftshop.outbox import relay
from giftshop.texts import allowed
from giftshop.texts.models import SentText
from sandbox.message_double.callbacks import signature
from tests.giftshop.delivery.conftest import delivery_of, fresh
from tests.giftshop.delivery.texts.conftest import BEN, report, report_of, tell
from tests.messages import TOKEN

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", [30530, 30531, 30532, 30533, 30831])
def test_a_refused_registration_stops_all_texts_of_the_brand(text_to, text_brand, code):
    gift = text_to(f"+49151000{code}")
    relay.drain()
    text_brand.refresh_from_db()
    assert text_brand.texts_refused == str(code)
    assert delivery_of(gift).state == "failed"
    with scope(brand=text_brand):
        assert allowed.refusal(brand=text_brand, number=BEN) == allowed.TextRefusal.UNREGISTERED
    with pytest.raises(OrderRefused, match="Phone companies"):
        text_to()


def test_what_was_delivered_is_told(text_to):
    gift = text_to()
    relay.drain()
    assert report(gift, "delivered").status_code == 200
    relay.drain()
    assert delivery_of(gift).state == Delivery.State.DELIVERED
    assert fresh(gift).delivered_at is not None


@pytest.mark.parametrize("code", [30003, 30004, 30005, 30006, 30007, 30008])
def test_what_came_back_is_told_in_words(text_to, code):
    gift = text_to()
    relay.drain()
    report(gift, "undelivered", code)
    relay.drain()
    assert delivery_of(gift).state == Delivery.State.BOUNCED
    assert fresh(gift).undeliverable_at is not None
    told = Report.objects.get()
    assert told.get_reason_display() != told.reason
    assert told.words == f"Twilio {code}"


def test_reports_that_come_twice_late_or_in_any_order(text_to):
    gift = text_to()
    relay.drain()
    for status in ("delivered", "sent", "delivered", "queued"):
        assert report(gift, status).status_code == 200
    relay.drain()
    assert delivery_of(gift).state == Delivery.State.DELIVERED
    assert Report.objects.count() == 1


def test_a_forged_report_changes_nothing(text_to, text_brand):
    gift = text_to()
    relay.drain()
    assert report(gift, "undelivered", 30034, token="f" * 32).status_code == 403
    fields = report_of(gift, "delivered")
    path = f"/webhooks/messages/?delivery={delivery_of(gift).pk}"
    signed = signature(TOKEN, f"{django_settings.BASE_URL}{path}", fields)
    changed = Client(headers={"X-Twilio-Signature": signed})
    assert changed.post(path, {**fields, "MessageStatus": "failed"}).status_code == 403
    assert changed.post(f"{path}1", fields).status_code == 403
    assert Client().post(path, fields).status_code == 403
    text_brand.refresh_from_db()
    assert text_brand.texts_refused == ""


def test_a_registration_that_is_refused_later_is_heard(text_to, text_brand):
    gift = text_to()
    relay.drain()
    assert report(gift, "undelivered", 30034).status_code == 200
    text_brand.refresh_from_db()
    assert text_brand.texts_refused == "30034"


@pytest.mark.parametrize("path", ["/webhooks/messages/", "/webhooks/messages/answers/"])
def test_bodies_are_bounded_and_without_texts_nobody_is_heard(double, settings, path):
    long = "x" * limit_of(path)
    assert tell(path, {"Body": long}).status_code == 413
    assert tell(path, {"MessageSid": "nonsense", "From": "nobody"}).status_code == 400
    settings.TWILIO = {}
    assert Client().post(path, {}).status_code == 404


def test_two_messages_of_one_delivery_are_counted(text_to):
    """What left twice all the same: both call back."""
    gift = text_to()
    relay.drain()
    path = f"/webhooks/messages/?delivery={delivery_of(gift).pk}"
    tell(path, report_of(gift, "delivered", sid=f"SM{'2' * 32}"))
    with scope(brand=gift.brand):
        assert SentText.objects.filter(delivery_id=delivery_of(gift).pk).count() == 2
