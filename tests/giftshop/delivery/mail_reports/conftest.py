"""A gift that a provider took, and a provider that reports."""

import base64
import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from giftshop import mail_providers
from giftshop.delivery import channels, send, subscribers
from giftshop.orders.models import Gift
from giftshop.outbox.models import Message
from tests.giftshop.delivery.conftest import delivery_of, fresh

ID = "taken-1"
PASSWORD = "user:0123456789abcdef"


def configure(settings: Any, url: str, secret: str) -> None:
    """As giftshop/settings.py does it for EMAIL_URL and EMAIL_WEBHOOK_SECRET."""
    for name, value in mail_providers.read(url).items():
        setattr(settings, name, value)
    settings.MAIL_REPORTS = mail_providers.hears(
        settings.MAIL_PROVIDER, secret=secret, url="https://gifts.example.com/webhooks/mail/"
    )
    settings.ANYMAIL = {**settings.ANYMAIL, **settings.MAIL_REPORTS}


def basic(words: str = PASSWORD) -> str:
    return "Basic " + base64.b64encode(words.encode()).decode()


def post(body: Any, **headers: str) -> HttpResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client().post("/webhooks/mail/", raw, content_type="text/plain", headers=named)


def refused(gift: Gift, ready: Message, *, state: str) -> str:
    """Hand a gift over that the provider doesn't take. Its delivery is in that state then; what is kept of
    why."""
    if state == "pending":
        with pytest.raises(channels.TryLater):
            subscribers.send_gift(ready)
    else:
        subscribers.send_gift(ready)
    assert delivery_of(gift).state == state
    (attempt,) = delivery_of(gift).attempts.all()
    return str(attempt.error)


@pytest.fixture
def sent(gift: Gift, ready: Message, monkeypatch: pytest.MonkeyPatch) -> Gift:
    """Ben's gift, with the provider under ID."""
    numbers = itertools.count(1)

    def take(message: EmailMessage) -> str:
        return f"taken-{next(numbers)}"

    monkeypatch.setitem(send.channels.SENDERS, "email", take)
    subscribers.send_gift(ready)
    Message.objects.filter(done_at=None).update(done_at=timezone.now())
    return fresh(gift)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What leaves by our sessions, under `sent`; `status`, `body` and `headers` are answered, or `fails` is
    raised."""
    told: dict[str, Any] = {"status": 200, "body": {}, "headers": {}, "sent": [], "fails": None}

    def answer(session: requests.Session, request: requests.PreparedRequest, **_how: Any) -> Any:
        told["sent"].append(request)
        if told["fails"]:
            raise told["fails"]
        made = requests.Response()
        made.status_code, made.request, made.url = told["status"], request, str(request.url)
        body = told["body"]
        made._content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        made.headers.update({"content-type": "application/json", **told["headers"]})
        return made

    monkeypatch.setattr(requests.Session, "send", answer)
    yield told
    channels.hang_up()
