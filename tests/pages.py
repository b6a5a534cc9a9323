"""Pages that a test has made, on a port of their own beside the static files: no product runs behind them.

What is static may be kept by the browser, as it keeps a release's: so of many pages only the first one waits
for its faces and pictures. Sheets and modules are one file for a kind of page, as they are deployed: written
one by one, forty files for each page took more than all that is asked of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import Browser, Frame, Page, ViewportSize

from giftshop.static_files.bundles import BUNDLES, joined, script_of, sheet_of

PANE = "/pane"
BESIDE_THE_SCREEN = """<!doctype html><html lang="en"><meta name="color-scheme" content="light dark">
<title>A pane</title><iframe title="A page" style="position: fixed; left: -9999px; border: 0"></iframe>"""
SIZED = """({ width, height }) => {
  const pane = document.querySelector("iframe");
  Object.assign(pane.style, { width: `${width}px`, height: `${height}px` });
}"""
LAID_OUT = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""The rules of another size hold for a frame longer. Where no script may run nothing tells of frames."""


@contextmanager
def served(sheets: dict[str, str]) -> Iterator[str]:
    """Where the sheets are found, HTML or CSS by path: http://127.0.0.1:port."""
    shown = {path: with_bundles(sheet) for path, sheet in sheets.items()}
    shown |= {PANE: BESIDE_THE_SCREEN, **bundles()}
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Shelf, shown)) as server:
        server.block_on_close = False  # a browser keeps its connections open
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@cache
def bundles() -> dict[str, str]:
    """The sheet and the script of each kind of page, by path."""
    static = Path(settings.BASE_DIR) / "static"
    made = joined(lambda name: (static / name).read_text())
    return {f"/static/{name}": text for name, text in made.items()}


LINK = '<link rel="stylesheet" href="/static/{}">'
SCRIPT = '<script src="/static/{}" type="module">'


def with_bundles(html: str) -> str:
    """The page as it is deployed: with one sheet and one script in the place of those of its kind."""
    for kind, bundle in BUNDLES.items():
        links = "\n  ".join(map(LINK.format, bundle.sheets))
        html = html.replace(links, LINK.format(sheet_of(kind)))
        html = html.replace(SCRIPT.format(bundle.module), SCRIPT.format(script_of(kind)))
    return html


class Pane:
    """Pages in a frame beside the screen: laid out as in a window of its size, scripts and all, but not
    painted, which takes longer than what is asked of their layout. Not for pictures, nor for what waits
    until it is seen."""

    def __init__(self, browser: Browser, host: str, size: ViewportSize, **how: Any) -> None:
        """`host` is of `served`; `how` is of Playwright's new_page."""
        self.host = host
        self.page: Page = browser.new_page(viewport={"width": 100, "height": 100}, **how)
        self.page.goto(f"{host}{PANE}")
        self.frame: Frame = self.page.frames[1]
        self.page.evaluate(SIZED, size)

    def open(self, path: str, size: ViewportSize | None = None) -> Frame:
        """The page, loaded; in a window of that size, into which the page before need not fit."""
        if size:
            self.page.evaluate(SIZED, size)
        self.frame.goto(f"{self.host}{path}", wait_until="load")
        return self.frame

    def resize(self, size: ViewportSize) -> None:
        """Another size of window, laid out."""
        self.page.evaluate(SIZED, size)
        self.page.evaluate(LAID_OUT)


def seen_at_once(html: str) -> str:
    """With the pictures that a browser would load when they come into sight."""
    return html.replace(' loading="lazy"', "")


class Shelf(BaseHTTPRequestHandler):
    """Answers with what was made, or with a static file."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, sheets: dict[str, str], *wire: object) -> None:
        self.sheets = sheets
        super().__init__(*wire)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        file = Path(settings.BASE_DIR) / path.lstrip("/")
        if path in self.sheets:
            kind = guess_type(path)[0] or "text/html"
            kept = "max-age=3600" if path.startswith("/static/") else "no-store"
            self._answer(self.sheets[path].encode(), f"{kind}; charset=utf-8", kept)
        elif path.startswith("/static/") and file.is_file():
            kind = guess_type(path)[0] or "application/octet-stream"
            self._answer(file.read_bytes(), kind, "max-age=3600")
        else:
            self._answer(b"", "text/plain", "no-store", status=404)

    def _answer(self, body: bytes, kind: str, kept: str, *, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", kept)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Nothing: what a page asks for in vain is no news."""
