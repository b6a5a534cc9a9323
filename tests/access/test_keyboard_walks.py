"""A walk by keyboard finds what it is for, also where it begins at a page's main part."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.access.keyboard import Hands
from tests.browsers import DESK, chromium
from tests.pages import served

pytestmark = pytest.mark.journey

PAGE = """<!doctype html><html lang="en"><title>A</title><link rel="stylesheet" href="/{sheet}.css">
<a href="#main">Skip to content</a><nav aria-label="Ways"><a href="/away">{link}</a></nav>
<main id="main" tabindex="-1"><button>One</button><button{bare}>Two</button></main>
<footer><a href="/foot">Foot</a></footer>"""
RINGS = ":focus { outline: 3px solid black; } [class='bare']:focus { outline: none; }"


def page_with(*, sheet: str = "one", link: str = "Away", bare: bool = False) -> str:
    return PAGE.format(sheet=sheet, link=link, bare=' class="bare"' if bare else "")


PAGES = {
    "/first": page_with(),
    "/bare": page_with(bare=True),
    "/other-sheet": page_with(sheet="two"),
    "/other-link": page_with(link="Back"),
    "/one.css": RINGS,
    "/two.css": RINGS,
}


@pytest.fixture
def page() -> Iterator[Page]:
    with served(PAGES) as host, chromium() as browser:
        yield browser.new_page(viewport=DESK, base_url=host)


def test_the_main_part_is_walked_from_the_skip_link_to_its_end(page: Page) -> None:
    hands = Hands(page)
    page.goto("/first")
    assert hands.walk_main("first") == ['button "One"', 'button "Two"']
    whole = hands.walk("first")
    outside = ['link "Skip to content"', 'link "Away" in navigation "Ways"', 'link "Foot"']
    assert sorted(whole) == sorted([*outside, 'button "One"', 'button "Two"'])
    assert sorted(hands.outside) == sorted(outside)


def test_a_stop_of_the_main_part_without_a_ring_is_found(page: Page) -> None:
    page.goto("/bare")
    with pytest.raises(AssertionError, match='button "Two" is without a ring'):
        Hands(page).walk_main("bare")


def test_what_is_around_a_main_part_is_alike_only_with_the_same_stops_and_sheets(
    page: Page,
) -> None:
    told = {}
    for path in ("/first", "/bare", "/other-sheet", "/other-link"):
        page.goto(path)
        told[path] = Hands(page).around()
    assert told["/first"] == told["/bare"]
    assert len(set(told.values())) == 3
