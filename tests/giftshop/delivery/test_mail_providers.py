"""Mails by a provider's API: what goes along, what its answers mean, and that no answer holds a worker."""

import base64
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import requests
from django.urls import reverse
from django_scopes import scope

from giftshop import mail_providers
from giftshop.delivery import channels, subscribers
from giftshop.delivery.models import Delivery
from giftshop.http import outside_calls
from giftshop.orders.models import Gift
from giftshop.outbox.models import Message
from tests.giftshop.delivery.conftest import delivery_of, outcomes

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning"),
]

URLS = {
    "mailgun": "mailgun://KEY@mg.example.com?region=eu",
    "postmark": "postmark://KEY@",
    "sendgrid": "sendgrid://KEY@",
    "mailjet": "mailjet://KEY:SECRET@",
    "mandrill": "mandrill://KEY@",
    "mailersend": "mailersend://KEY@",
    "mailtrap": "mailtrap://KEY@",
    "sparkpost": "sparkpost://KEY@?region=eu",
    "resend": "resend://KEY@",
    "ses": "ses://KEY:SECRET@eu-central-1",
}
ANSWERS: dict[str, tuple[int, Any]] = {
    "mailgun": (200, {"id": "<1@mg.example.com>", "message": "Queued. Thank you."}),
    "postmark": (
        200,
        {"To": "ben@friends.example", "ErrorCode": 0, "Message": "OK", "MessageID": "p-1"},
    ),
    "sendgrid": (202, None),
    "mailjet": (
        200,
        {
            "Messages": [
                {"Status": "success", "To": [{"Email": "ben@friends.example", "MessageID": 12}]}
            ]
        },
    ),
    "mandrill": (200, [{"email": "ben@friends.example", "status": "sent", "_id": "m-1"}]),
    "mailersend": (202, None),
    "mailtrap": (200, {"success": True, "message_ids": ["t-1"]}),
    "sparkpost": (
        200,
        {"results": {"total_rejected_recipients": 0, "total_accepted_recipients": 1, "id": "11"}},
    ),
    "resend": (200, {"id": "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"}),
    "ses": (200, {"MessageId": "010701938f6e-8b6b3ee5-cbb1-4a1f-8a7f-3f3ff4b5d8ee-000000"}),
}
BY_SMTP = {"brevo"}
"""Which a test of its own tries: mail_reports/test_brevo.py."""


def use(settings: Any, url: str) -> None:
    for name, value in mail_providers.read(url).items():
        setattr(settings, name, value)


@pytest.fixture(autouse=True)
def no_call_is_left() -> Iterator[None]:
    yield
    channels.hang_up()


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What is answered, and under `sent` what was asked."""
    told: dict[str, Any] = {"status": 200, "body": {}, "sent": []}

    def send(session: requests.Session, request: requests.PreparedRequest, **_how: Any) -> Any:
        told["sent"].append(request)
        answer = requests.Response()
        answer.status_code, answer.request, answer.url = told["status"], request, str(request.url)
        body = "" if told["body"] is None else json.dumps(told["body"])
        answer._content = body.encode()
        kind = "text/html" if told["body"] is None else "application/json"
        answer.headers.update({"x-message-id": "s-1", "content-type": kind})
        return answer

    monkeypatch.setattr(requests.Session, "send", send)
    return told


def test_each_provider_that_is_named_is_tried() -> None:
    assert set(URLS) == set(ANSWERS) == set(mail_providers.PROVIDERS) - BY_SMTP


@pytest.mark.parametrize("scheme", URLS)
def test_the_gift_goes_whole_to_each_provider(
    scheme: str, gift: Gift, ready: Message, settings: Any, answered: dict[str, Any]
) -> None:
    """With its pictures inside, its Message-ID and way to stop, and nothing that watches the reader."""
    use(settings, URLS[scheme])
    answered["status"], answered["body"] = ANSWERS[scheme]
    subscribers.send_gift(ready)
    assert delivery_of(gift).state == Delivery.State.SENT
    assert delivery_of(gift).provider_id
    (request,) = answered["sent"]
    body = said(request)
    flat = body.replace(b"\r\n", b"").replace(b"\\n", b"").replace(b"\n", b"")
    pictures = gift_letter(gift).pictures
    assert len(pictures) >= 2
    for picture in pictures.values():
        assert picture in body or base64.b64encode(picture) in flat
    assert delivery_of(gift).message_id.encode() in body or b"mailersend" in request.url.encode()
    assert b"One-Click" in body
    assert "KEY" not in str(delivery_of(gift).attempts.values())


def said(request: requests.PreparedRequest) -> bytes:
    """What a provider was asked; of Amazon's the mail itself."""
    body = request.body if isinstance(request.body, bytes) else str(request.body).encode()
    if "amazonaws.com" in str(request.url):
        return base64.b64decode(json.loads(body)["Content"]["Raw"]["Data"])
    return body


def gift_letter(gift: Gift) -> Any:
    with scope(brand=gift.brand):
        return subscribers.GIFT.compose(delivery_of(gift), gift)


@pytest.mark.parametrize(
    ("status", "words", "state"),
    [
        (400, "'to' parameter is not a valid address. please check documentation", "failed"),
        (422, "Invalid 'To' address: 'ben@friends.example'.", "failed"),
        (400, "from parameter is missing", "pending"),
        (401, "Forbidden", "pending"),
        (402, "Payment required", "pending"),
        (403, "Domain mg.example.com is not allowed to send", "pending"),
        (404, "Domain not found: mg.example.com", "pending"),
        (429, "Too many requests", "pending"),
        (500, "Internal Server Error", "pending"),
        (503, "ben@friends.example", "pending"),
    ],
)
def test_only_what_is_wrong_with_the_address_is_for_good(
    gift: Gift,
    ready: Message,
    settings: Any,
    answered: dict[str, Any],
    status: int,
    words: str,
    state: str,
) -> None:
    use(settings, URLS["mailgun"])
    answered["status"], answered["body"] = status, {"message": words}
    if state == "pending":
        with pytest.raises(channels.TryLater):
            subscribers.send_gift(ready)
    else:
        subscribers.send_gift(ready)
    assert delivery_of(gift).state == state
    assert delivery_of(gift).provider_id == ""
    (attempt,) = delivery_of(gift).attempts.all()
    assert str(status) in attempt.error
    assert "@" not in attempt.error


def test_an_address_that_the_provider_has_stopped_is_refused(
    gift: Gift, ready: Message, settings: Any, answered: dict[str, Any]
) -> None:
    """Postmark's 406: it bounced or complained before, so Postmark sends it nothing."""
    use(settings, URLS["postmark"])
    answered["status"] = 422
    answered["body"] = {
        "ErrorCode": 406,
        "Message": "You tried to send to recipient(s) that have been marked as inactive. Found inactive"
        " addresses: ben@friends.example. Inactive recipients are ones that have generated a hard bounce, a"
        " spam complaint, or a manual suppression.",
    }
    subscribers.send_gift(ready)
    assert delivery_of(gift).state == Delivery.State.FAILED


@pytest.mark.parametrize("body", [{}, [], {"id": 7}, "Mailgun Magnificent API", None])
def test_an_answer_that_nobody_can_read_is_no_answer(
    gift: Gift, ready: Message, settings: Any, answered: dict[str, Any], body: Any
) -> None:
    use(settings, URLS["mailgun"])
    answered["body"] = body
    with pytest.raises((channels.TryLater, TypeError, AttributeError, KeyError)):
        subscribers.send_gift(ready)
    assert outcomes(gift) == ["deferred"]


class Drips(BaseHTTPRequestHandler):
    """Says a byte at a time, for as long as anybody listens."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, *_words: Any) -> None:
        """Nothing."""


@pytest.mark.parametrize("scheme", ["mailgun", "resend", "ses"])
def test_a_provider_that_never_ends_its_answer_is_left(
    gift: Gift, ready: Message, settings: Any, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Drips)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}/"
    monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", here)
    use(settings, URLS[scheme] if scheme == "ses" else f"{URLS[scheme].split('?')[0]}?api={here}")
    token = outside_calls._task_seconds.set(0.5)
    try:
        with pytest.raises(channels.TryLater):
            subscribers.send_gift(ready)
    finally:
        outside_calls._task_seconds.reset(token)
        server.shutdown()
        server.server_close()
    assert outcomes(gift) == ["deferred"]


def test_a_connection_that_went_stale_is_made_anew(
    gift: Gift, settings: Any, answered: dict[str, Any], ready: Message
) -> None:
    """Another provider is named: the kept session is not the one that is used."""
    use(settings, URLS["mailgun"])
    answered["body"] = ANSWERS["mailgun"][1]
    subscribers.send_gift(ready)
    kept = channels.email._line.backend
    use(settings, URLS["postmark"])
    answered["body"] = ANSWERS["postmark"][1]
    channels.email.send(gift_letter(gift))
    assert channels.email._line.backend is not kept
    assert kept.session is None


WRONG = {
    "mailgun://mg.example.com": "lacks the api key",
    "mailgun://KEY@": "lacks the sender domain",
    "mailjet://KEY@": "lacks the secret key",
    "mailgun://KEY@mg.example.com?region=moon": "known: us, eu",
    "postmark://KEY@?region=eu": "known: none",
    "mailgun://KEY@mg.example.com?rgion=eu": "says rgion",
    "mailgun://KEY@mg.example.com?api=http://mail.example.com/": "not https://",
    "ses://KEY@eu-central-1": "lacks the aws secret access key",
    "ses://:KEY@eu-central-1": "lacks the aws access key id",
    "ses://KEY:KEY/KEY@eu-central-1": "names no region",
    "ses://KEY:KEY@mail.example.com": "names no region",
    "ses://KEY:KEY@": "names no region",
    "ses://KEY:KEY@eu-central-1?api=https://mail.example.com": "says api",
    "brevo://KEY@": "lacks the email host password",
    "brevo://KEY:KEY@?region=eu": "says region",
    "resend://": "lacks the api key",
}


@pytest.mark.parametrize("url", WRONG)
def test_an_address_that_says_too_little_is_refused_in_words(url: str) -> None:
    with pytest.raises(ValueError, match=WRONG[url]) as refused:
        mail_providers.read(url)
    assert "KEY" not in str(refused.value)


@pytest.mark.parametrize(
    ("scheme", "secret"),
    [
        *(("postmark", "user"), ("postmark", "user:short"), ("mailgun", "short")),
        *(("ses", "whsec_" + "x" * 32), ("brevo", ":0123456789abcdef")),
        *(("resend", "user:0123456789abcdef"), ("resend", "whsec_" + "ä" * 32)),
        ("resend", "whsec_MDEyMzQ1Njc="),
    ],
)
def test_a_secret_that_is_none_is_refused(scheme: str, secret: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        mail_providers.hears(scheme, secret=secret, url="https://gifts.example.com/webhooks/mail/")


def test_the_webhooks_address_is_the_one_that_is_signed() -> None:
    url = "https://gifts.example.com" + reverse("mail-webhook")
    kept = mail_providers.hears("mandrill", secret="k" * 22, url=url)
    assert kept["MANDRILL_WEBHOOK_URL"] == url
