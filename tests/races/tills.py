"""Tills as fast as a test can make them: one keep-alive socket each, requests built beforehand."""

import contextlib
import json
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

TILLS = 32
REDEMPTIONS = "/api/v1/redemptions/"
LOOKUPS = "/api/v1/lookups/"


class Reachable(Protocol):
    """A server; the port may be another one after it was killed and started anew."""

    @property
    def port(self) -> int: ...


class NotSent(Exception):
    """No server took the connection: certainly nothing happened."""


class NoAnswer(Exception):
    """The request left, no whole answer came: it may or may not have happened."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    replayed: bool = False

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def reason(self) -> str:
        return str(self.json.get("reason", ""))


def build(path: str, token: str, body: dict[str, Any], key: str = "") -> bytes:
    """The bytes of a request as a till sends it."""
    raw = json.dumps(body).encode()
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Device {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(raw)}",
        *([f"Idempotency-Key: {key}"] if key else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + raw


class Till:
    """One till with its connection, opened when it is needed. Not to be shared between threads."""

    def __init__(self, server: Reachable, token: str, seconds: float = 30) -> None:
        self.server = server
        self.token = token
        self.seconds = seconds
        self.socket: socket.socket | None = None
        self.buffer = b""

    def ask(self, path: str, body: dict[str, Any], key: str = "") -> Reply:
        """Raises NotSent or NoAnswer; the next question then gets a new connection."""
        self.send(build(path, self.token, body, key))
        return self.receive()

    def redeem(self, key: str, **body: Any) -> Reply:
        return self.ask(REDEMPTIONS, body, key)

    def send(self, request: bytes) -> None:
        if self.socket is None:
            try:
                self.socket = socket.create_connection(
                    ("127.0.0.1", self.server.port), self.seconds
                )
            except OSError as error:
                raise NotSent from error
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.socket.sendall(request)
        except OSError as error:
            self.close()
            raise NoAnswer from error

    def receive(self) -> Reply:
        """The next answer on the connection; only what a Content-Length delimits is understood."""
        try:
            while b"\r\n\r\n" not in self.buffer:
                self._more()
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            status, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, value in _pairs(lines)}
            length = int(headers["content-length"])
            while len(self.buffer) < length:
                self._more()
        except OSError as error:
            self.close()
            raise NoAnswer from error
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        if headers.get("connection") == "close":
            self.close()
        return Reply(int(status.split()[1]), body, "idempotent-replayed" in headers)

    def _more(self) -> None:
        assert self.socket is not None
        piece = self.socket.recv(65_536)
        if not piece:
            raise ConnectionError("closed in the middle")
        self.buffer += piece

    def close(self) -> None:
        if self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.close()
        self.socket, self.buffer = None, b""


def _pairs(lines: list[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (line.partition(":") for line in lines)]


class Tills:
    """Many tills that press at the same moment.

    One thread sends for all of them, within about a millisecond, before it reads the first answer:
    nothing on this side makes them take turns, and the server works on as many as it has threads.
    """

    def __init__(self, server: Reachable, token: str, count: int = TILLS) -> None:
        self.tills = [Till(server, token) for _ in range(count)]

    def __len__(self) -> int:
        return len(self.tills)

    def press(self, request: Callable[[int], tuple[str, dict[str, Any]]]) -> list[Reply]:
        """`request(n)` gives the key and body of till n. Raises NotSent or NoAnswer."""
        built = [
            build(REDEMPTIONS, till.token, body, key)
            for till, (key, body) in ((till, request(n)) for n, till in enumerate(self.tills))
        ]
        for till, raw in zip(self.tills, built, strict=True):
            till.send(raw)
        return [till.receive() for till in self.tills]

    def close(self) -> None:
        for till in self.tills:
            till.close()
