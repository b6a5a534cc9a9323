"""What somebody sees who gives: from the first page to the order."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from bench.screens.album import Album
from bench.screens.demo import Demo

SHOP = "frosty-spoon"
SENDER = "amy@senders.example"
RECIPIENTS = ("ben@friends.example", "cleo@friends.example")


def walk(album: Album, demo: Demo) -> None:
    """One order of two gifts, declined once and paid then."""
    with album.chapter("front pages"), album.person() as page:
        _front(album, demo, page)
    with album.chapter("giving"), album.person() as page:
        _give(album, demo, page)
        _pay(album, page)
        for recipient in RECIPIENTS:
            demo.letter(recipient)
        page.reload()
        album.take(page, "sender-order", languages=True)


def after_the_thanks(album: Album, demo: Demo) -> None:
    """The order once its recipients have opened, chosen and thanked."""
    with album.chapter("order after the thanks"), album.person() as page:
        found = re.search(r"http\S+/orders/[\w-]+/", demo.letter(SENDER)["text"])
        assert found, "the receipt links to the order"
        page.goto(found[0])
        album.take(page, "sender-order-thanked")


def _front(album: Album, demo: Demo, page: Page) -> None:
    for name, path in {
        "home": "/",
        "shop": f"/shop/{SHOP}/",
        "shop-harbor": "/shop/harbor-bean/",
        "status": "/status",
        "nothing-here": "/no-such-page/",
        "gift-nothing-here": f"/gift/{'x' * 22}/",
        "login": "/accounts/login/",
        "api-docs": "/api/v1/docs/",
    }.items():
        page.goto(demo.url + path)
        album.take(page, f"public-{name}", languages=True)


def _give(album: Album, demo: Demo, page: Page) -> None:
    page.goto(f"{demo.url}/shop/{SHOP}/")
    page.get_by_role("button", name="Give a treat").click()
    album.take(page, "sender-who-new", languages=True)
    page.get_by_role("button", name="Go on to the treats").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    album.take(page, "sender-who-empty")
    page.get_by_text("Paste several at once").click()
    page.get_by_label("One friend to a line").fill(f"Ben <{RECIPIENTS[0]}>\nCleo <{RECIPIENTS[1]}>")
    page.get_by_role("button", name="Add these friends").click()
    expect(page.get_by_label("Name").nth(1)).to_have_value("Cleo")
    album.take(page, "sender-who")
    page.get_by_role("button", name="Go on to the treats").click()
    album.take(page, "sender-what", languages=True)
    page.locator(".pick .choice").first.click()
    page.get_by_role("button", name="Go on to the card").click()
    album.take(page, "sender-say-new", languages=True)
    page.locator("textarea[name=message]").first.fill("You carried the sofa. This one is on me.")
    page.get_by_label("Your name").fill("Amy")
    page.get_by_label("Your e-mail").fill(SENDER)
    album.take(page, "sender-say")
    page.get_by_role("button", name="Look it over").click()
    expect(page.get_by_role("button", name=re.compile(r"^Send 2 gifts for \$"))).to_be_visible()
    album.take(page, "sender-pay", languages=True)


def _pay(album: Album, page: Page) -> None:
    button = page.get_by_role("button", name=re.compile(r"^Send 2 gifts for \$"))
    button.click()
    fill_card(page, "4000 0000 0000 0002")
    expect(page.get_by_role("alert")).to_contain_text("declined")
    page.get_by_role("link", name=re.compile("Back|Return|Cancel", re.IGNORECASE)).first.click()
    expect(page.get_by_text("Nothing was charged")).to_be_visible()
    album.take(page, "sender-pay-cancelled")
    button.click()
    fill_card(page, "4242 4242 4242 4242")
    expect(page.get_by_role("heading", name="Thank you, Amy")).to_be_visible()
    expect(page.locator(".ticket[data-state=delivered]")).to_have_count(2, timeout=90_000)


def fill_card(page: Page, number: str) -> None:
    page.locator("#cardNumber").fill(number)
    page.locator("#cardExpiry").fill("12 / 34")
    page.locator("#cardCvc").fill("123")
    page.locator("#billingName").fill("Amy Lind")
    page.get_by_role("button", name=re.compile("^Pay")).click()
