"""The double of Twilio, the SDK's client that asks it, and a shop that hears what it tells."""

import threading
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from sandbox.message_double import MessageDouble
from tests.messages import ACCOUNT, TOKEN


class Here(TwilioHttpClient):
    """The SDK's client, at another address."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def request(self, method: str, url: str, *told: Any, **more: Any) -> Any:
        parts = urllib.parse.urlsplit(url)
        return super().request(method, f"{self.url}{parts.path}?{parts.query}", *told, **more)


class Shop(HTTPServer):
    """Hears what is told, and whether it is signed."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bool]] = []
        self.reply = ""
        self.came = threading.Semaphore(0)
        super().__init__(("127.0.0.1", 0), Hears)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/told/?delivery=7"


class Hears(BaseHTTPRequestHandler):
    server: Shop

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
        signed = RequestValidator(TOKEN).validate(
            self.server.url, fields, self.headers["X-Twilio-Signature"]
        )
        self.server.heard.append((fields, signed))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.reply.encode())
        self.server.came.release()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def shop() -> Iterator[Shop]:
    shop = Shop()
    thread = threading.Thread(target=shop.serve_forever, daemon=True)
    thread.start()
    yield shop
    shop.shutdown()
    shop.server_close()


@pytest.fixture
def double(shop: Shop) -> Iterator[MessageDouble]:
    with MessageDouble(account_sid=ACCOUNT, auth_token=TOKEN, inbound_url=shop.url) as double:
        yield double


@pytest.fixture
def twilio(double: MessageDouble) -> Client:
    return Client(ACCOUNT, TOKEN, http_client=Here(double.url))
