"""The gallery shows every part, and each part can be used in light, dark, few colours, more contrast, from
right to left and twice as large."""

import io
import json
import re
from collections.abc import Iterator

import pytest
from django.test import RequestFactory
from PIL import Image, ImageChops
from playwright.sync_api import Page

from giftshop.gallery import gallery
from tests.access.test_looks import FAINT, unread
from tests.browsers import DESK, chromium, faults, resize
from tests.pages import bundles, served, with_bundles
from tests.redemption.codes.qr_reader import read_svg

WAYS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "few colours": {"forced_colors": "active"},
    "few colours, dark": {"forced_colors": "active", "color_scheme": "dark"},
    "more contrast": {"contrast": "more"},
}
TWICE = {"width": DESK["width"] // 2, "height": DESK["height"] // 2}
"""What a screen holds at 200 %."""
LAID_OUT = {
    ("ltr", False): tuple(WAYS),
    ("rtl", False): ("light",),
    ("ltr", True): ("light", "few colours"),
    ("rtl", True): ("light", "more contrast"),
}
"""By direction and whether it is twice as large. Some edges are there, or wider, only in few colours or with
more contrast; the dark has other colours and nothing else."""

SETTLE = """async () => {
  for (let frames = 0; frames < 3; frames++) {
    await new Promise(requestAnimationFrame);
    for (const one of document.getAnimations()) one.finish();
  }
}"""

LEAVES = """() => [...document.querySelectorAll("main section *")]
  .filter((one) => one.checkVisibility())
  .filter((one) => !one.closest("svg, .visually-hidden, .table-wrap, .pass, .present, .letter"))
  .filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
  })
  .map((one) => `leaves the screen: ${one.className || one.tagName}`)
"""


@pytest.fixture
def shown() -> Iterator[Page]:
    request = RequestFactory()
    sheets = {
        f"/{direction}": gallery(request.get("/design/", {"dir": direction})).content.decode()
        for direction in ("ltr", "rtl")
    }
    with served(sheets) as host, chromium() as browser:
        page = browser.new_page(viewport=DESK, reduced_motion="reduce", base_url=host)
        yield page


def test_its_qr_is_no_gift(rf):
    page = gallery(rf.get("/design/")).content.decode()
    assert read_svg(page) == "Not a gift, only a picture of one"


def test_it_is_shown_as_it_is_deployed(rf):
    """With one sheet and one script, as each page that is looked at in a pane."""
    html = with_bundles(gallery(rf.get("/design/")).content.decode())
    assert re.findall(r'rel="stylesheet" href="([^"]+)"', html) == [
        "/static/css/bundles/gallery.css"
    ]
    scripts = re.findall(r'<script[^>]* src="([^"]+)"[^>]* type="module"', html)
    assert scripts == ["/static/js/bundles/site.js"]
    assert {"/static/css/bundles/gallery.css", *scripts} <= bundles().keys()


def see(page: Page, way: str) -> None:
    """As somebody does who asked their system for this, when no colour is on its way any more."""
    plain = {"color_scheme": "light", "forced_colors": "none", "contrast": "no-preference"}
    page.emulate_media(**{**plain, **WAYS[way]})  # type: ignore[arg-type]
    page.evaluate(SETTLE)


@pytest.mark.journey
@pytest.mark.parametrize(
    "everywhere", [False, pytest.param(True, marks=pytest.mark.stress)], ids=["desk", "all"]
)
def test_every_part_can_be_used_every_way(shown: Page, everywhere: bool) -> None:
    """In every way, direction and size nothing leaves the screen; where not at a desk, only `make stress`
    looks in every way, and this in those that lay out otherwise. axe judges what a desk shows, and of it in
    the dark and with more contrast the colours; `make stress` asks it in each direction and size."""
    told = {}
    for direction, size in (("ltr", DESK), ("rtl", DESK), ("ltr", TWICE), ("rtl", TWICE)):
        at_desk = (direction, size) == ("ltr", DESK)
        resize(shown, size)
        shown.goto(f"/{direction}", wait_until="load")
        for way in WAYS if everywhere else LAID_OUT[direction, size is TWICE]:
            see(shown, way)
            wrong = shown.evaluate(LEAVES)
            if way == "light" and (everywhere or at_desk):
                wrong += faults(shown)
            # where the system picks the colours, axe would judge those that the page has named
            elif at_desk and "few" not in way:
                wrong += unread(shown)
            if wrong:
                told[f"{way}, {direction}, {size['width']}"] = wrong
    assert not told, json.dumps(told, indent=1)
    shown.add_style_tag(content="main p { color: #aaa !important; background: #fff !important; }")
    assert unread(shown), "the control"


@pytest.mark.journey
def test_nothing_melts_into_its_ground(shown: Page) -> None:
    """And what does is found: an edge, a ring and an icon that are planted."""
    resize(shown, DESK)
    shown.goto("/ltr", wait_until="load")
    for way in ("light", "dark"):
        see(shown, way)
        assert shown.evaluate(FAINT) == [], way
    see(shown, "light")
    shown.evaluate(PLANT)
    told = " ".join(shown.evaluate(FAINT))
    assert [what for what in ("edge", "ring", "icon") if f"{what} of" not in told] == []


PLANT = """() => {
  const part = document.querySelector("main section");
  const faint = document.createElement("div");
  faint.innerHTML = '<input type="text"><button><svg class="icon"><use></use></svg></button>';
  part.append(faint);
  faint.style.cssText = "background: white; --focus: #ddd";
  faint.querySelector("input").style.cssText = "border: 1px solid #ccc";
  faint.querySelector("svg").style.color = "#ccc";
}"""


@pytest.mark.journey
def test_what_is_chosen_looks_so_in_few_colours(shown: Page) -> None:
    resize(shown, DESK)
    shown.goto("/ltr", wait_until="load")
    see(shown, "few colours")
    groups = shown.locator(".choices").all()
    assert len(groups) > 6
    for group in groups:
        choice = group.locator(".choice:not(:has(:disabled))").first
        pictures = []
        for chosen in (True, False):
            choice.locator("input").evaluate("(one, chosen) => { one.checked = chosen; }", chosen)
            pictures.append(choice.screenshot(animations="disabled"))
        assert pictures[0] != pictures[1], choice.inner_text()


@pytest.mark.journey
def test_no_part_is_blank(shown: Page) -> None:
    """Each has other pixels than the page without it, in few colours."""
    resize(shown, DESK)
    shown.goto("/ltr", wait_until="load")
    see(shown, "few colours")
    boxes = shown.evaluate(BOXES)
    assert len(boxes) > 18
    whole = picture(shown)
    shown.evaluate(HIDE)
    changed = ImageChops.difference(whole, picture(shown))
    assert [name for name, box in boxes if not changed.crop(box).getbbox()] == []


BOXES = """() => [...document.querySelectorAll("main > .stack-xl > section")].map((one) => {
  const box = one.getBoundingClientRect();
  return [one.id, [box.left, box.top + scrollY, box.right, box.bottom + scrollY]];
})"""
HIDE = """() => {
  for (const one of document.querySelectorAll("main > .stack-xl > section > :not(h2)")) one.style.opacity = 0;
}"""


def picture(page: Page) -> Image.Image:
    taken = page.screenshot(full_page=True, animations="disabled")
    return Image.open(io.BytesIO(taken)).convert("RGB")
