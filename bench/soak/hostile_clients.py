"""Strangers who send halves of requests, and words without an end."""

import contextlib
import socket
import time

HALVES = 100
HELD_SECONDS = 12.0
ANSWER_SECONDS = 5.0
LETTERS = (20_000, 60_000)
PATHS = ("/webhooks/stripe/", "/api/v1/redemptions/", "/accounts/login/")


def half_sent(port: int) -> None:
    """Many requests whose second half never comes, held for a while."""
    halves = []
    try:
        for number in range(HALVES):
            path = PATHS[number % len(PATHS)]
            head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            halves.append(_sent(port, f"{head}Content-Length: 1000\r\n\r\n{{".encode()))
        time.sleep(HELD_SECONDS)
    finally:
        for half in halves:
            half.close()


def long_headers(port: int) -> None:
    """Every header and the path, as long as a stranger likes; raises RuntimeError when one is not
    answered soon, or with an error of the server's."""
    for letters in LETTERS:
        for name in (
            "Host",
            "Cookie",
            "Referer",
            "User-Agent",
            "Accept-Language",
            "X-Forwarded-For",
        ):
            host = "" if name == "Host" else "Host: 127.0.0.1\r\n"
            head = f"GET / HTTP/1.1\r\n{host}{name}: {'a' * letters}\r\nConnection: close\r\n\r\n"
            _answered(port, head.encode(), f"{letters} letters of {name}")
        path = f"GET /{'a' * letters} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        _answered(port, path.encode(), f"{letters} letters of a path")


def _answered(port: int, request: bytes, what: str) -> None:
    """A refusal or a closed connection are answers."""
    with _sent(port, request) as line:
        try:
            answer = line.recv(64)
        except TimeoutError:
            raise RuntimeError(f"no answer to {what} for {ANSWER_SECONDS:.0f} s") from None
        except OSError:
            return
    if answer[9:10] == b"5":
        raise RuntimeError(f"{what} were answered with {answer[9:12].decode()}")


def _sent(port: int, request: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), ANSWER_SECONDS)
    with contextlib.suppress(OSError):
        line.sendall(request)
    return line
