"""The pages of a demo, each with the cookies of somebody who is about to see it for the first time."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Browser, Page, expect

from bench.pages.visit import Place
from bench.screens.demo import Demo
from bench.screens.tour.recipient import gift_link
from bench.screens.tour.sender import SENDER, SHOP, fill_card
from bench.screens.tour.studio import sign_in

RECIPIENT = "ben@friends.example"
PATIENCE = 60_000
"""Milliseconds: a busy machine takes long to send a mail."""


def places(browser: Browser, demo: Demo) -> Iterator[Place]:
    """A sender's way to the order, the gift before and after it is opened, the till, the studio. Each is
    to be visited before the next one is asked for: on the way something is bought."""
    page = somebody(browser)
    yield here("home", page, f"{demo.url}/")
    yield here("shop", page, f"{demo.url}/shop/{SHOP}/")
    page.get_by_role("button", name="Give a treat").click()
    yield here("who", page)
    page.get_by_label("Name").first.fill("Ben")
    page.get_by_label("E-mail").first.fill(RECIPIENT)
    page.get_by_role("button", name="Go on to the treats").click()
    yield here("what", page)
    page.locator(".pick .choice").first.click()
    page.get_by_role("button", name="Go on to the card").click()
    yield here("say", page)
    page.locator("textarea[name=message]").first.fill("You carried the sofa. This one is on me.")
    page.get_by_label("Your name").fill("Amy")
    page.get_by_label("Your e-mail").fill(SENDER)
    page.get_by_role("button", name="Look it over").click()
    yield here("pay", page)
    page.get_by_role("button", name="Send the gift for").click()
    fill_card(page, "4242 4242 4242 4242")
    expect(page.get_by_role("heading", name="Thank you, Amy")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".ticket[data-state=sent]")).to_have_count(1, timeout=PATIENCE)
    yield here("order", page)
    yield from gift(browser, demo)
    yield from behind_a_sign_in(browser, demo)


def gift(browser: Browser, demo: Demo) -> Iterator[Place]:
    page = somebody(browser)
    yield here("wrapped", page, gift_link(demo, RECIPIENT))
    page.get_by_role("button", name="Open your gift").click()
    expect(page.locator(".gift-code")).to_be_visible(timeout=PATIENCE)
    yield here("opened", page)


def behind_a_sign_in(browser: Browser, demo: Demo) -> Iterator[Place]:
    page = somebody(browser)
    page.goto(demo.pairing_link())
    page.get_by_role("link", name="Start").click()
    yield here("till", page)
    page = somebody(browser)
    sign_in(demo, page, "owner")
    yield here("overview", page)


def somebody(browser: Browser) -> Page:
    """Who has not been here before."""
    context = browser.new_context(locale="en-US")
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def here(name: str, page: Page, url: str = "") -> Place:
    """Where the page is, or goes first."""
    if url:
        kept = page.context.storage_state()
        page.goto(url)
        return Place(name, url, kept)
    page.wait_for_load_state()
    return Place(name, page.url, page.context.storage_state())
