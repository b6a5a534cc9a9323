"""What owner and marketer see in the studio of the first brand."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from bench.screens.album import TABLET, Album
from bench.screens.demo import Demo
from bench.screens.tour.links import take_all
from bench.screens.tour.sender import SHOP

OTHERS = ("marketer",)


def walk(album: Album, demo: Demo) -> None:
    """The owner's whole studio, and where the others begin."""
    studio = f"{demo.url}/studio/{SHOP}/"
    with album.chapter("the owner's studio"), album.person(TABLET) as page:
        sign_in(demo, page, "owner")
        take_all(album, page, studio, "studio")
        page.goto(f"{demo.url}/studio/")
        album.take(page, "studio-brands")
    for role in OTHERS:
        with album.chapter(f"the {role}'s studio"), album.person(TABLET) as page:
            sign_in(demo, page, role)
            album.take(page, f"studio-as-{role}")


def sign_in(demo: Demo, page: Page, role: str) -> None:
    """To the first brand's overview."""
    page.goto(f"{demo.url}/studio/{SHOP}/")
    page.locator("input[name=username]").fill(demo.account(role))
    page.locator(".sign-in-password summary").click()
    page.locator("input[name=password]").fill(demo.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".studio-nav")).to_be_visible()
