"""Amazon SES: what its answers and its reports by SNS mean, and to whom it says yes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.utils import timezone

from giftshop.delivery import channels, subscribers
from giftshop.delivery.models import Delivery, Report, Suppression
from giftshop.http import outside_calls
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.outbox.models import Message
from tests.giftshop.delivery.conftest import delivery_of, outcomes
from tests.giftshop.delivery.mail_reports.conftest import (
    ID,
    PASSWORD,
    basic,
    configure,
    post,
    refused,
)

pytestmark = pytest.mark.django_db

TOPIC = "arn:aws:sns:eu-central-1:123456789012:mail-reports"


@pytest.fixture(autouse=True)
def amazon(settings: Any) -> Iterator[None]:
    configure(settings, "ses://KEYID:SECRETKEY@eu-central-1", PASSWORD)
    yield
    channels.hang_up()


# --- the way out -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "words", "state"),
    [
        (400, "BadRequestException", "Missing final '@domain'", "failed"),
        (400, "BadRequestException", "Domain contains illegal character", "failed"),
        (400, "BadRequestException", "Illegal address", "failed"),
        (
            400,
            "MessageRejected",
            "Email address is not verified. The following identities failed the check in region"
            " EU-CENTRAL-1: ben@friends.example",
            "pending",
        ),
        (400, "MailFromDomainNotVerifiedException", "gifts.example.com", "pending"),
        (400, "SendingPausedException", "Sending paused for this account.", "pending"),
        (400, "AccountSuspendedException", "suspended", "pending"),
        (400, "LimitExceededException", "Daily message quota exceeded.", "pending"),
        (403, "UnrecognizedClientException", "The security token is invalid.", "pending"),
        (403, "AccessDeniedException", "User: arn:aws:iam::1:user/x is not authorized", "pending"),
        (429, "TooManyRequestsException", "Maximum sending rate exceeded.", "pending"),
        (500, "InternalFailure", "", "pending"),
    ],
)
def test_only_what_is_wrong_with_the_address_is_for_good(
    gift: Gift,
    ready: Message,
    asked: dict[str, Any],
    status: int,
    code: str,
    words: str,
    state: str,
) -> None:
    asked["status"], asked["body"] = status, {"__type": code, "message": words}
    kept = refused(gift, ready, state=state)
    assert kept.startswith(f"{status} {code}")
    assert not {"@", "KEYID", "SECRETKEY"} & set(kept.split())
    assert "ben@" not in kept
    assert len(asked["sent"]) == 1, "it was tried again at once, which may send a gift twice"


def test_a_mail_goes_to_amazon_in_its_region_and_says_which_delivery_it_is(
    gift: Gift, ready: Message, asked: dict[str, Any]
) -> None:
    asked["body"] = {"MessageId": ID}
    subscribers.send_gift(ready)
    (request,) = asked["sent"]
    assert urlsplit(request.url)[:2] == ("https", "email.eu-central-1.amazonaws.com")
    assert request.headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=KEYID/")
    assert "SECRETKEY" not in str(request.headers) + str(request.body)
    assert delivery_of(gift).provider_id == ID


@pytest.mark.parametrize("fails", [requests.ConnectTimeout(), requests.ConnectionError()])
def test_an_answer_that_does_not_come_is_waited_for_later(
    gift: Gift, ready: Message, asked: dict[str, Any], fails: Exception
) -> None:
    asked["fails"] = fails
    with pytest.raises(channels.TryLater, match=type(fails).__name__):
        subscribers.send_gift(ready)
    assert outcomes(gift) == ["deferred"]
    assert len(asked["sent"]) == 1


def test_a_machine_that_has_no_role_delays_but_loses_nothing(
    gift: Gift,
    ready: Message,
    settings: Any,
    asked: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    configure(settings, "ses://eu-central-1", PASSWORD)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(channels.TryLater, match="NoCredentialsError"):
        subscribers.send_gift(ready)
    assert outcomes(gift) == ["deferred"]
    assert not asked["sent"]


def test_a_setting_of_the_machine_that_boto3_cannot_read_delays_too(
    gift: Gift, ready: Message, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody-has-this")
    with pytest.raises(channels.TryLater, match="ProfileNotFound"):
        subscribers.send_gift(ready)
    assert outcomes(gift) == ["deferred"]


def test_a_kept_client_ends_with_its_call(
    gift: Gift, ready: Message, asked: dict[str, Any]
) -> None:
    asked["body"] = {"MessageId": ID}
    subscribers.send_gift(ready)
    kept = channels.email._line.backend
    assert kept.session is not None
    channels.hang_up()
    assert (kept.client, kept.session) == (None, None)


# --- the reports -----------------------------------------------------------------------------


def mail(**more: Any) -> dict[str, Any]:
    """Of docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html"""
    return {
        "timestamp": "2026-11-30T14:59:38.237Z",
        "source": "Giftshop <gifts@example.com>",
        "sendingAccountId": "123456789012",
        "messageId": ID,
        "destination": ["ben@friends.example"],
        "headersTruncated": False,
        "headers": [{"name": "From", "value": "gifts@example.com"}],
        **more,
    }


def bounce(kind: str, sub_kind: str, **of_ben: str) -> dict[str, Any]:
    return {
        "eventType": "Bounce",
        "bounce": {
            "bounceType": kind,
            "bounceSubType": sub_kind,
            "bouncedRecipients": [{"emailAddress": "ben@friends.example", **of_ben}],
            "timestamp": "2026-11-30T14:59:44.101Z",
            "feedbackId": "01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000",
        },
    }


GONE = {"action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}
LATE = {"action": "failed", "status": "4.4.7", "diagnosticCode": "smtp; 554 4.4.7 expired"}
EVENTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "delivered": (
        {
            "eventType": "Delivery",
            "delivery": {
                "recipients": ["ben@friends.example"],
                "smtpResponse": "250 2.6.0 Message received",
                "reportingMTA": "mta.example.com",
            },
        },
        "delivered",
        "delivered",
    ),
    "nobody there": (bounce("Permanent", "General", **GONE), "bounced", "bounced"),
    "suppressed": (bounce("Permanent", "OnAccountSuppressionList"), "bounced", "bounced"),
    "full": (bounce("Transient", "MailboxFull"), "bounced", "bounced"),
    "expired": (bounce("Transient", "General", **LATE), "bounced", "bounced"),
    "on holiday": (bounce("Transient", "General"), "sent", "deferred"),
    "nobody knows": (bounce("Undetermined", "Undetermined"), "bounced", "bounced"),
    "delayed": (
        {
            "eventType": "DeliveryDelay",
            "deliveryDelay": {
                "delayType": "SpamDetected",
                "expirationTime": "2026-12-01T14:59:38.237Z",
                "delayedRecipients": [{"emailAddress": "ben@friends.example"}],
            },
        },
        "sent",
        "deferred",
    ),
    "spam": (
        {
            "eventType": "Complaint",
            "complaint": {
                "complainedRecipients": [{"emailAddress": "ben@friends.example"}],
                "complaintFeedbackType": "abuse",
            },
        },
        "complained",
        "complained",
    ),
    "no spam": (
        {
            "eventType": "Complaint",
            "complaint": {
                "complainedRecipients": [{"emailAddress": "ben@friends.example"}],
                "complaintFeedbackType": "not-spam",
            },
        },
        "sent",
        "",
    ),
    "refused": ({"eventType": "Reject", "reject": {"reason": "Bad content"}}, "bounced", "bounced"),
    "opened": ({"eventType": "Open", "open": {"ipAddress": "192.0.2.1"}}, "sent", ""),
    "sent": ({"eventType": "Send", "send": {}}, "sent", ""),
}


def message(said: Any, *, kind: str = "Notification", number: str = "1", **more: Any) -> Any:
    return {
        "Type": kind,
        "MessageId": f"19ba9823-d7f2-53c1-860e-cb10e0d13df{number}",
        "TopicArn": TOPIC,
        "Subject": "Amazon SES Email Event Notification",
        "Message": said if isinstance(said, str) else json.dumps(said),
        "Timestamp": timezone.now().isoformat(),
        "SignatureVersion": "1",
        "Signature": "EXAMPLE==",
        "SigningCertURL": "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem",
        **more,
    }


def tell(body: Any, password: str = PASSWORD) -> Any:
    return post(
        body,
        Authorization=basic(password),
        x_amz_sns_message_type=body["Type"],
        x_amz_sns_message_id=body["MessageId"],
    )


@pytest.mark.parametrize("name", EVENTS)
def test_what_amazon_reports_moves_the_gift(sent: Gift, name: str) -> None:
    said, state, reported = EVENTS[name]
    for _ in range(2):
        assert tell(message({**said, "mail": mail()})).status_code == 200
    relay.drain()
    assert delivery_of(sent).state == state
    assert [report.state for report in Report.objects.all()] == ([reported] if reported else [])


def test_a_bounce_says_why(sent: Gift) -> None:
    tell(message({**EVENTS["nobody there"][0], "mail": mail()}))
    assert Report.objects.get().reason == Report.Reason.NOBODY


def test_who_calls_it_spam_gets_no_more_of_this_brand(sent: Gift) -> None:
    tell(message({**EVENTS["spam"][0], "mail": mail()}))
    relay.drain()
    assert Suppression.objects.covering("ben@friends.example", sent.order.brand).exists()


def test_an_older_topic_of_an_identity_is_read_too(sent: Gift) -> None:
    said = {"notificationType": "Delivery", "delivery": EVENTS["delivered"][0]["delivery"]}
    assert tell(message({**said, "mail": mail()})).status_code == 200
    relay.drain()
    assert delivery_of(sent).state == Delivery.State.DELIVERED


def test_what_a_mail_was_given_along_names_its_delivery(sent: Gift) -> None:
    """So an answer that was lost is known again."""
    named = {"name": "X-Metadata", "value": json.dumps({"delivery": str(delivery_of(sent).pk)})}
    said = {**EVENTS["delivered"][0], "mail": mail(messageId="another", headers=[named])}
    assert tell(message(said)).status_code == 200
    relay.drain()
    assert delivery_of(sent).state == Delivery.State.DELIVERED


def test_sns_is_asked_for_the_password_and_nobody_is_heard_without(sent: Gift) -> None:
    body = message({**EVENTS["spam"][0], "mail": mail()})
    told = {"x_amz_sns_message_type": body["Type"], "x_amz_sns_message_id": body["MessageId"]}
    answer = post(body, **told)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic ")
    assert tell(body, "user:0123456789abcdeX").status_code == 400
    assert post(body, Authorization="Bearer x", **told).status_code == 400
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"\xff", b"[]", b"7", b"null", b"{}", b"[" * 100_000),
        json.dumps(message("no JSON")).encode(),
        json.dumps(message([])).encode(),
        json.dumps(message({"eventType": "Bounce", "bounce": 7, "mail": mail()})).encode(),
        json.dumps(message({"eventType": "Bounce", "mail": mail(headers=7)})).encode(),
        json.dumps(message({"eventType": "Bounce", "mail": {"messageId": ID}})).encode(),
        json.dumps(message({"notificationType": "Received", "mail": mail()})).encode(),
    ],
)
def test_what_is_no_report_is_refused_without_a_fault(sent: Gift, body: bytes) -> None:
    headers = {
        "x_amz_sns_message_type": "Notification",
        "x_amz_sns_message_id": message("")["MessageId"],
    }
    assert post(body, Authorization=basic(), **headers).status_code == 400
    assert not Report.objects.exists()


# --- whether reports are wanted here ----------------------------------------------------------


def question(**more: Any) -> dict[str, Any]:
    """docs.aws.amazon.com/sns/latest/dg/http-subscription-confirmation-json.html"""
    asked: dict[str, Any] = message(
        "You have chosen to subscribe to the topic.",
        kind="SubscriptionConfirmation",
        Token="2336412f37",
        SubscribeURL="https://evil.example/?Action=ConfirmSubscription",
    )
    return {**asked, **more}


YES = (
    "<ConfirmSubscriptionResponse><ConfirmSubscriptionResult><SubscriptionArn>arn</SubscriptionArn>"
    "</ConfirmSubscriptionResult></ConfirmSubscriptionResponse>"
)
NO = "<ErrorResponse><Error><Code>AuthorizationError</Code><Message>no</Message></Error></ErrorResponse>"


def test_amazon_hears_yes_by_its_own_api(
    asked: dict[str, Any], django_assert_num_queries: Any
) -> None:
    """Never by the address in the body; and nothing of the database waits for it."""
    asked["body"] = YES
    with django_assert_num_queries(0):
        assert tell(question()).status_code == 200
    (request,) = asked["sent"]
    assert urlsplit(request.url)[:2] == ("https", "sns.eu-central-1.amazonaws.com")
    assert request.headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=KEYID/")
    said = parse_qs(request.body.decode() if isinstance(request.body, bytes) else request.body)
    assert said["Action"] == ["ConfirmSubscription"]
    assert said["TopicArn"] == [TOPIC]
    assert said["Token"] == ["2336412f37"]
    assert said["AuthenticateOnUnsubscribe"] == ["true"]


@pytest.mark.parametrize(
    "changed",
    [
        {"TopicArn": TOPIC.replace("eu-central-1", "us-east-1")},
        {"TopicArn": "arn:aws:sns:evil.example/:123456789012:x"},
        {"TopicArn": TOPIC + "\nx"},
        *({"TopicArn": None}, {"TopicArn": []}, {"Token": None}, {"Token": "x" * 3000}),
    ],
)
def test_another_topic_hears_nothing(asked: dict[str, Any], changed: dict[str, Any]) -> None:
    assert tell(question(**changed)).status_code == 400
    assert not asked["sent"]


def test_a_stranger_hears_nothing(asked: dict[str, Any]) -> None:
    assert tell(question(), "user:0123456789abcdeX").status_code == 400
    assert not asked["sent"]


def test_a_yes_that_amazon_did_not_take_is_asked_for_again(
    asked: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    asked["status"], asked["body"] = 403, NO
    assert tell(question()).status_code == 503
    assert "AuthorizationError" in caplog.text
    asked["fails"] = requests.ReadTimeout()
    assert tell(question()).status_code == 503
    assert len(asked["sent"]) == 2
    assert "SECRETKEY" not in caplog.text


def test_a_yes_waits_no_longer_than_a_page(
    asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_call: Any) -> None:
        raise outside_calls.NoAnswer("no answer in time")

    monkeypatch.setattr(outside_calls, "ask", nobody)
    assert tell(question()).status_code == 503
    assert not asked["sent"]
