"""Mailgun's API as its documentation has it, for mails that go nowhere but into the tray.

    POST /v3/<domain>/messages    multipart or a form: from, to, subject, text, html, inline, attachment,
    h:<header>

answers 200 with an id, 400 for an address that is none, 401 for a wrong key. What becomes of a mail is told
to the webhook, signed (reports.py); the part before the @ says what that is:

    bounce        there is no such mailbox
    late-bounce   delivered, and sent back five seconds later
    full          put off: the mailbox is full for now
    complaint     delivered, and reported as spam
    no-answer     delivered, but the API's answer is lost the first time
    all others    delivered
"""

from __future__ import annotations

import base64
import email
import email.policy
import hmac
import re
import secrets
import threading
from email.message import EmailMessage, Message
from email.utils import parseaddr
from http import HTTPStatus
from typing import NamedTuple, cast
from urllib.parse import parse_qsl

from sandbox.mail_tray.reports import Reports, mailbox_of
from sandbox.mail_tray.store import Store

BODY_BYTES_MAX = 25 * 1024 * 1024
"""Mailgun's own limit."""
PATH = re.compile(r"/v3/([^/]+)/messages")
ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
SILENT_SECONDS = 30.0
SILENT_MAX = 200

Field = tuple[str, str, bytes, str, str]
"""Name, value as text, as bytes, file name and content type."""


class Answer(NamedTuple):
    status: int
    body: dict[str, str] | str


class Mailgun:
    """Takes mails for one domain with one key."""

    def __init__(self, store: Store, reports: Reports, *, key: str) -> None:
        self.store = store
        self.reports = reports
        self.key = key
        self.silent: dict[str, None] = {}
        self.lock = threading.Lock()

    def send(
        self, domain: str, authorization: str, content_type: str, body: bytes
    ) -> Answer | None:
        """What is answered to one call; None: nothing ever is."""
        expected = "Basic " + base64.b64encode(f"api:{self.key}".encode()).decode()
        if not hmac.compare_digest(authorization.encode(), expected.encode()):
            return Answer(HTTPStatus.UNAUTHORIZED, "Forbidden")
        fields = _fields(content_type, body)
        values = {name: text for name, text, *_ in fields}
        for needed in ("from", "to"):
            if not values.get(needed):
                return Answer(HTTPStatus.BAD_REQUEST, {"message": f"{needed} parameter is missing"})
        if not (values.get("text") or values.get("html")):
            words = (
                "Need at least one of 'text', 'html', 'amp-html' or 'template' parameters specified"
            )
            return Answer(HTTPStatus.BAD_REQUEST, {"message": words})
        recipients = [
            parseaddr(text)[1] for name, text, *_ in fields if name in {"to", "cc", "bcc"}
        ]
        if not all(ADDRESS.fullmatch(each) for each in recipients):
            words = "'to' parameter is not a valid address. please check documentation"
            return Answer(HTTPStatus.BAD_REQUEST, {"message": words})
        message = compose(fields, domain)
        variables = {name[2:]: text for name, text, *_ in fields if name.startswith("v:")}
        self.store.add(message.as_bytes(policy=email.policy.SMTP), recipients)
        for recipient in recipients:
            self.reports.follow(recipient, message, variables)
        if self._is_silent(recipients, str(message["Message-ID"])):
            return None
        return Answer(
            HTTPStatus.OK, {"id": str(message["Message-ID"]), "message": "Queued. Thank you."}
        )

    def _is_silent(self, recipients: list[str], message_id: str) -> bool:
        if not any(mailbox_of(each) == "no-answer" for each in recipients):
            return False
        with self.lock:
            if message_id in self.silent:
                return False
            self.silent[message_id] = None
            if len(self.silent) > SILENT_MAX:
                del self.silent[next(iter(self.silent))]
        return True


def compose(fields: list[Field], domain: str) -> EmailMessage:
    """The mail that such a call asks for."""
    values = {name: text for name, text, *_ in fields}
    message = EmailMessage()
    message["From"], message["To"] = _line(values["from"]), _line(values["to"])
    message["Subject"] = _line(values.get("subject", ""))
    for name, text, *_ in fields:
        header = name.removeprefix("h:")
        if header != name and header.lower() not in {"message-id", "from", "to", "subject"}:
            message[header] = _line(text)
    given = {name.lower(): text for name, text, *_ in fields}.get("h:message-id", "")
    message["Message-ID"] = _line(given) or f"<{secrets.token_hex(12)}@{domain}>"
    message.set_content(values.get("text", ""))
    if "html" in values:
        message.add_alternative(values["html"], subtype="html")
    html = message.get_body(("html",))
    for name, _text, content, file_name, content_type in fields:
        main, _slash, sub = content_type.partition("/")
        if name == "inline" and html is not None:
            cid = f"<{file_name}>"
            cast(EmailMessage, html).add_related(content, main, sub, cid=cid, filename=file_name)
        elif name in {"inline", "attachment"}:
            message.add_attachment(content, main, sub, filename=file_name)
    return message


def _fields(content_type: str, body: bytes) -> list[Field]:
    """Of a form, as a browser or requests sends it. Broken ones read as empty."""
    if not content_type.startswith("multipart/form-data"):
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
        return [(name, value, value.encode(), "", "text/plain") for name, value in pairs]
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    form = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    parts = form.get_payload()
    return [_field(part) for part in parts] if isinstance(parts, list) else []


def _field(part: Message | str) -> Field:
    if isinstance(part, str):
        return "", part, part.encode(), "", "text/plain"
    name = str(part.get_param("name", "", header="Content-Disposition"))
    content = cast(bytes, part.get_payload(decode=True) or b"")
    return (
        name,
        content.decode(errors="replace"),
        content,
        part.get_filename() or "",
        part.get_content_type(),
    )


def _line(text: str) -> str:
    return " ".join(text.split())
