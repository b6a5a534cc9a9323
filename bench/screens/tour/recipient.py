"""What a recipient sees: the wrapped gift, its code, the choice, the thanks."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from bench.screens.album import Album
from bench.screens.demo import Demo
from bench.screens.tour.sender import RECIPIENTS


def walk(album: Album, demo: Demo) -> str:
    """Both recipients unwrap, one chooses and thanks. Returns the code of the other, for the till; empty if
    that was not reached."""
    code = ""
    with album.chapter("the first recipient"), album.person() as page:
        page.goto(gift_link(demo, RECIPIENTS[0]))
        album.take(page, "recipient-wrapped", languages=True)
        code = _unwrap(page)
        album.take(page, "recipient-gift", languages=True)
        page.locator("[data-opens=counter]").first.click()
        album.take(page, "recipient-at-the-counter", whole=False)
    with album.chapter("the second recipient"), album.person() as page:
        page.goto(gift_link(demo, RECIPIENTS[1]))
        _unwrap(page)
        page.locator("#choices .choice").first.click()
        page.get_by_role("button", name="Save my pick").click()
        expect(page.locator("#choices .gift-said")).to_be_visible()
        page.locator("#thanks textarea").fill("Best sofa day ever")
        page.get_by_role("button", name="Send thanks").click()
        expect(page.get_by_role("heading", name="You thanked Amy")).to_be_visible()
        page.reload()
        album.take(page, "recipient-thanked")
    return code


def after_the_counter(album: Album, demo: Demo) -> None:
    """The gift that was handed over."""
    with album.chapter("the gift that was handed over"), album.person() as page:
        page.goto(gift_link(demo, RECIPIENTS[0]))
        album.take(page, "recipient-enjoyed", languages=True)


def gift_link(demo: Demo, address: str) -> str:
    """The private link in the recipient's letter."""
    found = re.search(r"http\S+/gift/[\w-]+/", demo.letter(address)["text"])
    assert found, "a letter links to its gift"
    return found[0]


def _unwrap(page: Page) -> str:
    page.get_by_role("button", name="Open your gift").click()
    shown = page.locator(".gift-code")
    expect(shown).to_be_visible()
    return re.sub(r"\s", "", shown.locator(".code-groups").inner_text())
