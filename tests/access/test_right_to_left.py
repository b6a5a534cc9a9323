"""Every page written from right to left, at a phone's size and a desk's: nothing scrolls sideways, arrows
point on, and names stay in their sentence. No language of ours is written so; the direction is set in what
the product sent."""

import pytest
from playwright.sync_api import sync_playwright

from tests.access.test_longest_values import HOST, serve
from tests.access.test_matrix import World, world
from tests.access.test_whose_words import pages
from tests.browsers import DESK, PHONE, program

__all__ = ["world"]  # the fixture

pytestmark = [pytest.mark.journey, pytest.mark.django_db]

LOOK = """async () => {
  await document.fonts.ready;
  const told = [], root = document.documentElement;
  const wide = root.scrollWidth, room = root.clientWidth;
  if (wide > room) {
    const out = [...document.body.querySelectorAll("*")]
      .filter((node) => node.getBoundingClientRect().left < -1);
    const which = out.map((node) => node.outerHTML.slice(0, 60)).slice(0, 3);
    told.push(`scrolls sideways: ${wide} > ${room}, ${which}`);
  }
  for (const arrow of document.querySelectorAll('use[href$="#arrow-left"], use[href$="#arrow-right"]'))
    if (getComputedStyle(arrow.parentElement).scale !== "-1 1") told.push("an arrow points back");
  for (const keys of document.querySelectorAll(".keypad, .pad-keys"))
    if (getComputedStyle(keys).direction !== "ltr") told.push("digits stand the wrong way round");
  for (const name of document.querySelectorAll("bdi")) { // beside words it would be a box of its own
    const around = name.parentElement, words = [...around.childNodes].filter((node) => node.nodeType === 3);
    if (/flex|grid/.test(getComputedStyle(around).display) && words.some((node) => node.data.trim()))
      told.push(`a name leaves its sentence: ${around.textContent.trim().slice(0, 60)}`);
  }
  return told;
}"""


def test_nothing_scrolls_sideways_and_arrows_turn(world: World) -> None:
    sheets = {
        f"/{name}": html.replace('dir="ltr"', 'dir="rtl"', 1)
        for name, html in pages(world, "de")
        if "</html>" in html and name != "till_lookups"
    }
    assert len(sheets) > 35
    found: dict[str, list[str]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=["--no-sandbox"])
        page = browser.new_page(viewport=PHONE, reduced_motion="reduce")
        serve(page, sheets)
        arrows = keypads = 0
        for path in sheets:
            page.goto(f"{HOST}{path}", wait_until="load")
            arrows += page.locator('use[href$="#arrow-left"], use[href$="#arrow-right"]').count()
            keypads += page.locator(".keypad, .pad-keys").count()
            for size in (PHONE, DESK):
                page.set_viewport_size(size)
                if told := page.evaluate(LOOK):
                    found[f"{path} at {size['width']}"] = told
        browser.close()
    assert not found
    assert arrows > 10
    assert keypads > 1
