"""What a cashier and a manager see on the tablet of a store."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from bench.screens.album import TABLET, Album
from bench.screens.demo import Demo
from bench.screens.tour.links import take_all


def walk(album: Album, demo: Demo, code: str) -> None:
    """A new tablet; the cashier hands the gift of this code over; the manager's console."""
    with album.chapter("a tablet that is not paired"), album.person(TABLET) as page:
        page.goto(f"{demo.url}/till/pair/")
        album.take(page, "till-pair", languages=True)
        page.goto(f"{demo.url}/till/")
        album.take(page, "till-not-paired")
    with album.person(TABLET, permissions=["camera"]) as page:
        with album.chapter("the counter"):
            _pair(album, demo, page)
            _sign_in(demo, page, manager=False)
            _counter(album, page, code)
        with album.chapter("the manager's console"):
            page.goto(f"{demo.url}/till/")
            page.get_by_role("button", name="Switch").click()
            _sign_in(demo, page, manager=True)
            album.take(page, "till-ready-manager")
            take_all(album, page, f"{demo.url}/till/manager/", "manager")
            _console_acts(album, page, demo, code)


def _pair(album: Album, demo: Demo, page: Page) -> None:
    page.goto(demo.pairing_link())
    expect(page.get_by_role("link", name="Start")).to_be_visible()
    album.take(page, "till-paired")
    page.get_by_role("link", name="Start").click()
    album.take(page, "till-sign-in", languages=True)
    page.locator(".people label").first.click()
    page.locator("#pin").fill("9876")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#pin-problem")).to_be_visible()
    album.take(page, "till-sign-in-wrong")


def _sign_in(demo: Demo, page: Page, *, manager: bool) -> None:
    name, pin = demo.person_at_till(manager=manager)
    page.locator(".people label").filter(has_text=name).first.click()
    page.locator("#pin").fill(pin)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#panel")).to_be_visible()


def _counter(album: Album, page: Page, code: str) -> None:
    album.take(page, "till-ready", languages=True)
    page.locator("[data-pad-open]").click()
    album.take(page, "till-typing")
    _type(page, "0000000000000000" + "1")
    album.take(page, "till-typing-wrong")
    page.locator("#code").fill("")
    _type(page, code)
    expect(page.locator("#panel[data-panel=look]")).to_be_visible()
    album.take(page, "till-look")
    for choice in page.locator(".look-choice").all():
        choice.locator("label").first.click()
    expect(page.locator("[data-confirm-button][data-armed]")).to_be_visible()
    page.get_by_role("button", name="Hand it over").click()
    expect(page.locator("#panel[data-panel=ok]")).to_be_visible()
    album.take(page, "till-handed-over")
    page.get_by_role("button", name="Undo").first.click()
    album.take(page, "till-undo", whole=False)
    page.locator("#reversal-dialog [data-close]").click()
    page.goto(page.url)
    page.locator("[data-pad-open]").click()
    _type(page, code)
    expect(page.locator("#panel[data-panel=refused]")).to_be_visible()
    album.take(page, "till-refused")


def _type(page: Page, code: str) -> None:
    page.locator("#code").fill(code)
    page.locator("#scan button[type=submit]").click()


def _console_acts(album: Album, page: Page, demo: Demo, code: str) -> None:
    console = f"{demo.url}/till/manager/"
    page.goto(f"{console}gifts/")
    page.get_by_label("Code, order number").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/gifts/*-*/**")
    album.take(page, "manager-gift-handed-over")
    page.goto(f"{console}gifts/")
    page.get_by_label("Code, order number").fill("cleo")
    page.keyboard.press("Enter")
    expect(page.get_by_text("for Cleo, from Amy").first).to_be_visible()
    album.take(page, "manager-gifts-found")
    page.get_by_role("button", name="Double scoop").first.click()
    page.wait_for_url("**/gifts/*-*/**")
    for act in page.locator(".act summary").all():
        act.click()
    album.take(page, "manager-gift", languages=True)
    page.goto(f"{console}goodwill/")
    page.get_by_label("How much").fill("5.50")
    page.get_by_label("Why?").fill("melted on the way")
    page.get_by_role("button", name="Make the gift").click()
    expect(page.locator(".goodwill")).to_be_visible()
    album.take(page, "manager-goodwill-made")
    page.goto(f"{console}devices/")
    page.get_by_label("Name of the device").fill("Garden")
    page.get_by_role("button", name="Show the QR code").click()
    expect(page.locator(".invitation")).to_be_visible()
    album.take(page, "manager-device-invited")
