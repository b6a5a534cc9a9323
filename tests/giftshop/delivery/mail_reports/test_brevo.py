"""Brevo: its API takes no pictures, so mails go by its SMTP, and tell its reports which delivery they are."""

import json
from email import message_from_bytes
from typing import Any

import pytest

from giftshop.delivery import channels, subscribers
from giftshop.delivery.models import Delivery, Report
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from tests.giftshop.delivery.conftest import delivery_of
from tests.giftshop.delivery.mail_reports.conftest import PASSWORD, basic, configure, post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def brevo(settings: Any) -> None:
    configure(settings, "brevo://7abc%40smtp-brevo.com:KEY@", PASSWORD)


@pytest.fixture
def relayed(gift: Gift, ready: Message, settings: Any, brevo: None, sink: Any) -> Any:
    """Ben's gift, as Brevo's mail server got it."""
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD, settings.EMAIL_USE_TLS = "", "", False
    subscribers.send_gift(ready)
    (envelope,) = sink.envelopes
    return message_from_bytes(envelope.content)


def test_mails_go_to_its_server_by_tls(settings: Any) -> None:
    assert (settings.EMAIL_HOST, settings.EMAIL_PORT) == ("smtp-relay.brevo.com", 587)
    assert settings.EMAIL_USE_TLS is True
    assert (settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD) == (
        "7abc@smtp-brevo.com",
        "KEY",
    )


def test_a_mail_says_which_delivery_it_is(gift: Gift, relayed: Any) -> None:
    assert json.loads(relayed["X-Mailin-custom"]) == {"delivery": str(delivery_of(gift).pk)}
    assert relayed["Message-ID"] == delivery_of(gift).message_id


def event(kind: str, named: Any, **more: Any) -> dict[str, Any]:
    """developers.brevo.com/docs/transactional-webhooks"""
    return {
        "event": kind,
        "email": "ben@friends.example",
        "id": 26224,
        "date": "2026-11-30 10:00:00",
        "ts": 1796029200,
        "message-id": "<202611301000.12345678901@smtp-relay.mailin.fr>",
        "ts_event": 1796029200,
        "subject": "A gift",
        "X-Mailin-custom": named,
        "sending_ip": "192.0.2.1",
        "ts_epoch": 1796029200000,
        "tags": [],
        **more,
    }


EVENTS = {
    "request": ("sent", ""),
    "delivered": ("delivered", "delivered"),
    "deferred": ("sent", "deferred"),
    "soft_bounce": ("bounced", "bounced"),
    "hard_bounce": ("bounced", "bounced"),
    "invalid_email": ("bounced", "bounced"),
    "blocked": ("bounced", "bounced"),
    "error": ("bounced", "bounced"),
    "spam": ("complained", "complained"),
    "unique_opened": ("sent", ""),
    "click": ("sent", ""),
}


@pytest.mark.parametrize("kind", EVENTS)
def test_what_brevo_reports_moves_the_gift(gift: Gift, relayed: Any, kind: str) -> None:
    state, reported = EVENTS[kind]
    said = event(kind, relayed["X-Mailin-custom"], reason="550 5.1.1 unknown user")
    for _ in range(2):
        assert post(said, Authorization=basic()).status_code == 200
    relay.drain()
    assert delivery_of(gift).state == state
    assert [report.state for report in Report.objects.all()] == ([reported] if reported else [])


@pytest.mark.parametrize("named", ["", "x", "[]", "7", '{"delivery": 7}', None, 7, {}])
def test_a_report_that_names_no_delivery_is_of_nobody(gift: Gift, relayed: Any, named: Any) -> None:
    assert post(event("spam", named), Authorization=basic()).status_code in {200, 400}
    relay.drain()
    assert delivery_of(gift).state == Delivery.State.SENT


def test_nobody_is_heard_without_the_password(gift: Gift, relayed: Any) -> None:
    said = event("spam", relayed["X-Mailin-custom"])
    assert post(said).status_code == 401
    assert post(said, Authorization=basic("user:0123456789abcdeX")).status_code == 400
    assert not Report.objects.exists()


def test_a_gift_whose_answer_was_lost_is_not_sent_again(
    gift: Gift, ready: Message, settings: Any, sink: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By SMTP nobody can be asked; Brevo tells by itself."""
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD, settings.EMAIL_USE_TLS = "", "", False
    by_smtp = channels.email._hand_over

    def lose(message: Any) -> None:
        by_smtp(message)
        raise TimeoutError

    with monkeypatch.context() as patched:
        patched.setattr(channels.email, "_hand_over", lose)
        with pytest.raises(channels.TryLater):
            subscribers.send_gift(ready)
    named = message_from_bytes(sink.envelopes[0].content)["X-Mailin-custom"]
    assert post(event("delivered", named), Authorization=basic()).status_code == 200
    subscribers.send_gift(ready)
    assert len(sink.envelopes) == 1
    assert delivery_of(gift).state == Delivery.State.SENT
