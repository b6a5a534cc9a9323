"""The mail tray takes every e-mail and shows it as its reader would see it, safely."""

import json
import smtplib
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest

from sandbox.mail_tray.message import Message
from sandbox.mail_tray.store import Store
from sandbox.places import CHECKOUT

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
HOSTILE = '<script>parent.document.title = "taken"</script>'


@dataclass
class Tray:
    process: subprocess.Popen[str]
    smtp_port: int
    web: str

    def send(self, message: EmailMessage, to: list[str] | None = None) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp_port) as connection:
            connection.send_message(message, to_addrs=to)

    def get(self, path: str, *, host: str = "") -> tuple[bytes, dict[str, str]]:
        request = urllib.request.Request(self.web + path, headers={"Host": host} if host else {})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.read(), dict(answer.headers)

    def listed(self, to: str = "") -> list[dict[str, object]]:
        found = json.loads(self.get(f"/api/messages?to={quote(to)}")[0])["messages"]
        assert isinstance(found, list)
        return found

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(10)


def start_tray(state: Path) -> Tray:
    words = [sys.executable, "-m", "sandbox.mail_tray", "--state", str(state)]
    process = subprocess.Popen(words, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    smtp, web = process.stdout.readline().split(), process.stdout.readline().split()
    process.stdout.close()
    assert (smtp[0], web[0]) == ("smtp", "web")
    return Tray(process, int(smtp[1].rpartition(":")[2]), web[1])


@pytest.fixture
def tray(tmp_path: Path) -> Iterator[Tray]:
    tray = start_tray(tmp_path / "mail")
    yield tray
    tray.stop()


def gift_mail(
    to: str = "ben@example.com", subject: str = "Ben, Ana sent you a treat"
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Frosty Spoon Creamery <gifts@frosty.example>"
    message["To"] = to
    message["Subject"] = subject
    message.set_content("Hi Ben,\n\nAna sent you a sundae. <3\n")
    html = f'<html><head><title>x</title></head><body><img src="cid:qr">{HOSTILE}</body></html>'
    message.add_alternative(html, subtype="html")
    parts = message.get_payload()
    assert isinstance(parts, list)
    assert isinstance(parts[1], EmailMessage)
    parts[1].add_related(PIXEL, "image", "png", cid="<qr>")
    return message


def test_a_mail_is_listed_newest_first_and_found_by_its_recipient(tray: Tray):
    tray.send(gift_mail())
    tray.send(gift_mail("chiara@example.com", "Chiara, Ana sent you a treat"))
    assert [line["to"] for line in tray.listed()] == [["chiara@example.com"], ["ben@example.com"]]
    (line,) = tray.listed("BEN@")
    assert line["subject"] == "Ben, Ana sent you a treat"
    assert line["preview"] == "Hi Ben, Ana sent you a sundae. <3"


def test_a_hidden_copy_is_found_by_its_recipient(tray: Tray):
    tray.send(gift_mail(), to=["ben@example.com", "hidden@example.com"])
    assert len(tray.listed("hidden@")) == 1


def test_a_message_is_given_whole(tray: Tray):
    tray.send(gift_mail())
    message = json.loads(tray.get("/api/messages/1")[0])
    assert message["text"] == "Hi Ben,\n\nAna sent you a sundae. <3\n"
    assert 'src="cid:qr"' in message["html"]
    assert ["To", "ben@example.com"] in message["headers"]
    (part,) = message["parts"]
    assert (part["content_type"], part["content_id"]) == ("image/png", "qr")
    content, headers = tray.get(part["url"])
    assert content == PIXEL
    assert headers["Content-Type"] == "image/png"


def test_the_shown_mail_has_its_picture_and_can_run_nothing(tray: Tray):
    tray.send(gift_mail())
    body, headers = tray.get("/messages/1/html")
    assert b'src="/messages/1/parts/0"' in body
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    page = tray.get("/messages/1")[0].decode()
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert HOSTILE not in page


def test_pictures_can_be_turned_off(tray: Tray):
    tray.send(gift_mail())
    _, headers = tray.get("/messages/1/html?images=off")
    assert "img-src 'none'" in headers["Content-Security-Policy"]


def test_what_a_mail_says_is_escaped_wherever_our_own_pages_show_it(tray: Tray):
    tray.send(gift_mail(subject=f"Hi {HOSTILE}"))
    for path in ("/", "/list", "/messages/1", "/messages/1?view=text", "/messages/1?view=source"):
        page = tray.get(path)[0]
        assert b"<script>parent" not in page, path
    assert b"&lt;3" in tray.get("/messages/1?view=text")[0]


def test_a_page_of_the_web_cannot_read_the_mail_by_another_name(tray: Tray):
    with pytest.raises(urllib.error.HTTPError) as refused:
        tray.get("/api/messages", host="evil.example:80")
    assert refused.value.code == 421
    refused.value.close()


def test_an_unknown_mailbox_is_refused_as_mail_servers_do(tray: Tray):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        tray.send(gift_mail("bounce+ben@example.com"))
    assert refused.value.recipients["bounce+ben@example.com"][0] == 550
    assert tray.listed() == []


def test_the_tray_is_emptied(tray: Tray):
    tray.send(gift_mail())
    request = urllib.request.Request(tray.web + "/api/messages", method="DELETE")
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert answer.status == 204
    assert tray.listed() == []
    with pytest.raises(urllib.error.HTTPError) as gone:
        tray.get("/api/messages/1")
    assert gone.value.code == 404
    gone.value.close()


def test_messages_outlive_the_tray(tmp_path: Path):
    first = start_tray(tmp_path / "mail")
    first.send(gift_mail())
    assert first.stop() == 0
    second = start_tray(tmp_path / "mail")
    try:
        assert len(second.listed("ben@")) == 1
        second.send(gift_mail())
        assert [line["id"] for line in second.listed()] == [2, 1]
    finally:
        second.stop()


def test_the_oldest_make_room(tmp_path: Path):
    store = Store(tmp_path, kept_max=3)
    for number in range(5):
        store.add(gift_mail(subject=f"Number {number}").as_bytes(), ["ben@example.com"])
    assert [line.subject for line in store.newest_first()] == ["Number 4", "Number 3", "Number 2"]
    assert len(list(tmp_path.iterdir())) == 6


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: =?bogus?b?!!?=\n\n\xff",
        b"Content-Type: text/html; charset=no-such\n\n<p>",
        b"Content-Type: multipart/alternative; boundary=x\n\n--y\n",
        b"Content-Transfer-Encoding: base64\n\n!!!",
    ],
)
def test_a_broken_message_is_shown_as_far_as_it_can_be_read(raw: bytes, tmp_path: Path):
    summary = Store(tmp_path).add(raw, ["ben@example.com"])
    assert summary.to == ["ben@example.com"]
    message = Message(raw)
    assert isinstance(message.page("/parts/"), str)
    assert isinstance(message.headers, list)
    assert isinstance(message.parts(), list)
