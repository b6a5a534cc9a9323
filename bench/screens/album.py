"""Pictures of a page at each size, in each look and in other languages; what is new each time is painted
over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Page

from bench.screens.demo import OPENS_AT

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 1024, "height": 768}
OTHER_LANGUAGES = ("de", "es")
Look = Literal["light", "dark", "forced", "rtl"]
LOOKS: tuple[Look, ...] = ("light", "dark", "forced", "rtl")
"""Forced: the reader's own few colours. Rtl: as a page in Arabic would stand, in light."""
PATIENCE = 60_000
LOOKS_MOST = 3

ALWAYS_NEW = [
    (r"[\w-]{30,}", "token"),
    (r"127\.0\.0\.1:\d+", "127.0.0.1"),
    (r"(/l/[a-z0-9-]+-)[a-z0-9]{4,6}/", "$1new/"),
    (r"\b[0-9A-HJKMNP-TV-Z]{4}([\s-][0-9A-HJKMNP-TV-Z]{4}){3}[\s-][0-9A-HJKMNP-TV-Z]\b", "CODE"),
    (r"([…•·]\s?)[0-9A-HJKMNP-TV-Z]{4}\b", "$1CODE"),
    (r"\b[0-9A-F]{4}-[0-9A-F]{4}\b", "ORDER"),
    (r"\b(\d{1,2}):\d\d(:\d\d)?\b", "$1:00"),
    (r"\b\d+(\s(minute|Minute|minuto))", "5$1"),
]
"""What a run makes anew, and what is shown of it instead: tokens, addresses, codes, orders; minutes too,
for they depend on how long the demo took to open."""

COVER = """
*, *::before, *::after { caret-color: transparent !important; }
video, .qr > *, img[alt*="QR"], [data-reversal-clock], [data-countdown] { visibility: hidden !important; }
.qr { background: repeating-linear-gradient(45deg, #ccc 0 8px, #fff 8px 16px) !important; }
"""

# A sheet that is made by a script is no inline style, which the pages' policy refuses.
PAINT_OVER = """([cover, pairs]) => {
  const kept = [], rules = pairs.map(([from, to]) => [new RegExp(from, "g"), to]);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, text = node.data;
    if (node.parentElement.closest("script, style")) continue;
    const code = node.parentElement.closest(".code-groups, td.code");  // on pages, in letters
    const next = code ? text.replace(/[0-9A-Z]/g, "X") : rules.reduce((t, [a, b]) => t.replace(a, b), text);
    if (next !== text) { kept.push([node, text]); node.data = next; }
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(cover);
  document.adoptedStyleSheets.push(sheet);
  window.paintedOver = { kept, sheet };
}"""
PUT_BACK = """() => {
  for (const [node, text] of paintedOver.kept) node.data = text;
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== paintedOver.sheet);
}"""
# Images that wait for being scrolled to are loaded too; a clock that stands still needs no timer here.
SETTLED = """() => {
  for (const image of document.images) image.loading = "eager";
  return document.fonts.status === "loaded" && [...document.images].every((image) => image.complete);
}"""


class Album:
    """A folder of pictures, one for each name, size, look and language: `name.390.png`, `name.390.dark.png`,
    `name.390.de.png`."""

    def __init__(
        self, folder: Path, browser: Browser, looks: Sequence[Look] = ("light",), only: str = ""
    ) -> None:
        """`only`: a pattern of the names to take; the others are walked past."""
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.png"):
            old.unlink()
        self.folder, self.browser, self.looks = folder, browser, looks
        self.only = re.compile(only)
        self.missed: list[str] = []

    @contextmanager
    def person(self, size: dict[str, int] = PHONE, **options: Any) -> Iterator[Page]:
        """The page of somebody with a browser of their own, whose clock stands still."""
        wanted: dict[str, Any] = {
            "viewport": size,
            "locale": "en-US",
            "timezone_id": "America/Los_Angeles",
            "reduced_motion": "reduce",
            **options,
        }
        context: BrowserContext = self.browser.new_context(**wanted)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.clock.set_fixed_time(OPENS_AT)
        try:
            yield page
        finally:
            context.close()

    @contextmanager
    def chapter(self, name: str) -> Iterator[None]:
        """What goes wrong in one part of the tour is noted, and the next part is walked."""
        try:
            yield
        except Exception as error:
            self.missed.append(f"{name}: {type(error).__name__}: {str(error).strip()[:600]}")

    def take(self, page: Page, name: str, *, languages: bool = False, whole: bool = True) -> None:
        """The page at both sizes, in each look; `languages`: also read anew in German and Spanish, on a
        phone. `whole` is with what lies below the screen's edge; a dialog stands in the middle of the
        screen alone. Other languages are for light alone."""
        if not self.only.search(name):
            return
        size = page.viewport_size or PHONE
        for wanted in (PHONE, TABLET):
            page.set_viewport_size(wanted)  # type: ignore[arg-type]
            for look in self.looks:
                with looking(page, look) as suffix:
                    self._keep(page, f"{name}.{wanted['width']}{suffix}", whole=whole)
        page.set_viewport_size(size)
        if languages and "light" in self.looks:
            self._in_other_languages(page, name)

    def _in_other_languages(self, page: Page, name: str) -> None:
        """By browsers that ask for them and hold the same cookies."""
        cookies = page.context.storage_state()
        for language in OTHER_LANGUAGES:
            with self.person(locale=language, storage_state=cookies) as reader:
                reader.goto(page.url)
                self._keep(reader, f"{name}.{PHONE['width']}.{language}")

    def _keep(self, page: Page, name: str, *, whole: bool = True) -> None:
        page.wait_for_function(SETTLED)
        page.evaluate(PAINT_OVER, [COVER, ALWAYS_NEW])
        if whole:
            page.evaluate("scrollTo(0, 0)")
        picture = _standing_still(page, whole=whole)
        (self.folder / f"{file_name(name)}.png").write_bytes(picture)
        page.evaluate(PUT_BACK)


@contextmanager
def looking(page: Page, look: Look) -> Iterator[str]:
    """The page in this look; gives the end of its pictures' names."""
    page.emulate_media(
        color_scheme="dark" if look == "dark" else "light",
        forced_colors="active" if look == "forced" else "none",
    )
    if look == "rtl":
        page.evaluate("document.documentElement.dir = 'rtl'")
    yield "" if look == "light" else f".{look}"
    page.emulate_media(color_scheme="light", forced_colors="none")
    if look == "rtl":
        page.evaluate("document.documentElement.dir = 'ltr'")


def _standing_still(page: Page, *, whole: bool) -> bytes:
    """The first picture that is like the one before it, or the last of a few."""
    before, picture = b"", page.screenshot(full_page=whole, animations="disabled")
    for _ in range(LOOKS_MOST):
        if picture == before:
            break
        before, picture = picture, page.screenshot(full_page=whole, animations="disabled")
    return picture


def file_name(text: str) -> str:
    """Letters, digits, dots and dashes only."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-")
