"""A demo that is opened to its network, and one that is not, seen from another machine there."""

import errno
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.environment import read_env
from sandbox.places import throwaway_folder
from tests.sandbox import namespaces
from tests.sandbox.demos import Demo, copy_product

OPENING_SECONDS = 420
pytestmark = [
    pytest.mark.stress,
    pytest.mark.skipif(bool(namespaces.cannot()), reason=namespaces.cannot()),
]
CONNECT = "import socket, sys; print(socket.socket().connect_ex((sys.argv[1], int(sys.argv[2]))))"


@pytest.fixture
def product() -> Iterator[Path]:
    folder = throwaway_folder()
    copy_product(folder)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_somebody_else_buys_pays_and_opens_the_gift_that_came_by_mail(product):
    with namespaces.two_machines() as (here, there):
        demo = Demo(product, "--lan=1", "--weeks=1", within=here.within)
        try:
            demo.wait_until_open(seconds=OPENING_SECONDS)
            seen = json.loads(there.run("-m", "tests.sandbox.lan_visitor", str(demo.screen)))
            told = read_env(product / ".local" / "env")
        finally:
            demo.stop()
    base = f"https://{here.address}:{demo.port}"
    assert seen["base"] == told["BASE_URL"] == base
    assert len(seen["pages"]) == 4
    assert set(seen["pages"].values()) == {200}
    assert all(url.startswith(f"https://{here.address}:") for url in seen["pages"])
    assert told["STRIPE_CHECKOUT_ORIGIN"].startswith(f"https://{here.address}:")
    assert len(seen["code"]) >= 8
    assert any("@friends.example" in str(to) for to in seen["to"])
    assert base in seen["origins"]
    assert [each for each in seen["origins"] if "127.0.0.1" in each or "localhost" in each] == []
    told_of = {each["type"]: each["outcome"] for each in seen["deliveries"]}
    assert told_of["checkout.session.completed"] == "ok"  # the webhook is not sent away to TLS


def test_unasked_nobody_else_reaches_it(checkout):
    with namespaces.two_machines() as (here, there):
        demo = Demo(checkout, within=here.within)
        try:
            demo.wait_until_open()
            refused = there.run("-c", CONNECT, here.address, str(demo.port))
            reached = here.run("-c", CONNECT, "127.0.0.1", str(demo.port))
        finally:
            demo.stop()
    assert "█" not in demo.said
    assert int(reached) == 0
    assert int(refused) == errno.ECONNREFUSED
