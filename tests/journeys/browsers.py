"""People at their screens: a phone, a tablet, a desk; each page they see is judged and may be pictured."""

import io
import json
import os
import re
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests import browsers

SCREENS = os.environ.get("SCREENS")
COLOURS = 128  # enough for our pages, and a picture stays below a hundred kB


class Person:
    """Somebody with a browser of their own. What their pages complain about is kept."""

    def __init__(self, browser: Browser, size: ViewportSize, **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport=size,
            locale="en-US",
            reduced_motion="reduce",
            **options,  # type: ignore[arg-type]
        )
        self.context.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: Any) -> None:
        """Refusals by the Content-Security-Policy are said in the console, as errors.

        So is a request that htmx gave up, because the page was left or a newer one took its place: that
        is meant. htmx says afterRequest of it, too; of each other end in error it says which it was.
        """
        meant = re.search(
            r"status of (401|402|409|422)|^htmx:(sendAbort|afterRequest),", message.text
        )
        if message.type == "error" and not meant:
            self.complaints.append(message.text)

    def judge(self, name: str, *, picture: bool = False) -> None:
        """Nothing to complain of: no axe violation, nothing refused by the policy, no sideways scroll.

        With SCREENS=folder and picture the page is kept under that name, for the documents.
        """
        self._see(name, browsers.faults(self.page), picture)

    def look(self, name: str, *, picture: bool = False) -> None:
        """The same without axe: at a page that is judged elsewhere, or here in another size."""
        self._see(name, browsers.sideways(self.page), picture)

    def _see(self, name: str, told: list[str], picture: bool) -> None:
        assert not told, f"{name}: {json.dumps(told, indent=2)}"
        assert not self.complaints, f"{name}: {self.complaints}"
        if SCREENS and picture:
            self._keep(name)

    def _keep(self, name: str) -> None:
        folder = Path(SCREENS or ".")
        folder.mkdir(parents=True, exist_ok=True)
        taken = Image.open(io.BytesIO(self.page.screenshot()))
        few_colours = taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few_colours.save(folder / f"{name}.png", optimize=True)
