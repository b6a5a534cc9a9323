"""The studio's small menus close by Escape, by a press beside them and when focus moves on."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from redemption.models import Device
from tests.browsers import DESK, chromium
from tests.pages import served

pytestmark = [pytest.mark.journey, pytest.mark.django_db]

DEVICES = "/studio/frosty-spoon/devices/"


def test_menus_close(owner_client: Client, device: Device) -> None:
    html = owner_client.get(DEVICES).content.decode()
    with served({DEVICES: html}) as host, chromium() as browser:
        page = browser.new_page(viewport=DESK, reduced_motion="reduce")
        page.goto(f"{host}{DEVICES}", wait_until="load")
        for name in ("studio-user", "device-acts"):
            menu = page.locator(f"details.{name}[data-menu]")
            summary = menu.locator("summary")
            is_it = expect(menu)

            summary.click()
            is_it.to_have_attribute("open", "")
            menu.locator("a, button, input:not([type=hidden])").first.focus()
            page.keyboard.press("Escape")
            is_it.not_to_have_attribute("open", "")
            expect(summary).to_be_focused()

            summary.click()
            page.locator("h1").click()
            is_it.not_to_have_attribute("open", "")

            summary.click()
            is_it.to_have_attribute("open", "")
            page.locator("#main").focus()
            is_it.not_to_have_attribute("open", "")
