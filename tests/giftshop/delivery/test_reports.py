"""What providers report: once, in any order, and never backwards; a forged word is not heard."""

import base64
import hashlib
import hmac
import itertools
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from giftshop import mail_providers
from giftshop.delivery import channels, reports, send, subscribers
from giftshop.delivery.models import Delivery, Report, Suppression
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from tests.giftshop.delivery.conftest import delivery_of, fresh, letters_to

pytestmark = pytest.mark.django_db

KEY = "signing-key-of-0123456789"
ID = "<1@mg.example.com>"


@pytest.fixture(autouse=True)
def mailgun(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails stay here, with an id as Mailgun gives them; its reports are heard."""
    read = mail_providers.read("mailgun://KEY@mg.example.com")
    settings.MAIL_PROVIDER = "mailgun"
    settings.MAIL_REPORTS = mail_providers.hears("mailgun", secret=KEY, url="")
    settings.ANYMAIL = {**read["ANYMAIL"], **settings.MAIL_REPORTS}
    numbers = itertools.count(1)

    def take(message: EmailMessage) -> str:
        mail.outbox.append(message)
        return f"<{next(numbers)}@mg.example.com>"

    monkeypatch.setitem(send.channels.SENDERS, "email", take)


@pytest.fixture
def sent(gift: Gift, ready: Message) -> Gift:
    """Ben's gift, with the provider under ID."""
    subscribers.send_gift(ready)
    Message.objects.filter(done_at=None).update(done_at=timezone.now())
    mail.outbox.clear()
    return fresh(gift)


def event(kind: str, *, token: str = "a" * 50, **more: Any) -> dict[str, Any]:
    """As Mailgun's documentation shows it, signed."""
    at = more.pop("signed_at", timezone.now()).timestamp()
    signature = hmac.new(KEY.encode(), f"{int(at)}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": str(int(at)), "token": token, "signature": signature},
        "event-data": {
            "event": kind,
            "id": "x" * 22,
            "timestamp": at,
            "recipient": "ben@friends.example",
            "message": {"headers": {"message-id": more.pop("id", ID).strip("<>")}},
            **more,
        },
    }


BOUNCE = {
    "severity": "permanent",
    "reason": "bounce",
    "delivery-status": {
        "code": 550,
        "message": "5.1.1 <ben@friends.example> The email account does not exist.",
        "description": "",
    },
}


def post(body: Any, **headers: str) -> int:
    raw = body if isinstance(body, bytes) else json.dumps(body)
    answer = Client().post("/webhooks/mail/", raw, content_type="application/json", headers=headers)
    return answer.status_code


def told(gift: Gift, kind: str, **more: Any) -> None:
    assert post(event(kind, token=kind.ljust(50, "t"), **more)) == 200
    relay.drain()


def test_delivered_is_told_to_the_sender(sent: Gift, client: Client) -> None:
    told(sent, "delivered")
    assert delivery_of(sent).state == Delivery.State.DELIVERED
    assert fresh(sent).delivered_at is not None
    assert "Delivered" in page_of(sent, client)


def page_of(gift: Gift, client: Client) -> str:
    with scope(brand=gift.brand):
        order = fresh(gift).order
    return client.get(f"/orders/{order.link_token()}/").content.decode()


def test_a_bounce_reaches_the_sender_in_words(sent: Gift, client: Client) -> None:
    told(sent, "failed", **BOUNCE)
    assert delivery_of(sent).state == Delivery.State.BOUNCED
    assert fresh(sent).undeliverable_at is not None
    (letter,) = letters_to("amy@senders.example")
    assert letter.subject == "Your gift for Ben did not arrive"
    assert "There is no such address." in letter.body
    assert "ben@friends.example" in letter.body
    page = page_of(sent, client)
    assert "It came back" in page
    assert "There is no such address." in page
    assert f"/gift/{sent.link_token()}/" in page
    (report,) = Report.objects.all()
    assert "@" not in report.words


def test_what_comes_doubled_counts_once(sent: Gift) -> None:
    for _ in range(3):
        told(sent, "failed", **BOUNCE)
    assert Report.objects.count() == 1
    assert len(letters_to("amy@senders.example")) == 1


@pytest.mark.parametrize(
    "order", list(itertools.permutations(["delivered", "failed", "complained"]))
)
def test_in_any_order_it_ends_the_same(sent: Gift, order: tuple[str, ...]) -> None:
    for kind in order:
        told(sent, kind, **(BOUNCE if kind == "failed" else {}))
    assert delivery_of(sent).state == Delivery.State.COMPLAINED


def test_a_bounce_after_it_was_delivered_is_believed_and_the_reverse_is_not(sent: Gift) -> None:
    told(sent, "delivered")
    told(sent, "failed", **BOUNCE)
    assert delivery_of(sent).state == Delivery.State.BOUNCED
    assert fresh(sent).delivered_at is None
    assert post(event("delivered", token="later".ljust(50, "x"))) == 200
    relay.drain()
    assert delivery_of(sent).state == Delivery.State.BOUNCED
    assert fresh(sent).undeliverable_at is not None


def test_a_late_bounce_of_an_old_version_says_nothing_of_the_newest(sent: Gift) -> None:
    with scope(brand=sent.brand):
        newer = send.send(purpose=subscribers.GIFT, about=sent, brand=sent.order.brand, version=2)
    assert newer.provider_id != ID
    told(sent, "failed", **BOUNCE)
    with scope(brand=sent.brand):
        states = dict(
            Delivery.objects.filter(purpose="gift", subject=f"gift:{sent.pk}").values_list(
                "version", "state"
            )
        )
    assert states == {1: "bounced", 2: "sent"}
    assert fresh(sent).undeliverable_at is None
    assert not letters_to("amy@senders.example")


def test_a_version_that_is_still_to_be_sent_is_newer_too(sent: Gift) -> None:
    with scope(brand=sent.brand):
        Delivery.objects.create(
            brand=sent.brand,
            purpose="gift",
            subject=f"gift:{sent.pk}",
            address="ben@new.example",
            version=2,
            created_at=timezone.now(),
        )
    told(sent, "failed", **BOUNCE)
    assert fresh(sent).undeliverable_at is None


def test_a_mailbox_that_is_full_for_now_is_waited_for(sent: Gift, client: Client) -> None:
    told(sent, "failed", severity="temporary", **{"delivery-status": {"message": "4.2.2 full"}})
    assert delivery_of(sent).state == Delivery.State.SENT
    assert "It is tried again by itself" in page_of(sent, client)
    assert not letters_to("amy@senders.example")


def test_who_calls_it_spam_gets_no_more_of_this_brand(sent: Gift, client: Client) -> None:
    told(sent, "complained")
    assert delivery_of(sent).state == Delivery.State.COMPLAINED
    assert Suppression.objects.covering("ben@friends.example", sent.order.brand).exists()
    assert "Reported as spam" in page_of(sent, client)


def test_a_report_that_comes_before_our_own_word_waits(gift: Gift, ready: Message) -> None:
    assert post(event("delivered")) == 200
    message = Message.objects.get(topic="delivery.reported")
    with pytest.raises(reports.NotSentYet):
        subscribers.note_report(message)
    subscribers.send_gift(ready)
    subscribers.note_report(message)
    assert delivery_of(gift).state == Delivery.State.DELIVERED


def test_a_report_of_nothing_we_know_is_let_go(db: None) -> None:
    assert post(event("delivered", id="<nobody@mg.example.com>")) == 200
    (report,) = Report.objects.all()
    with pytest.raises(reports.NotSentYet):
        reports.work_off(report, now=timezone.now())
    reports.work_off(report, now=timezone.now() + reports.WAITS + timedelta(seconds=1))
    assert Report.objects.get().delivery is None


def test_a_gift_that_was_opened_all_the_same_troubles_nobody(sent: Gift) -> None:
    with scope(brand=sent.brand):
        Gift.objects.filter(pk=sent.pk).update(opened_at=timezone.now())
    told(sent, "failed", **BOUNCE)
    assert not letters_to("amy@senders.example")


def test_each_version_that_comes_back_is_told_once(sent: Gift) -> None:
    told(sent, "failed", **BOUNCE)
    with scope(brand=sent.brand):
        again = send.send(purpose=subscribers.GIFT, about=sent, brand=sent.order.brand, version=2)
    assert fresh(sent).undeliverable_at is None
    assert post(event("failed", token="two".ljust(50, "x"), id=again.provider_id, **BOUNCE)) == 200
    relay.drain()
    assert len(letters_to("amy@senders.example")) == 2


def test_that_a_mail_was_opened_is_not_kept(sent: Gift) -> None:
    assert post(event("opened")) == 200
    assert not Report.objects.exists()


def test_a_mail_whose_answer_was_lost_is_not_sent_again(
    gift: Gift, ready: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider took it; we heard nothing, until its report named the delivery."""

    def lose(message: EmailMessage) -> str:
        mail.outbox.append(message)
        raise channels.TryLater("ReadTimeout")

    monkeypatch.setitem(send.channels.SENDERS, "email", lose)
    with pytest.raises(channels.TryLater):
        subscribers.send_gift(ready)
    variables = {"user-variables": {"delivery": str(delivery_of(gift).pk)}}
    assert post(event("delivered", id="<other@mg.example.com>", **variables)) == 200
    [told_of] = Message.objects.filter(topic="delivery.reported")
    with pytest.raises(reports.NotSentYet):
        subscribers.note_report(told_of)
    subscribers.send_gift(ready)
    assert len(letters_to("ben@friends.example")) == 1
    assert delivery_of(gift).state == Delivery.State.SENT
    assert delivery_of(gift).provider_id == "<other@mg.example.com>"
    assert fresh(gift).sent_at is not None
    subscribers.note_report(told_of)
    assert delivery_of(gift).state == Delivery.State.DELIVERED


@pytest.mark.parametrize("named", ["", "x", "01a22b70-8371-7031-a5a5-f75c95dd1edd", 7, None, {}])
def test_a_report_that_names_no_delivery_of_ours_is_known_by_its_id_alone(
    sent: Gift, named: Any
) -> None:
    told(sent, "delivered", **{"user-variables": {"delivery": named}})
    assert delivery_of(sent).state == Delivery.State.DELIVERED


# --- the door ----------------------------------------------------------------------------------


def forged(**changed: str) -> dict[str, Any]:
    body = event("failed", **BOUNCE)
    body["signature"].update(changed)
    return body


@pytest.mark.parametrize(
    "body",
    [
        forged(signature="0" * 64),
        forged(token="b" * 50),
        forged(timestamp="1"),
        forged(token="ä"),
        {"event-data": {"event": "failed"}},
        {"signature": None},
        {"signature": []},
        [],
        7,
        None,
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"signature":' * 20_000,
    ],
)
def test_what_is_not_signed_is_refused(sent: Gift, body: Any) -> None:
    assert post(body) == 400
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"event": []},
        {"event": "failed", "timestamp": "soon"},
        {"event": "failed", "timestamp": 1e30},
        {"event": "failed", "timestamp": "NaN"},
        {"event": "failed", "message": 7},
        {"event": "failed", "client-info": 7},
    ],
)
def test_what_is_signed_and_no_report_is_refused_without_a_fault(sent: Gift, data: Any) -> None:
    body = event("failed")
    body["event-data"] = data
    assert post(body) in {200, 400}
    assert not Report.objects.exists()


def test_words_that_no_row_holds_are_made_plain(sent: Gift) -> None:
    told(sent, "failed", **{"delivery-status": {"message": "a\0b \ud800 5.1.1"}})
    assert Report.objects.get().reason == Report.Reason.NOBODY


def test_an_old_signature_opens_nothing(sent: Gift) -> None:
    """Mailgun signs no body: whoever saw one of its calls could write another under the same signature."""
    old = timezone.now() - timedelta(hours=25)
    assert post(event("failed", signed_at=old, **BOUNCE)) == 400
    told(sent, "delivered")
    again = event("failed", token="delivered".ljust(50, "t"), **BOUNCE)
    assert post(again) == 200  # under the token of a call that was heard
    relay.drain()
    assert delivery_of(sent).state == Delivery.State.DELIVERED


def test_nobody_is_heard_where_no_provider_is_named(settings: Any) -> None:
    settings.MAIL_REPORTS = {}
    assert post(event("delivered")) == 404
    assert Client().head("/webhooks/mail/").status_code == 404


def test_another_provider_is_not_heard(sent: Gift) -> None:
    postmark = {"RecordType": "Bounce", "MessageID": ID, "ID": 1, "Type": "HardBounce"}
    basic = base64.b64encode(b"user:0123456789abcdef").decode()
    assert post(postmark, Authorization=f"Basic {basic}") == 400


def test_a_provider_that_signs_nothing_is_known_by_its_password(sent: Gift, settings: Any) -> None:
    settings.MAIL_PROVIDER = "postmark"
    settings.MAIL_REPORTS = mail_providers.hears("postmark", secret="user:0123456789abcdef", url="")
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "KEY", **settings.MAIL_REPORTS}
    body = {
        "RecordType": "Bounce",
        "ID": 4323372036854775807,
        "Type": "HardBounce",
        "MessageID": ID,
        "Email": "ben@friends.example",
        "Description": "The server was unable to deliver your message (ex: unknown user).",
        "Details": "smtp;550 5.1.1 unknown user",
        "BouncedAt": "2026-11-30T10:00:00Z",
    }
    assert post(body) == 401
    wrong = base64.b64encode(b"user:0123456789abcdeX").decode()
    assert post(body, Authorization=f"Basic {wrong}") == 400
    right = base64.b64encode(b"user:0123456789abcdef").decode()
    assert post(body, Authorization=f"Basic {right}") == 200
    relay.drain()
    assert delivery_of(sent).state == Delivery.State.BOUNCED
    assert Client().head("/webhooks/mail/").status_code == 200


SECRETS = {
    "user:0123456789abcdef": {"postmark", "mailjet", "mailtrap", "sparkpost", "ses", "brevo"},
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw": {"resend"},
    KEY: {"mailgun", "mandrill", "mailersend"},
    base64.b64encode(
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode(): {"sendgrid"},
}


@pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning")
@pytest.mark.parametrize("scheme", mail_providers.PROVIDERS)
def test_each_provider_is_asked_for_its_proof(sent: Gift, settings: Any, scheme: str) -> None:
    [secret] = [secret for secret, schemes in SECRETS.items() if scheme in schemes]
    settings.MAIL_PROVIDER = scheme
    settings.MAIL_REPORTS = mail_providers.hears(scheme, secret=secret, url="https://x.example/")
    settings.ANYMAIL = settings.MAIL_REPORTS
    said = [
        {"event": "bounce", "sg_message_id": ID, "message_id": ID, "type": "activity.hard_bounced"}
    ]
    without = 401 if secret.startswith("user:") else 400
    for body in (said, said[0], {}, b"", {"RecordType": "Inbound"}):
        assert post(body) == without
        assert post(body, Signature="0" * 64, Authorization="Basic eDp4") == 400
    assert not Report.objects.exists()


def test_a_key_of_signatures_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="must be the whole key"):
        mail_providers.hears("sendgrid", secret="x" * 40, url="")


def test_what_is_meant_for_another_address_of_a_provider_is_refused(
    sent: Gift, settings: Any
) -> None:
    settings.MAIL_PROVIDER = "postmark"
    settings.MAIL_REPORTS = mail_providers.hears("postmark", secret="user:0123456789abcdef", url="")
    settings.ANYMAIL = settings.MAIL_REPORTS
    right = base64.b64encode(b"user:0123456789abcdef").decode()
    inbound = {"FromFull": {}, "RecordType": "Inbound"}
    assert post(inbound, Authorization=f"Basic {right}") == 400


def test_many_events_cost_few_statements(sent: Gift, django_assert_max_num_queries: Any) -> None:
    now: datetime = timezone.now()
    many = [
        reports.Told(event_id=str(number), provider_id=ID, state=Report.State.DELIVERED, at=now)
        for number in range(300)
    ]
    with django_assert_max_num_queries(8):
        assert reports.hear(provider="mailgun", told=[*many, *many], now=now) == 300
    assert reports.hear(provider="mailgun", told=many, now=now) == 0
