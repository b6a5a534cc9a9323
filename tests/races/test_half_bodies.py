"""Whoever holds half a body holds nobody up: tills go on while it is held (the long form of
tests/deploy/test_proxy.py, against the product itself)."""

import contextlib
import socket
import time

import pytest

from brands.models import Brand
from redemption.models import Code
from redemption.till.devices import PairedDevice
from tests.cast import symbols
from tests.front import request, running
from tests.races.gifts import issue
from tests.races.tills import Till
from tests.server import Server, environment

HELD = 200
SECONDS = 60
SLOWEST_SECONDS = 1.0
PATHS = ("/webhooks/stripe/", "/api/v1/redemptions/", "/accounts/login/")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.stress
def test_two_hundred_half_bodies_held_for_a_minute_hold_up_no_till(
    paired: PairedDevice, brand: Brand
) -> None:
    gifts = issue(brand, 900, amount=1000, kind=Code.Kind.VALUE)
    with (
        running("giftshop.wsgi:application", env=environment()) as front,
        contextlib.ExitStack() as held,
        contextlib.closing(Till(Server(front.port, front.server), paired.token, 10)) as till,
    ):
        until, took, health = time.monotonic() + SECONDS, [], []
        open_ones: list[socket.socket] = []
        for number, gift in enumerate(gifts):
            while len(open_ones) < HELD:
                open_ones.append(held.enter_context(half_a_body(front.port, len(open_ones))))
            open_ones = [each for each in open_ones if still_held(each)]
            began = time.monotonic()
            made = till.redeem(f"key-{number}", code=symbols(gift), amount=100)
            took.append(time.monotonic() - began)
            assert made.status == 201
            began = time.monotonic()
            with socket.create_connection(("127.0.0.1", front.port), timeout=10) as asks:
                asks.sendall(request("/healthz", method="GET"))
                assert asks.recv(64).startswith(b"HTTP/1.1 200")
            health.append(time.monotonic() - began)
            if time.monotonic() > until:
                break
            time.sleep(SECONDS / len(gifts))
    for seconds in (took, health):
        assert len(seconds) > 50
        assert sorted(seconds)[int(len(seconds) * 0.99)] < SLOWEST_SECONDS


def half_a_body(port: int, number: int) -> socket.socket:
    """A connection that has said where it goes and begun to say what, and stops."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    kind = "Content-Type: application/x-www-form-urlencoded"
    words = request(PATHS[number % len(PATHS)], "Content-Length: 2000", kind, body=b"a=1")
    connection.sendall(words)
    return connection


def still_held(connection: socket.socket) -> bool:
    """Whether the other side has neither answered nor hung up."""
    connection.setblocking(False)
    try:
        connection.recv(1)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
