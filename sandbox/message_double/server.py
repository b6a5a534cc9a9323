"""The HTTP server: Twilio's API for the SDK, phones for people, on the loopback address only."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol

from sandbox import doubles
from sandbox.message_double import contents, pages
from sandbox.message_double.answers import ApiError, prices, resource
from sandbox.message_double.store import Row, Store

STATIC = Path(__file__).with_name("static")
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
LARGEST_BODY = 100_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MESSAGES = re.compile(r"/2010-04-01/Accounts/([^/]+)/Messages\.json")
MESSAGE = re.compile(r"/2010-04-01/Accounts/([^/]+)/Messages/(SM[0-9a-f]{32})\.json")
CONTENT = re.compile(r"/v1/Content/(HX[0-9a-f]{32})(/ApprovalRequests(?:/whatsapp)?)?")
PRICES = re.compile(r"/v1/Messaging/Countries/([A-Z]{2})")


class Double(Protocol):
    """What stands behind the server: see double.py."""

    account_sid: str
    auth_token: str
    mail_url: str
    store: Store

    def create(self, form: dict[str, str]) -> Row: ...
    def listed(self, query: dict[str, str]) -> list[Row]: ...
    def answer(self, number: str, text: str) -> None: ...


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, double: Double) -> None:
        self.double = double
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no news."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path.startswith(("/2010-04-01/", "/v1/")):
            return self._api("GET", url.path, query)
        if not self._is_local():
            return self._send(421, b"", "text/plain")
        if url.path == "/static/phone.css":
            return self._send(200, (STATIC / "phone.css").read_bytes(), KINDS[".css"])
        if url.path == "/static/phone.js":
            return self._send(200, (STATIC / "phone.js").read_bytes(), KINDS[".js"])
        double = self.server.double
        if url.path == "/api/messages":
            return self._json(200, {"messages": double.store.newest_first()})
        if url.path == "/":
            rows = double.store.newest_first()
            return self._page(pages.phones(rows, query.get("number", ""), double.mail_url))
        if url.path == "/templates":
            return self._page(pages.templates(list(double.store.contents.values())))
        return self._send(404, b"Not found\n", "text/plain")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            return self._send(413, b"", "text/plain")
        body = self.rfile.read(length).decode(errors="replace")
        path = urllib.parse.urlsplit(self.path).path
        if path.startswith("/v1/"):
            return self._api("POST", path, _object(body))
        form = dict(urllib.parse.parse_qsl(body))
        if path.startswith("/2010-04-01/"):
            return self._api("POST", path, form)
        if not self._is_local() or path not in ("/answers", "/templates"):
            return self._send(404, b"Not found\n", "text/plain")
        if path == "/templates":
            return self._review(form)
        number, text = form.get("number", ""), form.get("text", "").strip()[:1600]
        if number and text:
            try:
                self.server.double.answer(number, text)
            except OSError:
                return self._send(502, b"The shop did not answer.\n", "text/plain")
        return self._send(
            303, b"", "text/plain", {"Location": "/?" + urllib.parse.urlencode({"number": number})}
        )

    def _review(self, form: dict[str, str]) -> None:
        """Somebody is WhatsApp's reviewer."""
        store, sid = self.server.double.store, form.get("sid", "")
        status, category = form.get("status", ""), form.get("category", "")
        if sid in store.contents and status in contents.STATUSES:
            more = {"category": category} if category in contents.CATEGORIES else {}
            contents.change(store, sid, status, form.get("reason", "")[:300], **more)
        return self._send(303, b"", "text/plain", {"Location": "/templates"})

    def _content(self, method: str, path: str, told: dict[str, Any]) -> None:
        """The Content API. Raises ApiError."""
        double = self.server.double
        store, account = double.store, double.account_sid
        if path == "/v1/Content":
            if method == "POST":
                return self._json(201, contents.resource(contents.create(store, told), account))
            rows = [contents.resource(row, account) for row in store.contents.values()]
            meta = {"key": "contents", "page": 0, "page_size": 1000, "next_page_url": None}
            return self._json(200, {"contents": rows, "meta": meta})
        found = CONTENT.fullmatch(path)
        row = store.contents.get(found[1]) if found else None
        if found is None or row is None:
            raise ApiError(404, 20404, f"The requested resource {path} was not found")
        if method == "POST":
            return self._json(201, contents.submit(store, found[1], told))
        shown = contents.approval if found[2] else contents.resource
        return self._json(200, shown(row, account))

    def _api(self, method: str, path: str, told: dict[str, Any]) -> None:
        double = self.server.double
        wanted = base64.b64encode(f"{double.account_sid}:{double.auth_token}".encode()).decode()
        try:
            if self.headers.get("Authorization") != f"Basic {wanted}":
                raise ApiError(401, 20003, "Authenticate")
            if (found := MESSAGES.fullmatch(path)) and found[1] == double.account_sid:
                if method == "POST":
                    return self._json(201, resource(double.create(told), double.account_sid))
                rows = [resource(row, double.account_sid) for row in double.listed(told)]
                return self._json(200, {"messages": rows, "next_page_uri": None, "page": 0})
            if (found := MESSAGE.fullmatch(path)) and found[2] in double.store.rows:
                return self._json(200, resource(double.store.rows[found[2]], double.account_sid))
            if path.startswith("/v1/Content"):
                return self._content(method, path, told)
            if found := PRICES.fullmatch(path):
                return self._json(200, prices(found[1]))
            raise ApiError(404, 20404, f"The requested resource {path} was not found")
        except ApiError as error:
            words = {"code": error.code, "message": error.words, "status": error.status}
            more = {"more_info": f"https://www.twilio.com/docs/errors/{error.code}"}
            self._json(error.status, words | more)

    def _is_local(self) -> bool:
        return doubles.is_local(self.headers.get("Host", ""))

    def _page(self, html: str) -> None:
        self._send(200, html.encode(), "text/html; charset=utf-8")

    def _json(self, status: int, value: object) -> None:
        self._send(status, json.dumps(value).encode(), "application/json")

    def _send(
        self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet: numbers of people stand in the paths."""


def _object(body: str) -> dict[str, Any]:
    """A JSON object; empty for what is none."""
    try:
        told = json.loads(body or "{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
