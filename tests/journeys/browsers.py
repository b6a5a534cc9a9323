"""People at their screens: a phone, a tablet, a desk; each page they see is judged and may be pictured."""

import io
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.camera import FakeCamera

AXE = (Path(__file__).parent.parent / "vendor" / "axe-core" / "axe.min.js").read_text()
SCREENS = os.environ.get("SCREENS")
COLOURS = 128  # enough for our pages, and a picture stays below a hundred kB

PHONE = {"width": 390, "height": 844}
SMALL_PHONE = {"width": 360, "height": 740}
TABLET = {"width": 1024, "height": 768}
DESK = {"width": 1280, "height": 900}


@contextmanager
def chromium(playwright: Playwright, camera: FakeCamera) -> Iterator[Browser]:
    """Debian's Chromium, whose camera shows what the test holds before it."""
    sandbox = ["--no-sandbox"] if os.getuid() == 0 else []
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
        args=[*sandbox, *camera.launch_args()],
    )
    yield browser
    browser.close()


class Person:
    """Somebody with a browser of their own. What their pages complain about is kept."""

    def __init__(self, browser: Browser, size: dict[str, int], **options: Any) -> None:
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
        """Refusals by the Content-Security-Policy are said in the console, as errors."""
        refused_with_words = re.search(r"status of (401|402|409|422)", message.text)
        if message.type == "error" and not refused_with_words:
            self.complaints.append(message.text)

    def judge(self, name: str, *, picture: bool = False) -> None:
        """Nothing to complain of: no axe violation, nothing refused by the policy, no sideways scroll.

        With SCREENS=folder and picture the page is kept under that name, for the documents.
        """
        violations = self.page.evaluate(
            f"async () => {{ {AXE}; return (await axe.run(document)).violations; }}"
        )
        told = [
            f"{v['id']}: {node['target']} {node['failureSummary']}"
            for v in violations
            for node in v["nodes"]
        ]
        assert not told, f"{name}: {json.dumps(told, indent=2)}"
        assert not self.complaints, f"{name}: {self.complaints}"
        wide, room = self.page.evaluate(
            "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= room, f"{name} scrolls sideways: {wide} > {room}"
        if SCREENS and picture:
            self._keep(name)

    def _keep(self, name: str) -> None:
        folder = Path(SCREENS or ".")
        folder.mkdir(parents=True, exist_ok=True)
        taken = Image.open(io.BytesIO(self.page.screenshot()))
        few_colours = taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few_colours.save(folder / f"{name}.png", optimize=True)
