"""The whole product as `make demo` opens it, once for all journeys."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from sandbox.places import throwaway_folder
from tests.browsers import chromium
from tests.camera import FakeCamera
from tests.journeys.browsers import SCREENS
from tests.sandbox.demos import Demo, copy_product

OPENING_SECONDS = 420
WEEKS = "8" if SCREENS else "1"
"""A picture of the dashboard shows the whole history; a test needs little of it."""


@dataclass(frozen=True)
class Services:
    """The running demo, what it told on its screen, and what it logged."""

    said: str
    logs: Path

    def one(self, pattern: str) -> str:
        found = re.search(pattern, self.said)
        assert found, f"{pattern} was not printed:\n{self.said}"
        return found[1] if found.groups() else found[0]

    @property
    def url(self) -> str:
        return self.one(r"(http://127\.0\.0\.1:\d+)/shop/")

    @property
    def tray(self) -> str:
        return self.one(r"Mail tray +(http://127\.0\.0\.1:\d+)")


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    """A demo of a copy of this checkout, so that one that is open here is left alone."""
    folder = throwaway_folder()
    copy_product(folder)
    demo = Demo(folder, "--weeks", WEEKS)
    try:
        demo.wait_until_open(seconds=OPENING_SECONDS)
        yield Services(demo.said, folder / ".local" / "logs")
    finally:
        demo.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def browser(camera: FakeCamera) -> Iterator[Browser]:
    with chromium(camera) as opened:
        yield opened
