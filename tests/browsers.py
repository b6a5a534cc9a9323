"""Chromium for tests, with a camera and a site, and a judge of its pages for people who can't see or wait."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Route, ViewportSize, sync_playwright

from sandbox.machine.browser import browser
from sandbox.stripe_double import StripeDouble
from tests import server
from tests.camera import FakeCamera

HOST = "http://pages.test"
"""Where serve() shows pages."""

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text()

PHONE: ViewportSize = {"width": 390, "height": 844}
SMALL_PHONE: ViewportSize = {"width": 360, "height": 740}
TABLET: ViewportSize = {"width": 1024, "height": 768}
TABLET_UPRIGHT: ViewportSize = {"width": 800, "height": 1280}
DESK: ViewportSize = {"width": 1280, "height": 900}


@pytest.fixture
def camera(tmp_path: Path) -> FakeCamera:
    return FakeCamera(tmp_path / "camera.mjpeg")


@pytest.fixture(scope="module")
def site(django_db_setup: None, collected: Path) -> Iterator[str]:
    """Where the product runs as it is deployed, with the static files of a release, once for the tests of
    a file: what it keeps between two requests is told apart by ids, which no other test has."""
    with server.running(threads=4, DEBUG="0", STATIC_ROOT=str(collected)) as running:
        yield running.url


@pytest.fixture(scope="module")
def paying_site(django_db_setup: None, collected: Path) -> Iterator[str]:
    """The same with a Stripe beside it that tells nobody: who paid comes back."""
    with (
        StripeDouble(webhook_url="http://127.0.0.1:1/", webhook_retry=3600) as stripe,
        server.running(
            threads=4,
            DEBUG="0",
            STATIC_ROOT=str(collected),
            STRIPE_API_BASE=stripe.url,
            STRIPE_CHECKOUT_ORIGIN=stripe.url,
            STRIPE_SECRET_KEY="sk_test_0123456789abcdef",
            STRIPE_WEBHOOK_SECRET="whsec_0123456789abcdef0123456789abcdef",
        ) as running,
    ):
        yield running.url


@contextmanager
def chromium(camera: FakeCamera) -> Iterator[Browser]:
    """The machine's Chromium, whose camera shows what the test holds before it."""
    sandbox = ["--no-sandbox"] if os.getuid() == 0 else []  # Chromium's sandbox refuses root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program(), args=[*sandbox, *camera.launch_args()]
        )
        yield browser
        browser.close()


@cache
def program() -> str | None:
    """None: the one that Playwright brought."""
    return shutil.which(browser())


AT_REST = """() => Promise.allSettled(document.getAnimations()
  .filter((each) => each.effect.getComputedTiming().endTime < 5000).map((each) => each.finished))"""
"""What is still fading in is paler than what a person reads."""


def judge(page: Page, name: str) -> None:
    """No axe violation and no sideways scroll."""
    told = faults(page)
    assert not told, f"{name}: {json.dumps(told, indent=2)}"


def faults(page: Page) -> list[str]:
    """Its axe violations once it is at rest, and how far it scrolls sideways."""
    page.evaluate(AT_REST)
    violations = page.evaluate(
        f"async () => {{ {AXE}; return (await axe.run(document)).violations; }}"
    )
    told = [
        f"{v['id']}: {node['target']} {node['failureSummary']}"
        for v in violations
        for node in v["nodes"]
    ]
    wide, room = page.evaluate(
        "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    if wide > room:
        told.append(f"scrolls sideways: {wide} > {room}")
    return told


def serve(page: Page, sheets: dict[str, str]) -> None:
    """Pages and files, without a server."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        file = Path(settings.BASE_DIR) / path.lstrip("/")
        if path in sheets:
            kind = "text/css" if path.endswith(".css") else "text/html; charset=utf-8"
            route.fulfill(body=sheets[path], content_type=kind)
        elif path.startswith("/static/") and file.is_file():
            route.fulfill(body=file.read_bytes(), content_type=guess_type(path)[0])
        else:
            route.fulfill(status=404, body="")

    page.route("**/*", answer)
