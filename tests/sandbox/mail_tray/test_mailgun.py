"""The tray plays Mailgun: judged by anymail, which the shop speaks and hears it with."""

import json
import queue
from collections.abc import Iterator
from email.mime.image import MIMEImage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests
from anymail.backends.mailgun import EmailBackend
from anymail.exceptions import AnymailRequestsAPIError
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from django.core.mail import EmailMultiAlternatives
from django.test import RequestFactory

from sandbox.mail_tray import mailgun
from sandbox.mail_tray.mailgun import Mailgun
from sandbox.mail_tray.message import Message
from sandbox.mail_tray.reports import FATES, Reports, mailbox_of
from sandbox.mail_tray.store import Store
from sandbox.mail_tray.web import web_server

KEY, SIGNING = "key-of-the-api", "key-of-the-webhook"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


class Tray:
    """The tray's server, and a shop's webhook that keeps what it is told."""

    def __init__(self, folder: Path) -> None:
        self.told: queue.Queue[bytes] = queue.Queue()
        self.answers: list[int] = []
        self.shop = ThreadingHTTPServer(("127.0.0.1", 0), type("Shop", (Shop,), {"tray": self}))
        self.store = Store(folder)
        url = f"http://127.0.0.1:{self.shop.server_port}/webhooks/mail/"
        api = Mailgun(self.store, Reports(url=url, signing_key=SIGNING), key=KEY)
        self.server = web_server(self.store, 0, api)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v3"
        for each in (self.shop, self.server):
            Thread(target=each.serve_forever, daemon=True).start()

    def send(self, to: str, **options: Any) -> EmailMultiAlternatives:
        message = EmailMultiAlternatives(
            "Ben, Ana sent you a treat",
            "Hi Ben,\n\nAna sent you ä sundae.\n",
            "Frosty Spoon <gifts@frosty.example>",
            [to],
            headers={"Message-ID": "<gift-1-v1@shop.example>", "List-Unsubscribe": "<https://x/>"},
            **options,
        )
        message.attach_alternative('<html><img src="cid:qr"></html>', "text/html")
        picture = MIMEImage(PNG, "png")
        picture.add_header("Content-ID", "<qr>")
        picture.add_header("Content-Disposition", "inline", filename="qr.png")
        message.attach(picture)
        message.metadata = {"delivery": "d-1"}  # type: ignore[attr-defined]
        backend = EmailBackend(api_key=KEY, sender_domain="frosty.example", api_url=self.url)
        assert backend.send_messages([message]) == 1
        return message

    def event(self) -> Any:
        """What anymail makes of the next thing that the webhook was told."""
        body = self.told.get(timeout=30)
        request = RequestFactory().post("/webhooks/mail/", body, content_type="application/json")
        view = MailgunTrackingWebhookView(webhook_signing_key=SIGNING, api_key=KEY)
        view.run_validators(request)
        [event] = view.parse_events(request)
        return event

    def close(self) -> None:
        for each in (self.shop, self.server):
            each.shutdown()
            each.server_close()


class Shop(BaseHTTPRequestHandler):
    tray: Tray

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.tray.answers.pop(0) if self.tray.answers else 200
        if status == 200:
            self.tray.told.put(body)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        """Nothing."""


@pytest.fixture
def tray(tmp_path: Path) -> Iterator[Tray]:
    tray = Tray(tmp_path / "mail")
    yield tray
    tray.close()


def test_a_mail_comes_into_the_tray_as_it_was_meant(tray: Tray) -> None:
    message = tray.send("Ben <ben@example.com>")
    status = message.anymail_status  # type: ignore[attr-defined]
    assert (status.message_id, status.status) == ("<gift-1-v1@shop.example>", {"queued"})
    [summary] = tray.store.newest_first()
    assert summary.to == ["ben@example.com"]
    found = tray.store.get(summary.id)
    assert found
    kept: Message = found[1]
    assert kept.text.strip() == "Hi Ben,\n\nAna sent you ä sundae."
    assert kept.header("Message-ID") == "<gift-1-v1@shop.example>"
    assert kept.header("List-Unsubscribe") == "<https://x/>"
    [part] = kept.parts()
    assert (part.content_id, part.content) == ("qr", PNG)
    assert "/parts/0" in kept.page("/parts/")


@pytest.mark.parametrize(
    ("mailbox", "told"),
    [
        ("ben", ["delivered"]),
        ("bounce", ["bounced"]),
        ("bounce+ben", ["bounced"]),
        ("late-bounce", ["delivered", "bounced"]),
        ("full", ["deferred"]),
        ("complaint", ["delivered", "complained"]),
    ],
)
def test_what_becomes_of_it_is_told_as_its_mailbox_says(
    tray: Tray, mailbox: str, told: list[str]
) -> None:
    tray.send(f"{mailbox}@example.com")
    for kind in told:
        event = tray.event()
        assert event.event_type == kind
        assert event.message_id == "<gift-1-v1@shop.example>"
        assert event.recipient == f"{mailbox}@example.com"
        assert event.event_id
        assert event.timestamp
    if "bounced" in told:
        assert "5.1.1" in event.mta_response


def test_each_mailbox_that_is_played_is_tried_above() -> None:
    assert {*FATES, "no-answer"} == {"bounce", "late-bounce", "full", "complaint", "no-answer"}
    assert mailbox_of("Late-Bounce+x@example.com") == "late-bounce"


def test_a_webhook_that_fails_is_told_again(tray: Tray) -> None:
    tray.answers += [500, 503]
    tray.send("ben@example.com")
    assert tray.event().event_type == "delivered"


def test_a_webhook_that_wants_nothing_is_not_told_again(tray: Tray) -> None:
    tray.answers += [406]
    tray.send("ben@example.com")
    tray.send("complaint@example.com")
    kinds = [tray.event().recipient for _ in range(2)]
    assert kinds == ["complaint@example.com"] * 2


@pytest.mark.parametrize(
    ("key", "data", "status"),
    [
        ("other", {"from": "a@b.example", "to": "c@d.example", "text": "x"}, 401),
        (KEY, {"from": "a@b.example", "to": "c@d", "text": "x"}, 400),
        (KEY, {"from": "a@b.example", "to": "nobody", "text": "x"}, 400),
        (KEY, {"to": "c@d.example", "text": "x"}, 400),
        (KEY, {"from": "a@b.example", "text": "x"}, 400),
        (KEY, {"from": "a@b.example", "to": "c@d.example"}, 400),
    ],
)
def test_what_is_wrong_is_refused_as_mailgun_does(
    tray: Tray, key: str, data: dict[str, str], status: int
) -> None:
    answer = requests.post(
        f"{tray.url}/frosty.example/messages", data=data, auth=("api", key), timeout=10
    )
    assert answer.status_code == status
    assert not tray.store.newest_first()


def test_one_whose_answer_is_lost_is_told_of_all_the_same(
    tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailgun, "SILENT_SECONDS", 0.0)
    with pytest.raises(AnymailRequestsAPIError):
        tray.send("no-answer@example.com")
    assert len(tray.store.newest_first()) == 1
    event = tray.event()
    assert (event.event_type, event.metadata) == ("delivered", {"delivery": "d-1"})
    tray.send("no-answer@example.com")
    assert len(tray.store.newest_first()) == 2


def test_without_a_key_it_is_no_provider(tmp_path: Path) -> None:
    server = web_server(Store(tmp_path / "mail"), 0)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/v3/x.example/messages"
    try:
        assert requests.post(url, data={"to": "x"}, timeout=10).status_code == 404
    finally:
        server.shutdown()
        server.server_close()


def test_what_is_told_is_as_the_documentation_shows_it(tray: Tray) -> None:
    tray.send("ben@example.com")
    body = json.loads(tray.told.get(timeout=30))
    assert set(body) == {"signature", "event-data"}
    assert set(body["signature"]) == {"timestamp", "token", "signature"}
    assert len(body["signature"]["token"]) == 50
    assert body["event-data"]["message"]["headers"]["message-id"] == "gift-1-v1@shop.example"
