"""Connections to Stripe are kept between calls, by a server that may close, hang or be replaced meanwhile."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from giftshop.http import outside_calls
from giftshop.payments.stripe import client as stripe_sdk
from giftshop.payments.stripe.client import StripeUnavailable, ask

Behave = Callable[[socket.socket, int], bool]


def answer(connection: socket.socket, number: int) -> None:
    body = json.dumps({"id": f"txn_{number}", "object": "balance_transaction"}).encode()
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    connection.sendall(head.encode() + body)


class ScriptedStripe:
    """Serves requests one after the other; `behave` answers each and says whether to keep the connection."""

    def __init__(self, behave: Behave) -> None:
        self.behave = behave
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=32)
        self.requests = self.connections = 0
        self.lock = threading.Lock()
        self.closed = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self.listener.accept()
                self.connections += 1
                threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while connection.recv(65_536):
                with self.lock:
                    self.requests += 1
                    number = self.requests
                if not self.behave(connection, number):
                    break
        self.closed.set()


@pytest.fixture
def scripted(settings: Any) -> Iterator[Callable[[Behave], ScriptedStripe]]:
    started: list[ScriptedStripe] = []

    def start(behave: Behave) -> ScriptedStripe:
        server = ScriptedStripe(behave)
        started.append(server)
        threading.Thread(target=server.serve, daemon=True).start()
        settings.STRIPE_API_BASE = server.url
        stripe_sdk.client.cache_clear()
        return server

    yield start
    for server in started:
        with contextlib.suppress(OSError):
            server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
    stripe_sdk.client.cache_clear()


def fetch() -> str:
    lines = stripe_sdk.client().v1.balance_transactions
    with outside_calls.of_a_page():
        return str(ask(lambda: lines.retrieve("txn_any")).id)


def test_pages_share_a_kept_connection(scripted: Any) -> None:
    """Each call has a thread of its own, and still needs no new handshake."""

    def behave(connection: socket.socket, number: int) -> bool:
        answer(connection, number)
        return True

    server = scripted(behave)
    assert [fetch() for _ in range(5)] == [f"txn_{n}" for n in range(1, 6)]
    assert server.connections == 1


def test_a_connection_that_was_closed_while_idle_is_replaced(scripted: Any) -> None:
    def behave(connection: socket.socket, number: int) -> bool:
        answer(connection, number)
        return False

    server = scripted(behave)
    for number in range(1, 4):
        assert fetch() == f"txn_{number}"
        assert server.closed.wait(5)
        server.closed.clear()
    assert server.connections == 3


def test_a_connection_that_breaks_under_a_request_is_replaced(scripted: Any) -> None:
    def behave(connection: socket.socket, number: int) -> bool:
        if number == 2:
            return False
        answer(connection, number)
        return True

    server = scripted(behave)
    assert [fetch(), fetch()] == ["txn_1", "txn_3"]
    assert server.connections == 2


def test_an_answer_that_came_too_late_is_nobody_elses(
    scripted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first call is given up half-way through its answer; the rest of it never reaches the second."""
    late = threading.Event()

    def behave(connection: socket.socket, number: int) -> bool:
        if number == 1:
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{"id": "txn_')
            late.wait(10)
            connection.sendall(b'late", "object": "x"}       ')
            return True
        answer(connection, number)
        return True

    slots = threading.BoundedSemaphore(1)
    monkeypatch.setattr(outside_calls, "_slots", slots)
    server = scripted(behave)
    with pytest.raises(StripeUnavailable), outside_calls.of_a_page(0.2):
        ask(lambda: stripe_sdk.client().v1.balance_transactions.retrieve("txn_any"))
    assert slots.acquire(timeout=5)  # the call has been given up
    slots.release()
    late.set()
    assert [fetch(), fetch()] == ["txn_2", "txn_3"]
    assert server.connections == 2
