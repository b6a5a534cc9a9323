"""The HTTP server: keep-alive, on the loopback address only."""

from __future__ import annotations

import contextlib
import http.server
import json
import socket
import threading
import urllib.parse
from pathlib import Path
from typing import Any

from sandbox.stripe_double.admin.admin import Admin
from sandbox.stripe_double.api.handler import ApiHandler, ConnectionDropped
from sandbox.stripe_double.checkout.checkout import Checkout
from sandbox.stripe_double.reply import Reply

ASSETS = Path(__file__).with_name("static")
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
LARGEST_BODY = 2_000_000


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, api: ApiHandler, checkout: Checkout, admin: Admin) -> None:
        self.api, self.checkout, self.admin = api, checkout, admin
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(("127.0.0.1", port), Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Close kept-alive connections too, so that nobody goes on talking to a closed double."""
        super().server_close()
        with self._open_lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no news."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        self._respond("GET", "")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self._send(413, b"", {"Connection": "close"})
            return
        self._respond("POST", self.rfile.read(length).decode(errors="replace"))

    def do_DELETE(self) -> None:
        self._respond("DELETE", "")

    def do_HEAD(self) -> None:
        self._respond("GET", "")

    def _respond(self, method: str, body: str) -> None:
        url = urllib.parse.urlsplit(self.path)
        if url.path.startswith("/v1/"):
            self._respond_api(method, url.path, body if method == "POST" else url.query)
            return
        reply = self._page(method, url.path, body)
        headers = {
            "Content-Type": reply.kind,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            **reply.headers,
        }
        self._send(reply.status, reply.body.encode(), headers)

    def _respond_api(self, method: str, path: str, raw: str) -> None:
        try:
            answer = self.server.api.answer(method, path, raw, self.headers)
        except ConnectionDropped:
            self.close_connection = True
            return
        body = json.dumps(answer.body, indent=2).encode()
        self._send(answer.status, body, {"Content-Type": "application/json", **answer.headers})

    def _page(self, method: str, path: str, body: str) -> Reply:
        if path.startswith("/c/pay/"):
            return self.server.checkout.reply(method, path, body)
        if path.startswith("/receipts/"):
            return self.server.checkout.receipt(path.rsplit("/", 1)[-1])
        if path.startswith("/_double"):
            return self.server.admin.reply(method, path, body, self.headers)
        if path.startswith("/assets/"):
            return asset(path.removeprefix("/assets/"))
        if path == "/":
            return Reply.redirect("/_double/")
        return Reply("Not found", 404, kind="text/plain; charset=utf-8")

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def asset(name: str) -> Reply:
    path = ASSETS / name
    if path.parent != ASSETS or path.suffix not in KINDS or not path.is_file():
        return Reply("Not found", 404, kind="text/plain; charset=utf-8")
    return Reply(path.read_text(), kind=KINDS[path.suffix], headers={"Cache-Control": "max-age=60"})
