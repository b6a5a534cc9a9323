"""The till systems: a process of its own that asks as fast as it is answered.

Told what to do in one line of JSON on stdin, it makes all requests beforehand, says `ready`, begins at
`go`, and answers one line of JSON. One thread, sockets and a selector; some 30,000 requests a second
against a server that does nothing.
"""

import hashlib
import json
import re
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from bench.redeem.codes import codes

LENGTH = re.compile(rb"(?i)content-length: *(\d+)")
GIVE_UP_SECONDS = 30


@dataclass(frozen=True)
class Orders:
    """What to drive. Code number base + place * step % total is shown, for places from first on."""

    port: int
    tokens: list[str]
    connections: int
    seconds: float
    first: int
    most: int
    step: int
    total: int
    base: int
    key: str
    """Begins every Idempotency-Key."""


@dataclass
class Result:
    seconds: float = 0
    answered: int = 0
    """Acknowledged: 201."""
    asked: int = 0
    wrong: str = ""
    """The first answer that was not 201."""
    microseconds: list[int] = field(default_factory=list)


class Line:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), GIVE_UP_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.asked_at = 0.0
        self.answer = b""

    def ask(self, request: bytes) -> None:
        self.answer = b""
        self.asked_at = time.perf_counter()
        self.socket.sendall(request)

    def hear(self) -> bool:
        """Read what is there; True once the answer is whole."""
        more = self.socket.recv(65536)
        if not more:
            raise ConnectionError(f"the server hung up after {self.answer[:200]!r}")
        self.answer += more
        head = self.answer.find(b"\r\n\r\n")
        length = LENGTH.search(self.answer, 0, head) if head > 0 else None
        return length is not None and len(self.answer) >= head + 4 + int(length[1])


def bodies(orders: Orders) -> Iterator[tuple[str, str, str]]:
    """Device token, Idempotency-Key and JSON, one after the other."""
    places = range(orders.first, orders.first + orders.most)
    shown = codes(places.start, places.stop, orders.step, orders.total, orders.base)
    for place, code in zip(places, shown, strict=True):
        key = hashlib.md5(b"%d" % (orders.base + place), usedforsecurity=False).hexdigest()
        token = orders.tokens[place % len(orders.tokens)]
        yield token, f"{orders.key}-{key}", f'{{"code": "{code}"}}'


def requests(orders: Orders) -> Iterator[bytes]:
    """Whole requests, as a proxy passes them on."""
    for token, key, body in bodies(orders):
        yield (
            "POST /api/v1/redemptions/ HTTP/1.1\r\nHost: gifts.example.com\r\n"
            "X-Forwarded-Proto: https\r\nX-Forwarded-For: 203.0.113.7\r\n"
            f"Accept: application/json\r\nAuthorization: Device {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"Idempotency-Key: {key}\r\n\r\n{body}"
        ).encode()


def drive(orders: Orders, made: list[bytes]) -> Result:
    """Keep every line asking until the time is up or the requests are used up."""
    result = Result()
    waiting = selectors.DefaultSelector()
    queue = iter(made)
    lines = [Line(orders.port) for _ in range(orders.connections)]
    started = time.perf_counter()
    deadline = started + orders.seconds
    open_lines = 0
    for line, request in zip(lines, queue, strict=False):
        waiting.register(line.socket, selectors.EVENT_READ, line)
        line.ask(request)
        open_lines += 1
    result.asked = open_lines
    while open_lines:
        ready = waiting.select(GIVE_UP_SECONDS)
        if not ready:
            raise TimeoutError(f"{open_lines} requests were not answered")
        for key, _events in ready:
            line = key.data
            if not line.hear():
                continue
            now = time.perf_counter()
            if line.answer.startswith(b"HTTP/1.1 201"):
                result.answered += 1
                result.microseconds.append(int((now - line.asked_at) * 1_000_000))
            else:
                result.wrong = result.wrong or line.answer[:2000].decode(errors="replace")
            following = next(queue, None) if now < deadline else None
            if following is None:
                open_lines -= 1
                waiting.unregister(line.socket)
            else:
                line.ask(following)
                result.asked += 1
    result.seconds = time.perf_counter() - started
    for line in lines:
        line.socket.close()
    return result


def main() -> None:
    orders = Orders(**json.loads(sys.stdin.readline()))
    made = list(requests(orders))
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(asdict(drive(orders, made))), flush=True)
    sys.stdin.readline()  # stay until our CPU time has been read


if __name__ == "__main__":
    main()
