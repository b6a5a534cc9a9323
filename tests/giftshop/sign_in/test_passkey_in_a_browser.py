"""A passkey in Chromium, kept by a device that the browser makes up: added, and signed in with."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from giftshop.accounts.models import User
from tests.browsers import DESK, PHONE, chromium, judge, resize

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def session(owner: User) -> str:
    client = Client()
    client.force_login(owner)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def browser(session: str) -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, site: str, session: str) -> Page:
    """Of Olive's browser, which has a passkey's device. Passkeys are for names, not for numbers."""
    named = site.replace("127.0.0.1", "localhost")
    context = browser.new_context(viewport=PHONE, locale="en-US", base_url=named)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": named}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def look(page: Page, name: str) -> None:
    judge(page, name)
    shots = os.environ.get("MFA_SHOTS")
    if shots:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for where, size in (("phone", PHONE), ("desk", DESK)):
                resize(page, size)
                page.screenshot(path=f"{shots}/{name}-{scheme}-{where}.png", full_page=True)
        page.emulate_media(color_scheme="light")
        resize(page, PHONE)


def test_a_passkey_is_added_and_signs_in(page: Page) -> None:
    page.goto("/account/")
    look(page, "account")
    page.get_by_role("link", name="Passkeys and codes").click()
    expect(page.get_by_role("heading", name="Passkeys and codes")).to_be_visible()
    look(page, "none yet")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_label("Name", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Name", exact=True).fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.get_by_role("main").locator("code")).to_have_count(10)
    look(page, "recovery codes")

    page.get_by_role("link", name="Passkeys and codes").click()
    expect(page.get_by_role("strong").filter(has_text="My phone")).to_be_visible()
    look(page, "factors")
    page.get_by_label("Name", exact=True).fill("The same device")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("main").get_by_text("No passkey was made.")).to_be_visible()
    page.get_by_role("link", name="Set up an app").click()
    expect(page.get_by_role("heading", name="An app that makes codes")).to_be_visible()
    look(page, "app")

    page.get_by_role("button", name="Sign out").click()
    use = page.get_by_role("button", name="Sign in with a passkey")
    expect(use).to_be_visible()
    look(page, "sign-in")
    use.click()
    expect(page).to_have_url("/studio/frosty-spoon/", timeout=20_000)
