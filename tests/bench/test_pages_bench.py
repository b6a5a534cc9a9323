"""A page is timed on the line and the processor that the bench says, and the figures are its medians."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from bench.pages.visit import BYTES_PER_SECOND, LATENCY_MS, Place, Visit, median, visit
from bench.screens.take import chromium

PICTURE = 60_000
"""Bytes of the one picture, which waits on the line for more than a second."""

HTML = b"""<!doctype html><link rel="icon" href="data:,"><p>First</p>
<img class="large" src="picture.svg" width="300" height="300" alt="">"""
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><rect width="300"'
    b' height="300" fill="red"/><!--' + b"x" * PICTURE + b"--></svg>"
)


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        drawing = self.path.endswith(".svg")
        body = SVG if drawing else HTML
        self.send_response(200)
        self.send_header("Content-Type", "image/svg+xml" if drawing else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing: pytest shows what matters."""


@pytest.fixture
def page() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_what_travels_takes_as_long_as_on_that_line(page: str) -> None:
    with chromium() as browser:
        found = visit(browser, Place("page", page, {"cookies": [], "origins": []}))
    assert found.element == 'img.large "picture.svg"'
    assert found.requests == 2
    assert PICTURE < found.kilobytes * 1000 < PICTURE + 2000
    assert found.lcp > 2 * LATENCY_MS / 1000 + PICTURE / BYTES_PER_SECOND
    assert LATENCY_MS / 1000 < found.fcp < found.lcp
    assert found.shift == 0


def test_the_median_is_told_of_each_figure() -> None:
    visits = [
        Visit(fcp, lcp, element, 0.0, requests, 70.0)
        for fcp, lcp, element, requests in [(1, 9, "a", 8), (3, 2, "b", 9), (2, 4, "c", 10)]
    ]
    assert median(visits) == Visit(2, 4, "c", 0.0, 9, 70.0)
