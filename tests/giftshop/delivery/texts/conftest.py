"""Gifts that go as texts, and what Twilio calls back with."""

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from giftshop.orders.models import Gift
from giftshop.outbox.models import Message
from sandbox.message_double.callbacks import signature
from tests.cast import line, pay
from tests.giftshop.delivery.conftest import delivery_of
from tests.messages import ACCOUNT, TOKEN

BEN = "+4915112345678"
TO_ANYBODY = {"texts": Brand.Texts.RECIPIENTS, "country": "DE"}


@pytest.fixture
def text_brand(brand):
    Brand.objects.filter(pk=brand.pk).update(**TO_ANYBODY)
    brand.refresh_from_db()
    return brand


@pytest.fixture
def text_to(double, text_brand, treat, place):
    """text_to(number) -> a paid gift that goes there."""

    def order(number: str = BEN) -> Gift:
        wanted = line(treat, "Ben", channel=Gift.Channel.SMS, recipient_phone=number)
        paid = pay(place(lines=[wanted]))
        with scope(brand=paid.brand):
            return paid.gifts.with_everything().get()

    return order


def ready_of(gift: Gift) -> Message:
    return Message.objects.get(
        topic="gift.ready", subscriber="delivery.gift", payload={"gift_id": str(gift.pk)}
    )


def tell(path: str, fields: dict[str, str], *, token: str = TOKEN, **more):
    url = f"{django_settings.BASE_URL}{path}"
    signed = signature(token, url, fields)
    return Client(headers={"X-Twilio-Signature": signed}).post(path, fields, **more)


def report_of(gift: Gift, status: str, code: int = 0, sid: str = "") -> dict[str, str]:
    told = {
        "MessageSid": sid or delivery_of(gift).provider_id,
        "MessageStatus": status,
        "AccountSid": ACCOUNT,
    }
    return {**told, **({"ErrorCode": str(code)} if code else {})}


def report(gift: Gift, status: str, code: int = 0, **more):
    path = f"/webhooks/messages/?delivery={delivery_of(gift).pk}"
    return tell(path, report_of(gift, status, code), **more)


def answer(text: str, number: str = BEN):
    fields = {"From": number, "To": "+15005550006", "Body": text, "MessageSid": f"SM{'1' * 32}"}
    return tell("/webhooks/messages/answers/", fields)


class Short:
    """What a task may wait, in a test that waits for it."""

    def get(self) -> float:
        return 1.0
