"""The tray's web server: pages for people, JSON for tests, and Mailgun's API for the shop."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from sandbox import doubles
from sandbox.mail_tray import mailgun, pages
from sandbox.mail_tray.message import Message
from sandbox.mail_tray.store import Store, Summary

STATIC = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

OUR_PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A mail may show its own pictures and those of this machine. It runs nothing and sends nothing;
# `sandbox` holds even when it is opened outside our frame.
MAIL = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src {images}; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
PICTURES = "'self' data: http://127.0.0.1:* http://localhost:*"

Query = dict[str, str]


def web_server(
    store: Store, port: int, api: mailgun.Mailgun | None = None, phones_url: str = ""
) -> ThreadingHTTPServer:
    """A server on 127.0.0.1; port 0 takes a free one. Without `api` it plays no provider of mails."""
    told = {"store": store, "api": api, "phones_url": phones_url}
    handler = type("TrayHandler", (Handler,), told)
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    return server


class Handler(BaseHTTPRequestHandler):
    """One request. Paths are matched against ROUTES; a number in a path is a message's id."""

    store: Store
    api: mailgun.Mailgun | None
    phones_url: str
    protocol_version = "HTTP/1.1"
    server_version = "MailTray"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer a page, a part of it, or JSON."""
        address = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        if not self._is_local():
            return self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        for pattern, answer in ROUTES:
            if match := re.fullmatch(pattern, address.path):
                return answer(self, query, *match.groups())
        return self._refuse(HTTPStatus.NOT_FOUND)

    def do_DELETE(self) -> None:
        """Empty the tray."""
        if not self._is_local():
            return self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        if urlsplit(self.path).path != "/api/messages":
            return self._refuse(HTTPStatus.NOT_FOUND)
        self.store.clear()
        return self._send(b"", "text/plain", status=HTTPStatus.NO_CONTENT)

    def do_POST(self) -> None:
        """Take a mail by Mailgun's API."""
        path = mailgun.PATH.fullmatch(urlsplit(self.path).path)
        length = self.headers.get("Content-Length", "")
        if not self._is_local() or path is None or self.api is None:
            self.close_connection = True
            self._refuse(HTTPStatus.NOT_FOUND)
        elif not length.isdigit() or int(length) > mailgun.BODY_BYTES_MAX:
            self.close_connection = True
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self._answer(
                self.api.send(
                    path[1],
                    self.headers.get("Authorization", ""),
                    self.headers.get("Content-Type", ""),
                    self.rfile.read(int(length)),
                )
            )

    def _answer(self, answer: mailgun.Answer | None) -> None:
        if answer is None:
            time.sleep(mailgun.SILENT_SECONDS)
            self.close_connection = True
        elif isinstance(answer.body, str):
            self._send(answer.body.encode(), "text/plain", status=HTTPStatus(answer.status))
        else:
            body = json.dumps(answer.body).encode()
            self._send(body, "application/json", status=HTTPStatus(answer.status))

    # --- pages -----------------------------------------------------------------------------------

    def inbox(self, query: Query) -> None:
        """The list alone."""
        words = query.get("to", "")
        self._page(pages.inbox(self.store.newest_first(words), words, self.phones_url))

    def listing(self, query: Query) -> None:
        """Only the rows, for the live refresh."""
        words, chosen = query.get("to", ""), query.get("chosen", "")
        current = int(chosen) if chosen.isdigit() else None
        self._page(pages.rows(self.store.newest_first(words), words, current))

    def reader(self, query: Query, message_id: str) -> None:
        """One message beside the list."""
        if found := self._find(message_id):
            words = query.get("to", "")
            self._page(pages.reader(self.store.newest_first(words), words, *found, query))

    def mail(self, query: Query, message_id: str) -> None:
        """The HTML body, as the recipient's mail reader would show it."""
        if found := self._find(message_id):
            images = "'none'" if query.get("images") == "off" else PICTURES
            body = found[1].page(f"/messages/{message_id}/parts/").encode()
            self._send(body, "text/html; charset=utf-8", policy=MAIL.format(images=images))

    def part(self, query: Query, message_id: str, number: str) -> None:
        """A picture or an attachment."""
        found = self._find(message_id)
        if not found:
            return
        part = next((part for part in found[1].parts() if part.number == int(number)), None)
        if part is None:
            self._refuse(HTTPStatus.NOT_FOUND)
        elif part.content_type.startswith("image/"):
            self._send(part.content, part.content_type, policy="default-src 'none'; sandbox")
        else:
            self._send(part.content, "application/octet-stream", download=True)

    def static(self, query: Query, name: str) -> None:
        """Our own style, script and icon."""
        file = STATIC / name
        if file.is_file() and file.suffix in TYPES:
            self._send(file.read_bytes(), TYPES[file.suffix])
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    # --- JSON ------------------------------------------------------------------------------------

    def api_list(self, query: Query) -> None:
        """Summaries, newest first."""
        found = self.store.newest_first(query.get("to", ""))
        self._json({"messages": [asdict(summary) for summary in found]})

    def api_message(self, query: Query, message_id: str) -> None:
        """All of one message."""
        if found := self._find(message_id):
            self._json(described(*found))

    def api_source(self, query: Query, message_id: str) -> None:
        """The message as it came."""
        if found := self._find(message_id):
            self._send(found[1].raw, "text/plain; charset=utf-8")

    # --- how -------------------------------------------------------------------------------------

    def _find(self, message_id: str) -> tuple[Summary, Message] | None:
        found = self.store.get(int(message_id))
        if found is None:
            self._refuse(HTTPStatus.NOT_FOUND)
        return found

    def _is_local(self) -> bool:
        return doubles.is_local(self.headers.get("Host", ""))

    def _page(self, html: str) -> None:
        self._send(html.encode(), "text/html; charset=utf-8", policy=OUR_PAGES)

    def _json(self, value: object) -> None:
        self._send(json.dumps(value, ensure_ascii=False).encode(), "application/json")

    def _refuse(self, status: HTTPStatus) -> None:
        self._send(f"{status.phrase}\n".encode(), "text/plain", status=status)

    def _send(
        self,
        body: bytes,
        content_type: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        policy: str = "default-src 'none'; frame-ancestors 'none'",
        download: bool = False,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        if download:
            self.send_header("Content-Disposition", "attachment")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: addresses of people stand in the paths."""


def described(summary: Summary, message: Message) -> dict[str, object]:
    """A message for the API: `html` as it was sent, `parts` with the URL each is served at."""
    parts = [
        {
            "url": f"/messages/{summary.id}/parts/{part.number}",
            "name": part.name,
            "content_type": part.content_type,
            "content_id": part.content_id,
            "size": len(part.content),
        }
        for part in message.parts()
    ]
    bodies = {"headers": message.headers, "text": message.text, "html": message.html}
    return {**asdict(summary), **bodies, "parts": parts}


ROUTES: list[tuple[str, Callable[..., None]]] = [
    (r"/", Handler.inbox),
    (r"/list", Handler.listing),
    (r"/messages/(\d{1,9})", Handler.reader),
    (r"/messages/(\d{1,9})/html", Handler.mail),
    (r"/messages/(\d{1,9})/parts/(\d{1,4})", Handler.part),
    (r"/static/([a-z.]+)", Handler.static),
    (r"/api/messages", Handler.api_list),
    (r"/api/messages/(\d{1,9})", Handler.api_message),
    (r"/api/messages/(\d{1,9})/source", Handler.api_source),
]
