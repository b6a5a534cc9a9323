"""Chromium for tests, with a camera and a site, and a judge of its pages for people who can't see or wait.

A worker starts its Chromium and its site once: what a test opens is closed after it, and what the product
keeps between two requests is told apart by ids, which no other test has.
"""

import asyncio
import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from sandbox.machine.browser import browser
from sandbox.stripe_double import StripeDouble
from tests import server
from tests.camera import FakeCamera

COVERS = (Path(__file__).parent / "access" / "covers.js").read_text()
AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text()

PHONE: ViewportSize = {"width": 390, "height": 844}
SMALL_PHONE: ViewportSize = {"width": 360, "height": 740}
TABLET: ViewportSize = {"width": 1024, "height": 768}
TABLET_UPRIGHT: ViewportSize = {"width": 800, "height": 1280}
DESK: ViewportSize = {"width": 1280, "height": 900}


ALONE = ["--workers", "1"]
T = TypeVar("T")


def aside(act: Callable[[], T]) -> T:
    """In a thread of its own, with a connection of its own: while a browser is open, the test's own thread
    must not ask the database."""

    def done() -> T:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        return other.submit(done).result()


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the camera of the worker's Chromium sees; it is read anew by each page that opens the camera."""
    return tmp_path_factory.mktemp("camera") / "camera.y4m"


@pytest.fixture
def camera(film: Path) -> FakeCamera:
    return FakeCamera(film)


@pytest.fixture(scope="session")
def site(django_db_setup: None, collected: Path) -> Iterator[str]:
    """Where the product runs as it is deployed, with the static files of a release. One process: each has
    all to load, and whoever looks at a page needs no second one."""
    with server.running(threads=4, options=ALONE, DEBUG="0", STATIC_ROOT=str(collected)) as running:
        yield running.url


@pytest.fixture(scope="session")
def paying_site(django_db_setup: None, collected: Path) -> Iterator[str]:
    """The same with a Stripe beside it that tells nobody: who paid comes back."""
    with (
        StripeDouble(webhook_url="http://127.0.0.1:1/", webhook_retry=3600) as stripe,
        server.running(
            threads=4,
            options=ALONE,
            DEBUG="0",
            STATIC_ROOT=str(collected),
            STRIPE_API_BASE=stripe.url,
            STRIPE_CHECKOUT_ORIGIN=stripe.url,
            STRIPE_SECRET_KEY="sk_test_0123456789abcdef",
            STRIPE_WEBHOOK_SECRET="whsec_0123456789abcdef0123456789abcdef",
        ) as running,
    ):
        yield running.url


@pytest.fixture(scope="session")
def texting_site(django_db_setup: None, collected: Path) -> Iterator[str]:
    """The same with a provider of texts, who is not there: what is sent, a test's own double takes."""
    from tests.messages import ENVIRONMENT

    with server.running(
        threads=4, options=ALONE, DEBUG="0", STATIC_ROOT=str(collected), **ENVIRONMENT
    ) as running:
        yield running.url


AS_ON_SCREENS = "--font-render-hinting=none"
"""The headless shell would round the width of each letter, so that lines break elsewhere."""


LESS_WORK = ("--disable-gpu", "--in-process-gpu", "--disable-site-isolation-trials")
"""An eighth less: no second process that draws, and none kept ready for a site that never comes."""


class Kept:
    """The worker's Chromium, with the arguments that it was started with."""

    def __init__(self, args: list[str]) -> None:
        self.args = args
        self.playwright = sync_playwright().start()
        self.loop = asyncio.get_running_loop()
        sandbox = ["--no-sandbox"] if os.getuid() == 0 else []  # Chromium's sandbox refuses root
        self.browser = self.playwright.chromium.launch(
            executable_path=program(), args=[*sandbox, AS_ON_SCREENS, *LESS_WORK, *args]
        )

    def is_fit(self, args: list[str]) -> bool:
        return self.args == args and self.browser.is_connected()

    def end(self) -> None:
        asyncio._set_running_loop(self.loop)
        self.playwright.stop()
        asyncio._set_running_loop(None)


_kept: list[Kept] = []
"""At most one."""


@contextmanager
def chromium(camera: FakeCamera | None = None) -> Iterator[Browser]:
    """The machine's Chromium, whose camera shows what the test holds before it. All that was opened in it
    is closed at the end; one that crashed, or was left by a test that failed, serves no other.

    Playwright's loop counts as running meanwhile, so that Django refuses to ask the database.
    """
    args = camera.launch_args() if camera else _kept[0].args if _kept else []
    if _kept and not _kept[0].is_fit(args):
        _kept.pop().end()
    if not _kept:
        _kept.append(Kept(args))
    asyncio._set_running_loop(_kept[0].loop)
    try:
        yield _kept[0].browser
        for context in _kept[0].browser.contexts:
            context.close()
    except BaseException:
        _kept.pop().end()
        raise
    finally:
        asyncio._set_running_loop(None)


def pytest_sessionfinish() -> None:
    while _kept:
        _kept.pop().end()


@cache
def program() -> str | None:
    """None: the one that Playwright brought."""
    return shutil.which(browser())


AT_REST = """async () => {
  const moving = () => document.getAnimations().filter((each) =>
    each.playState === "running" && each.effect.getComputedTiming().endTime < 5000);
  const named = () => moving().map((each) => each.animationName ?? each.id);
  for (const late = Date.now() + 60000; moving().length; await new Promise((done) => setTimeout(done, 20)))
    if (Date.now() > late) throw new Error("still moving: " + named());
}"""
"""What is still fading in is paler than what a person reads. Asked again and again: `finished` is kept only
once a frame is drawn, and a browser may draw none where nothing moves."""


RUN_AXE = """async () => (await axe.run(document, {
  resultTypes: ["violations"],
  preload: { assets: ["media"] },
})).violations"""
"""No rule that is judged by asks for style sheets, which axe would fetch once more and read."""


def judge(page: Page, name: str) -> None:
    """No axe violation and no sideways scroll."""
    told = faults(page)
    assert not told, f"{name}: {json.dumps(told, indent=2)}"


def faults(page: Page) -> list[str]:
    """Its axe violations once it is at rest, and how far it scrolls sideways."""
    page.evaluate(AT_REST)
    bring_axe(page)
    violations = page.evaluate(RUN_AXE)
    told = [
        f"{v['id']}: {node['target']} {node['failureSummary']}"
        for v in violations
        for node in v["nodes"]
    ]
    return told + sideways(page)


def sideways(page: Page) -> list[str]:
    """How far it scrolls sideways: what another size of window can do to a page that axe has judged."""
    wide, room = page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    return [f"scrolls sideways: {wide} > {room}"] if wide > room else []


def bring_axe(page: Page) -> None:
    """Once for each document: half a megabyte that is read anew each time."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(f"() => {{ {AXE} }}")


def resize(page: Page, size: ViewportSize) -> None:
    """Another size of window, laid out: the rules of the old one hold for a frame longer."""
    page.set_viewport_size(size)
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


def what_lies_under(page: Page, selector: str) -> list[str]:
    """What the bar of this selector lies over for good, and what is wrong with the bar itself.

    After another size or answer the places follow a frame or two later, so faults count once they stay.
    """
    with suppress(PlaywrightTimeoutError):
        page.wait_for_function(f"(bar) => !({COVERS})(bar).length", arg=selector, timeout=2000)
    return page.evaluate(COVERS, selector)  # type: ignore[no-any-return]
