"""Calls to somebody outside that end when their time does, whatever the other side sends.

A socket's own time-out counts from the last byte, so that a server which sends one byte a second holds its
reader for ever. What is read here minds the call's time (outside_calls.time_left), and how much it may be.
"""

import io
import socket
from http.client import HTTPResponse
from typing import Any

import requests
import urllib3

from giftshop.http import outside_calls

CONNECTIONS = 16
ANSWER_BYTES_MAX = 20_000_000
"""Far more than anybody we ask ever says."""


def session() -> requests.Session:
    """One whose answers end in time; its connections are kept and shared by threads."""
    return make_patient(requests.Session())


def make_patient(session: requests.Session) -> requests.Session:
    """The same, with answers that end in time."""
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(pool_maxsize=CONNECTIONS))
    return session


class _DeadlineReader(io.RawIOBase):
    """Reads a socket until the call's time is over, or it said too much."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._bytes_left = ANSWER_BYTES_MAX

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = outside_calls.time_left()
        if left <= 0:
            raise TimeoutError("the time for this call is over")
        self._sock.settimeout(left)
        read = self._raw.readinto(buffer)
        self._bytes_left -= read or 0
        if self._bytes_left < 0:
            raise OSError("the answer is larger than any that we expect")
        return read

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _DeadlineResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **more: Any) -> None:
        super().__init__(sock, *args, **more)
        self.fp.close()
        self.fp = io.BufferedReader(_DeadlineReader(sock))


class _Connection(urllib3.connection.HTTPConnection):
    response_class = _DeadlineResponse


class _SecureConnection(urllib3.connection.HTTPSConnection):
    response_class = _DeadlineResponse


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(requests.adapters.HTTPAdapter):
    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
