"""The proxy keeps from the product whatever is too slow, too large or not what it says (deploy/Caddyfile)."""

import contextlib
import json
import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import expect

from giftshop.http.body_limits import BODY_LIMITS
from tests import server
from tests.browsers import chromium
from tests.front import CADDYFILE, Front, listen, request, running, speak

ECHO = "tests.deploy.echo_wsgi:application"
THREADS = 2
BODY_SECONDS = 2.0
UPLOAD_PACE = 220_000
"""Bytes a second, as the Caddyfile has it."""
ANSWER_SECONDS = 1.0


@pytest.fixture(scope="module")
def front() -> Iterator[Front]:
    with running(
        ECHO,
        threads=THREADS,
        BODY_TIMEOUT=f"{BODY_SECONDS:g}s",
    ) as front:
        yield front


@pytest.fixture(scope="module")
def at_a_domain() -> Iterator[Front]:
    options = [
        "local_certs",
        "skip_install_trust",
        "http_port PORT",
        f"https_port {server.free_port()}",
    ]
    with running(
        ECHO,
        threads=THREADS,
        SITE_ADDRESS="gifts.test",
        OTHER_HOSTS="import other_hosts http://",
        PROXY_OPTIONS="\n".join([*options, "default_bind 127.0.0.1"]),
    ) as front:
        yield front


@contextlib.contextmanager
def held(port: int, words: bytes, count: int) -> Iterator[list[socket.socket]]:
    """So many connections that have said this much and say no more."""
    with contextlib.ExitStack() as stack:
        open_ones = []
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", port), timeout=20)
            stack.enter_context(contextlib.closing(connection))
            connection.sendall(words)
            open_ones.append(connection)
        yield open_ones


def seconds_of(port: int) -> float:
    """How long a stranger waits for an answer now; 5 when there is none."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request("/other", method="GET"))
        with contextlib.suppress(TimeoutError):
            assert connection.recv(64).startswith(b"HTTP/1.1 200")
    return time.monotonic() - began


def told(answer: bytes) -> dict[str, object]:
    """What echo_wsgi.py says it was told."""
    assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
    found: dict[str, object] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return found


def status(answer: bytes) -> int:
    match = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
    assert match, answer[:200]
    return int(match[1])


HALF = request("/half", "Content-Length: 2000", body=b"a=1")


class TestSlow:
    def test_half_a_body_never_reaches_the_product_and_is_answered_in_time(
        self, front: Front
    ) -> None:
        with held(front.port, HALF, 40) as open_ones:
            assert max(seconds_of(front.port) for _ in range(10)) < ANSWER_SECONDS
            answer = listen(open_ones[0])
        assert status(answer) == 408
        assert b"<h1>That took too long</h1>" in answer
        assert front.began("/half") == 0

    def test_without_the_proxy_as_many_as_it_has_threads_stop_it(self, front: Front) -> None:
        """The control: granian itself waits for a body in a thread."""
        port = server.free_port()
        with (
            server.plain(ECHO, port=port, threads=THREADS),
            held(port, HALF, THREADS + 1),
        ):
            server.wait_for(
                lambda: seconds_of(port) > ANSWER_SECONDS, "it goes on answering", seconds=20
            )

    def test_a_body_that_trickles_is_no_longer_waited_for(self, front: Front) -> None:
        with held(front.port, request("/half", "Content-Length: 9000"), 1) as (connection,):
            until = time.monotonic() + BODY_SECONDS * 3
            connection.settimeout(0.2)
            heard = b""
            while not heard and time.monotonic() < until:
                connection.sendall(b"x")
                with contextlib.suppress(TimeoutError):
                    heard = connection.recv(100)
        assert status(heard) == 408

    def test_a_chunked_body_without_end_is_no_longer_waited_for(self, front: Front) -> None:
        began = time.monotonic()
        answer = speak(
            front.port, request("/half", "Transfer-Encoding: chunked", body=b"3\r\na=1\r\n")
        )
        assert status(answer) == 408
        assert time.monotonic() - began < BODY_SECONDS + 3
        assert front.began("/half") == 0

    def test_headers_that_do_not_end_are_hung_up_on(self, front: Front) -> None:
        with held(front.port, b"GET /slow HTTP/1.1\r\nHost: x\r\nA: ", 40) as open_ones:
            assert max(seconds_of(front.port) for _ in range(5)) < ANSWER_SECONDS
            assert listen(open_ones[0]) in {b"", *[listen(each) for each in open_ones[1:2]]}
        assert front.began("/slow") == 0

    def test_idle_connections_take_nothing_from_others(self, front: Front) -> None:
        asked = request("/idle", method="GET").replace(b"Connection: close", b"X: y")
        with held(front.port, asked, 100):
            assert max(seconds_of(front.port) for _ in range(5)) < ANSWER_SECONDS

    def test_whoever_reads_slowly_keeps_no_thread(self, front: Front) -> None:
        """An answer of 3 MB, more than sockets hold, to twice as many readers as there are threads."""
        asked = request("/large?3000000", method="GET")
        with held(front.port, asked, THREADS * 2):
            server.wait_for(lambda: front.began("/large") >= THREADS * 2, "not all were begun")
            assert seconds_of(front.port) < ANSWER_SECONDS


UPLOAD = request("/uploads/allowed/menu/x/", "Content-Length: 3000000", body=b"x" * 1000)


def assert_is_late(answer: bytes) -> None:
    """Whichever of the two that Caddy waits for ends first, the reader is told the same."""
    assert status(answer) in {408, 504}
    assert b"<h1>That took too long</h1>" in answer


class TestUploads:
    def test_a_strangers_is_not_listened_to(self, front: Front) -> None:
        """Of what nobody may send, the product hears nothing but the question whether somebody may."""
        sent = request("/uploads/denied/menu/x/", "Content-Length: 3000000", body=b"x" * 1000)
        began = time.monotonic()
        assert status(speak(front.port, sent)) == 404
        assert time.monotonic() - began < BODY_SECONDS, "no more of it was waited for"
        assert front.began("/uploads/denied/menu/") == 1
        assert front.began("/uploads/denied/menu/x/") == 0

    def test_one_that_stalls_is_no_longer_waited_for(self, front: Front) -> None:
        """And the thread that waited for it is free again."""
        with held(front.port, UPLOAD, 1) as (connection,):
            began = time.monotonic()
            answer = listen(connection)
            assert time.monotonic() - began < BODY_SECONDS * 2 + 2
            assert_is_late(answer)
            assert seconds_of(front.port) < ANSWER_SECONDS

    def test_one_that_trickles_is_no_longer_waited_for(self, front: Front) -> None:
        """It never stalls, and is over all the same."""
        with held(front.port, UPLOAD, 1) as (connection,):
            until, heard = time.monotonic() + BODY_SECONDS * 2 + 2, b""
            connection.settimeout(0.2)
            while not heard and time.monotonic() < until:
                connection.sendall(b"x" * 10)
                with contextlib.suppress(TimeoutError):
                    heard = connection.recv(2000)
        assert_is_late(heard)

    def test_one_that_keeps_the_pace_has_longer_than_a_form(self, front: Front) -> None:
        """At 1.3 times the pace it takes more than a form's time."""
        parts, size = 8, int(UPLOAD_PACE * 1.3 * BODY_SECONDS * 1.5 / 8)
        length = f"Content-Length: {parts * size}"
        with held(front.port, request("/uploads/allowed/menu/y/", length), 1) as (connection,):
            began = time.monotonic()
            for _ in range(parts):
                connection.sendall(b"x" * size)
                time.sleep(BODY_SECONDS * 1.5 / parts)
            assert told(listen(connection))["body"] == parts * size
            assert time.monotonic() - began > BODY_SECONDS


class TestLarge:
    def test_the_paths_are_those_of_the_product(self) -> None:
        limits = re.findall(
            r"^\t+import (?:path|upload)_limit (\S+) (\d+) ", CADDYFILE.read_text(), re.MULTILINE
        )
        assert [(path.removesuffix("*"), int(size)) for path, size in limits] == list(BODY_LIMITS)

    @pytest.mark.parametrize(("path", "limit"), BODY_LIMITS)
    def test_a_path_takes_what_it_says_and_not_a_byte_more(
        self, front: Front, path: str, limit: int
    ) -> None:
        fits = speak(front.port, request(path, f"Content-Length: {limit}", body=b"x" * limit))
        assert told(fits)["body"] == limit
        before = front.began(path)
        more = limit + 1
        answer = speak(front.port, request(path, f"Content-Length: {more}", body=b"x" * more))
        assert status(answer) == 413
        unsaid = speak(
            front.port,
            request(
                path,
                "Transfer-Encoding: chunked",
                body=b"%x\r\n" % more + b"x" * more + b"\r\n0\r\n\r\n",
            ),
        )
        assert status(unsaid) == 413
        assert front.began(path) - before <= 1, "only a body of unknown length, and cut off"

    @pytest.mark.parametrize("size", [90_000, 6_000_000])
    @pytest.mark.parametrize("chunked", [False, True])
    def test_a_program_is_told_in_its_form(self, front: Front, size: int, chunked: bool) -> None:
        length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"
        body = b"x" * size
        sent = b"%x\r\n" % size + body + b"\r\n0\r\n\r\n" if chunked else body
        answer = speak(front.port, request("/api/v1/lookups/", length, body=sent))
        head, _, told = answer.partition(b"\r\n\r\n")
        assert b"Content-Type: application/problem+json" in head
        problem = json.loads(told)
        assert problem.keys() == {"type", "title", "status", "reason", "detail"}
        assert (problem["status"], problem["reason"]) == (413, "too_large")

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("Accept-Language: de-AT,en;q=0.5", "Das war zu viel auf einmal"),
            ("Accept-Language: fr", "That was too much at once"),
            ("Accept-Language: es\r\nCookie: a=b; language=de", "Das war zu viel auf einmal"),
            ("Accept-Language: de\r\nCookie: __Host-language=en", "That was too much at once"),
            ("Accept-Language: de\r\nCookie: language=xx", "That was too much at once"),
        ],
    )
    def test_a_person_is_told_in_a_page_of_ours(
        self, front: Front, language: str, words: str
    ) -> None:
        asked = request("/give/", "Content-Length: 2000000", *language.split("\r\n"))
        head, _, body = speak(front.port, asked).partition(b"\r\n\r\n")
        assert f"<h1>{words}</h1>" in body.decode()
        assert b"Content-Security-Policy: default-src 'none'; style-src 'self'" in head
        assert b"Cross-Origin-Resource-Policy: same-origin" in head
        assert b"Permissions-Policy: camera=()" in head
        style = speak(front.port, request("/_pages/page.css", method="GET"))
        assert b"text/css" in style

    def test_a_browser_shows_it_to_who_sends_too_large_a_picture(
        self, front: Front, tmp_path: Path
    ) -> None:
        """It is still sending when it is answered, and would rather say that the connection broke."""
        picture = tmp_path / "a.jpg"
        picture.write_bytes(b"x" * 26_000_000)
        with chromium() as browser, browser.new_context(locale="de-DE") as context:
            page = context.new_page()
            page.goto(front.url)
            page.set_content(
                '<form method="post" enctype="multipart/form-data" action="/uploads/allowed/menu/y/">'
                '<input type="file" name="file"><button>Send</button></form>'
            )
            page.set_input_files("input", picture)
            page.get_by_role("button", name="Send").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Das war zu viel auf einmal")

    def test_an_address_or_a_cookie_that_is_none_of_ours_goes_no_further(
        self, front: Front
    ) -> None:
        long = speak(front.port, request("/" + "a" * 9000, method="GET"))
        assert (status(long), b"That address is too long" in long) == (414, True)
        cookie = "Cookie: a=" + "b" * 9000
        heavy = speak(front.port, request("/", cookie, method="GET"))
        assert (status(heavy), b"That address is too long" in heavy) == (431, True)
        junk = [f"X-{n}: {'c' * 8000}" for n in range(10)]
        assert status(speak(front.port, request("/", *junk, method="GET"))) == 431


class TestLying:
    def test_who_asks_is_what_the_proxy_saw(self, front: Front) -> None:
        names = ["X-Forwarded-For", "X_Forwarded_For", "X-Real-IP", "Forwarded", "X-Forwarded-Host"]
        names += ["X-Forwarded-Proto", "X_Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Ssl"]
        answer = told(speak(front.port, request("/", *[f"{name}: 6.6.6.6" for name in names])))
        headers = answer["headers"]
        assert isinstance(headers, dict)
        assert "6.6.6.6" not in headers.values()
        assert headers["HTTP_X_FORWARDED_FOR"] == "127.0.0.1"
        assert headers["HTTP_X_FORWARDED_PROTO"] == "http"
        assert answer["peer"] == ""

    @pytest.mark.parametrize(
        "headers",
        [
            ["Content-Length: 4", "Content-Length: 5"],
            ["Content-Length: -4"],
            ["Content-Length: 4x"],
            ["Content-Length: +4"],
            ["Transfer-Encoding: chunked, identity"],
            ["Transfer-Encoding: xchunked"],
            ["Transfer-Encoding : chunked"],
            ["Host: elsewhere"],
        ],
    )
    def test_where_a_request_ends_is_beyond_doubt(self, front: Front, headers: list[str]) -> None:
        smuggled = b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
        answer = speak(front.port, request("/outer", *headers, body=smuggled), seconds=3)
        assert status(answer) in {400, 501}
        assert front.began("/outer") == 0

    def test_of_length_and_chunks_the_chunks_count_for_both_alike(self, front: Front) -> None:
        """What follows them is a request like any: it too bears what the proxy saw."""
        smuggled = b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
        smuggled = smuggled.replace(
            b"Host: x", b"Host: x\r\nX-Forwarded-For: 6.6.6.6\r\nConnection: close"
        )
        both = request("/both", "Content-Length: 4", "Transfer-Encoding: chunked", body=smuggled)
        answer = speak(front.port, both.replace(b"Connection: close\r\n", b"", 1), seconds=3)
        first, second = answer.split(b"HTTP/1.1 ")[1:]
        assert b'"path": "/both", "body": 0' in first
        assert b'"HTTP_X_FORWARDED_FOR": "127.0.0.1"' in second
        assert b"6.6.6.6" not in second

    def test_more_than_was_said_is_another_request_and_no_body(self, front: Front) -> None:
        more = request("/more", "Content-Length: 3", body=b"a=1b=2")
        assert told(speak(front.port, more))["body"] == 3

    def test_who_asks_whether_to_go_on_is_told(self, front: Front) -> None:
        asked = request("/expects", "Content-Length: 3", "Expect: 100-continue")
        with held(front.port, asked, 1) as (connection,):
            assert connection.recv(100).startswith(b"HTTP/1.1 100 Continue")
            connection.sendall(b"a=1")
            answer = listen(connection)
        assert told(answer[answer.index(b"HTTP/1.1 200") :])["body"] == 3

    def test_an_old_client_is_served(self, front: Front) -> None:
        answer = speak(front.port, b"GET /old HTTP/1.0\r\n\r\n")
        assert status(answer) == 200

    def test_nobody_learns_what_runs_here(self, front: Front) -> None:
        head = speak(front.port, request("/", method="GET")).partition(b"\r\n\r\n")[0].lower()
        assert b"\r\nserver:" not in head
        assert b"\r\nvia:" not in head

    def test_no_connection_becomes_a_web_socket(self, front: Front) -> None:
        upgrade = request("/ws", "Upgrade: websocket", "Sec-WebSocket-Version: 13", method="GET")
        headers = told(
            speak(
                front.port, upgrade.replace(b"Connection: close", b"Connection: upgrade"), seconds=2
            )
        )["headers"]
        assert isinstance(headers, dict)
        assert "HTTP_UPGRADE" not in headers


class TestOtherHosts:
    """As under docker compose with a domain: what Caddy answers by itself is an empty 200."""

    def ask(self, front: Front, host: str, path: str = "/") -> bytes:
        asked = request(path, method="GET").replace(b"Host: 127.0.0.1", f"Host: {host}".encode())
        return speak(front.port, asked)

    def test_a_stranger_is_told_that_it_is_not_here(self, at_a_domain: Front) -> None:
        for host in ("evil.test", "127.0.0.1", "gifts.test.evil.test"):
            answer = self.ask(at_a_domain, host)
            assert status(answer) == 421
            assert b"does not answer for that name" in answer
            assert b"\r\nserver:" not in answer.lower()

    def test_a_program_is_told_in_its_form(self, at_a_domain: Front) -> None:
        head, _, body = self.ask(at_a_domain, "evil.test", "/api/v1/lookups/").partition(
            b"\r\n\r\n"
        )
        assert b"Content-Type: application/problem+json" in head
        problem = json.loads(body)
        assert problem.keys() == {"type", "title", "status", "reason", "detail"}
        assert (status(head), problem["reason"]) == (421, "wrong_host")

    def test_our_own_name_is_led_to_tls(self, at_a_domain: Front) -> None:
        answer = self.ask(at_a_domain, "gifts.test", "/shop/")
        assert status(answer) == 308
        assert b"Location: https://gifts.test" in answer


class TestAway:
    def test_a_product_that_is_away_is_told_kindly_and_its_paths_stay_out_of_the_log(self) -> None:
        with running(ECHO) as front:
            server.stop(front.server)
            with ThreadPoolExecutor(2) as both:
                page = both.submit(speak, front.port, request("/g/secret-token/", method="GET"))
                problem = both.submit(speak, front.port, request("/api/v1/lookups/", method="GET"))
            answer = page.result()
            assert (status(answer), b"<h1>Back in a moment</h1>" in answer) == (502, True)
            assert b"Retry-After: 5" in answer
            body = problem.result().partition(b"\r\n\r\n")[2]
            assert json.loads(body)["reason"] == "unavailable"
            log = front.proxy_log.read_text()
            assert "admin endpoint disabled" in log
            assert "secret-token" not in log
            assert "lookups" not in log
