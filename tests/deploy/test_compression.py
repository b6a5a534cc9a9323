"""Pages go out compressed, but those whose size could betray a secret (giftshop/http/compression.py)."""

import gzip
import re
import socket
import ssl
from collections.abc import Iterator
from uuid import uuid4

import pytest

from giftshop.http.compression import AS_THEY_ARE, COMPRESSED_PATHS
from tests.access.routes import every_route
from tests.deploy.test_proxy import ECHO
from tests.front import CADDYFILE, Front, request, running, speak
from tests.server import free_port

OTHERS = {"design/": "the gallery of parts, where DEBUG is"}


@pytest.fixture(scope="module")
def tls() -> int:
    """The port at which the proxy speaks TLS."""
    return free_port()


@pytest.fixture(scope="module")
def front(tls: int) -> Iterator[Front]:
    with running(
        ECHO,
        threads=2,
        SITE_ADDRESS=f"http://:PORT, https://localhost:{tls}",
        SITE_OPTIONS="tls internal",
        PROXY_OPTIONS="auto_https disable_redirects\nskip_install_trust\ndefault_bind 127.0.0.1",
    ) as front:
        yield front


def example(route: str) -> str:
    """A path that the route answers."""
    path = re.sub(r"<uuid:\w+>", str(uuid4()), route)
    return "/" + re.sub(r"<\w+:\w+>", "frosty-spoon", path)


def reason(route: str) -> str:
    """Why it is not compressed; nothing where nobody has said so."""
    return next((why for begin, why in AS_THEY_ARE.items() if f"{route}$".startswith(begin)), "")


def test_every_route_is_compressed_or_says_why_not() -> None:
    decided = {
        route: (bool(re.search(COMPRESSED_PATHS, example(route))), reason(route))
        for route in every_route().values()
        if route not in OTHERS
    }
    docs = {"api/v1/docs/", "api/v1/schema/"}  # the only ones of the API without a code
    for route, (compressed, why) in decided.items():
        assert compressed != bool(why) or (compressed and route in docs), (route, compressed, why)


def test_no_reason_is_left_of_a_route_that_went() -> None:
    routes = every_route().values()
    assert not [
        begin for begin in AS_THEY_ARE if not any(f"{r}$".startswith(begin) for r in routes)
    ]


def test_the_proxy_has_the_same_rule() -> None:
    found = re.search(
        r"@compressed path_regexp (\S+)\n\s+encode @compressed", CADDYFILE.read_text()
    )
    assert found
    assert found[1] == COMPRESSED_PATHS


def heads(answer: bytes) -> str:
    return answer.partition(b"\r\n\r\n")[0].decode().lower()


def test_the_proxy_compresses_those_and_no_other(front: Front) -> None:
    """What is echoed is long enough: the headers and the path, in JSON."""
    padding = "X-Padding: " + "a" * 900
    for route in every_route().values():
        path = example(route)
        for coding in ("gzip", "zstd"):
            asked = request(path, padding, f"Accept-Encoding: {coding}", method="GET")
            head = heads(speak(front.port, asked))
            assert head.startswith("http/1.1 200"), (route, head)
            compressed = f"content-encoding: {coding}" in head
            assert compressed == bool(re.search(COMPRESSED_PATHS, path)), route
            assert compressed == ("vary: accept-encoding" in head), route


def test_what_was_compressed_reads_as_it_was_and_who_wants_none_gets_none(front: Front) -> None:
    padding = "X-Padding: " + "a" * 900
    plain = speak(front.port, request("/shop/", padding, method="GET"))
    assert "content-encoding" not in heads(plain)
    asked = request("/shop/", padding, "Accept-Encoding: gzip", method="GET").replace(
        b"HTTP/1.1", b"HTTP/1.0"
    )
    body = speak(front.port, asked).partition(b"\r\n\r\n")[2]
    assert b'"path": "/shop/"' in gzip.decompress(body)
    assert b"a" * 900 in gzip.decompress(body)


def test_a_path_that_only_looks_compressible_is_not(front: Front) -> None:
    padding = "X-Padding: " + "a" * 900
    for path in (
        "/gift/shop/",
        "//gift/token/",
        "/shop/../gift/token/",
        "/shop/%2e%2e/gift/token/",
    ):
        asked = request(path, padding, "Accept-Encoding: gzip", method="GET")
        assert "content-encoding" not in heads(speak(front.port, asked)), path


@pytest.mark.usefixtures("front")
def test_over_tls_http_2_is_spoken(tls: int) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", tls), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        assert connection.selected_alpn_protocol() == "h2"
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
        frame = connection.recv(9)
    assert frame[3] == 4, "the first frame of an HTTP/2 server is SETTINGS"
