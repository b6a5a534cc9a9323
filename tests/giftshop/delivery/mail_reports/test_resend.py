"""Resend: pictures and tags go along, its answers are understood, its reports are those that it signed."""

import base64
import hmac
import json
from hashlib import sha256
from typing import Any

import pytest
from django.utils import timezone

from giftshop.delivery import subscribers
from giftshop.delivery.models import Delivery, Report
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from tests.giftshop.delivery.conftest import delivery_of
from tests.giftshop.delivery.mail_reports.conftest import ID, configure, post, refused

pytestmark = pytest.mark.django_db

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture(autouse=True)
def resend(settings: Any) -> None:
    configure(settings, "resend://re_KEY@", KEY)


def test_pictures_and_which_delivery_it_is_go_along(
    gift: Gift, ready: Message, asked: dict[str, Any]
) -> None:
    asked["body"] = {"id": ID}
    subscribers.send_gift(ready)
    (request,) = asked["sent"]
    said = json.loads(request.body)
    assert said["tags"] == [{"name": "delivery", "value": str(delivery_of(gift).pk)}]
    pictures = {each["content_id"] for each in said["attachments"]}
    assert "qr" in pictures
    assert all(f"cid:{name}" in said["html"] for name in pictures)
    assert delivery_of(gift).provider_id == ID


@pytest.mark.parametrize(
    ("status", "name", "words", "state"),
    [
        (
            422,
            "validation_error",
            "Invalid `to` field. The email address needs to follow the `email@example.com` or"
            " `Name <email@example.com>` format.",
            "failed",
        ),
        (
            422,
            "invalid_from_address",
            "Invalid `from` field. The email address needs to follow the `email@example.com` or"
            " `Name <email@example.com>` format.",
            "pending",
        ),
        (
            403,
            "validation_error",
            "You can only send testing emails to your own email address",
            "pending",
        ),
        (403, "validation_error", "The example.com domain is not verified.", "pending"),
        (403, "invalid_api_key", "API key is invalid", "pending"),
        (401, "restricted_api_key", "This API key is restricted to only send emails", "pending"),
        (429, "daily_quota_exceeded", "You have reached your daily email quota.", "pending"),
        (429, "rate_limit_exceeded", "Too many requests.", "pending"),
        (500, "application_error", "An unexpected error occurred.", "pending"),
    ],
)
def test_only_what_is_wrong_with_the_address_is_for_good(
    gift: Gift,
    ready: Message,
    asked: dict[str, Any],
    status: int,
    name: str,
    words: str,
    state: str,
) -> None:
    asked["status"] = status
    asked["body"] = {"statusCode": status, "message": words, "name": name}
    kept = refused(gift, ready, state=state)
    assert "@" not in kept
    assert "re_KEY" not in kept


def signed(
    said: Any, *, key: str = KEY, name: str = "msg_1", seconds: int = 0, **changed: str
) -> dict[str, str]:
    """The headers of svix: docs.svix.com/receiving/verifying-payloads/how-manual."""
    at = str(int(timezone.now().timestamp()) + seconds)
    raw = said if isinstance(said, bytes) else json.dumps(said).encode()
    content = f"{name}.{at}.".encode() + raw
    secret = base64.b64decode(key.removeprefix("whsec_"))
    signature = base64.b64encode(hmac.new(secret, content, sha256).digest()).decode()
    return {
        "svix_id": name,
        "svix_timestamp": at,
        "svix_signature": f"v1a,AAAA v1,{signature}",
        **changed,
    }


def event(kind: str, **more: Any) -> dict[str, Any]:
    """resend.com/docs/webhooks/event-types"""
    return {
        "type": f"email.{kind}",
        "created_at": "2026-11-30T23:41:12.126Z",
        "data": {
            "created_at": "2026-11-30T23:41:11.894719+00:00",
            "email_id": ID,
            "from": "Giftshop <gifts@example.com>",
            "to": ["ben@friends.example"],
            "subject": "A gift",
            **more,
        },
    }


def bounce(kind: str, sub_kind: str, words: str) -> dict[str, Any]:
    return event("bounced", bounce={"type": kind, "subType": sub_kind, "message": words})


EVENTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "delivered": (event("delivered"), "delivered", "delivered"),
    "delayed": (event("delivery_delayed"), "sent", "deferred"),
    "hard": (
        bounce("Permanent", "General", "The recipient's email provider sent a hard bounce message"),
        "bounced",
        "bounced",
    ),
    "full": (
        bounce("Transient", "MailboxFull", "The inbox was full, so it sent a bounce message"),
        "bounced",
        "bounced",
    ),
    "on holiday": (
        bounce("Transient", "General", "The provider sent a general bounce message."),
        "sent",
        "deferred",
    ),
    "suppressed": (event("suppressed", suppressed={"message": "on a list"}), "bounced", "bounced"),
    "failed": (event("failed", failed={"reason": "reached_daily_quota"}), "bounced", "bounced"),
    "spam": (event("complained"), "complained", "complained"),
    "opened": (event("opened"), "sent", ""),
    "sent": (event("sent"), "sent", ""),
}


@pytest.mark.parametrize("name", EVENTS)
def test_what_resend_reports_moves_the_gift(sent: Gift, name: str) -> None:
    said, state, reported = EVENTS[name]
    for _ in range(2):
        assert post(said, **signed(said)).status_code == 200
    relay.drain()
    assert delivery_of(sent).state == state
    assert [report.state for report in Report.objects.all()] == ([reported] if reported else [])


def test_its_tags_name_the_delivery(sent: Gift) -> None:
    """So an answer that was lost is known again."""
    tags = {"delivery": str(delivery_of(sent).pk)}
    said = event("delivered", email_id="another", tags=tags)
    assert post(said, **signed(said)).status_code == 200
    relay.drain()
    assert delivery_of(sent).state == Delivery.State.DELIVERED


@pytest.mark.parametrize("tags", [None, [], 7, {"delivery": 7}, {"delivery": None}, "x"])
def test_other_tags_name_nobody(sent: Gift, tags: Any) -> None:
    said = event("delivered", tags=tags)
    assert post(said, **signed(said)).status_code == 200
    relay.drain()
    assert delivery_of(sent).state == Delivery.State.DELIVERED


OTHER = "whsec_" + base64.b64encode(b"x" * 24).decode()
SPAM = event("complained")


@pytest.mark.parametrize(
    "changed",
    [
        *({"key": OTHER}, {"name": ""}, {"seconds": -310}, {"seconds": 320}),
        *({"said": event("delivered")}, {"svix_id": "msg_2"}, {"svix_timestamp": "1"}),
        *({"svix_signature": ""}, {"svix_signature": "v1,"}, {"svix_signature": "v1,ä"}),
    ],
)
def test_what_resend_did_not_sign_now_is_refused(sent: Gift, changed: dict[str, Any]) -> None:
    assert post(SPAM, **signed(**{"said": SPAM, **changed})).status_code == 400
    assert not Report.objects.exists()


def test_what_nobody_signed_is_refused(sent: Gift) -> None:
    assert post(SPAM).status_code == 400
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"\xff", b"[]", b"7", b"null", b"{}", b"[" * 100_000),
        json.dumps({"type": "email.bounced"}).encode(),
        json.dumps({"type": "email.bounced", "data": 7}).encode(),
        json.dumps(event("bounced", bounce=7)).encode(),
    ],
)
def test_what_is_signed_and_no_report_is_refused_without_a_fault(sent: Gift, body: bytes) -> None:
    assert post(body, **signed(body)).status_code == 400
    assert not Report.objects.exists()
