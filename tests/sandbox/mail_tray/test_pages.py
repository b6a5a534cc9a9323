"""The tray in a real browser: a mail looks as it should, and cannot touch the page around it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browsers import chromium
from tests.sandbox.mail_tray.test_mail_tray import Tray, gift_mail, start_tray

pytestmark = pytest.mark.journey


@pytest.fixture
def tray(tmp_path: Path) -> Iterator[Tray]:
    tray = start_tray(tmp_path / "mail")
    yield tray
    tray.stop()


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def test_a_mail_arrives_by_itself_and_its_script_never_runs(tray: Tray, browser: Browser):
    page = browser.new_page(viewport={"width": 1024, "height": 768})
    page.goto(tray.web)
    expect(page.get_by_text("No mail yet")).to_be_visible()
    tray.send(gift_mail())
    page.get_by_role("link", name="ben@example.com").click()

    frame = page.frame_locator("iframe")
    expect(frame.locator("img")).to_have_js_property("naturalWidth", 1)
    assert page.title().startswith("Ben, Ana sent you a treat")
    page.get_by_role("link", name="Plain text").click()
    expect(page.get_by_text("Ana sent you a sundae. <3").last).to_be_visible()


def test_on_a_phone_the_list_and_the_mail_take_turns(tray: Tray, browser: Browser):
    tray.send(gift_mail())
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(tray.web)
    page.get_by_role("link", name="ben@example.com").click()
    expect(page.get_by_role("link", name="All mail")).to_be_visible()  # the mail's page is there
    expect(page.get_by_role("searchbox")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("link", name="All mail").click()
    expect(page.get_by_role("searchbox")).to_be_visible()
