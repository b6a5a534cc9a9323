"""What somebody asked their system for is done: harder lines, less motion, a page on paper.

Each is looked at with and without: a rule that is taken out of its sheet is missed.
"""

from collections.abc import Iterator

import pytest
from django.test import Client, RequestFactory
from playwright.sync_api import Page

from brands.models import Store
from giftshop.gallery import gallery
from giftshop.orders.models import Gift
from redemption.models import Code
from tests.browsers import DESK, PHONE, chromium, resize
from tests.cast import symbols
from tests.giftshop.test_gallery import SETTLE
from tests.pages import served
from tests.redemption.codes import qr_reader

pytestmark = [pytest.mark.journey, pytest.mark.django_db]

PLAIN = {
    "color_scheme": "light",
    "contrast": "no-preference",
    "media": "screen",
    "reduced_motion": "reduce",
}
EDGED = (".button", ".input", ".choice", ".card", ".dialog", ".toast", ".badge")

THIN = """(edged) => edged.flatMap((part) => {
  const all = [...document.querySelectorAll(`main section ${part}:not(:disabled)`)]
    .filter((one) => one.checkVisibility());
  const thin = all.filter((one) => parseFloat(getComputedStyle(one).borderTopWidth) < 2);
  return all.length ? thin.map((one) => `${part}: ${one.className}`) : [`no ${part} is shown`];
})"""

CONTRASTS = """() => {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (colour) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0);
  };
  const probe = document.createElement("i");
  document.querySelector("main").append(probe);
  const drawn = (name) => {
    probe.style.cssText = `color: var(${name}); transition: none`;
    return light(getComputedStyle(probe).color);
  };
  const ground = drawn("--bg");
  const contrast = (name) => {
    const [less, more] = [drawn(name), ground].sort((a, b) => a - b);
    return (more + 0.05) / (less + 0.05);
  };
  const names = ["--ink-soft", "--accent-ink", "--line-strong", "--line"];
  const found = Object.fromEntries(names.map((name) => [name, contrast(name)]));
  probe.remove();
  const edge = (one) => getComputedStyle(one.closest(".choice")).borderTopColor;
  const all = [...document.querySelectorAll("main .choice > input:not(:disabled)")];
  const [chosen, other] = [true, false].map((is) => all.find((one) => one.checked === is));
  return { ...found, "what is chosen": edge(chosen) === edge(other) ? 1 : 7 };
}"""
"""Of ink and lines on the page's ground; the last one is whether the edge says what is chosen."""

MOVING = """() => [...document.querySelectorAll("*")].flatMap((one) => ["", "::before", "::after"]
.map((part) => {
  const style = getComputedStyle(one, part || null);
  const longest = (words) => Math.max(...words.split(",").map(parseFloat)); // in seconds, as computed
  const animated = style.animationName !== "none";
  const moves = longest(style.transitionDuration) > 0.001 || style.scrollBehavior === "smooth"
    || (animated && (longest(style.animationDuration) > 0.001 || style.animationIterationCount !== "1"));
  return moves ? `${one.tagName}.${one.getAttribute("class")}${part}` : "";
})).filter(Boolean)"""

SENT_AT_ONCE = """() => {
  const form = document.querySelector("[data-present]");
  let sent = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); sent = true; });
  form.requestSubmit();
  return sent;
}"""

ON_PAPER = """() => {
  const seen = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && one.getBoundingClientRect().width > 1;
  const shown = (parts) => [...document.querySelectorAll(parts)].filter(seen);
  const lost = [".pass .qr svg", ".pass .code-groups", ".gift-until strong", ".letter", ".stores li"]
    .filter((part) => !shown(part).length).map((part) => `is lost: ${part}`);
  const useless = ".site-header, .site-footer, .skip-link, .toasts, button, dialog, form, .store-acts";
  const idle = shown(`${useless}, .gift-part:not(:has(.stores))`)
    .map((one) => `is of no use: ${one.tagName}.${one.className}`);
  const grounds = [document.body, document.querySelector(".gift-page")].map((one) => getComputedStyle(one));
  const inked = grounds
    .filter(({ backgroundColor }) => !["rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"].includes(backgroundColor))
    .map(({ backgroundColor }) => `a ground: ${backgroundColor}`);
  const holes = [...document.querySelectorAll(".pass > * + *")]
    .flatMap((one) => ["::before", "::after"].map((part) => getComputedStyle(one, part).display))
    .filter((display) => display !== "none").map(() => "a hole in the pass");
  const shadows = shown(".letter, .pass").filter((one) => getComputedStyle(one).boxShadow !== "none")
    .map((one) => `a shadow: ${one.className}`);
  return [...lost, ...idle, ...inked, ...holes, ...shadows];
}"""


@pytest.fixture
def page(client: Client, gift: Gift, store: Store) -> Iterator[Page]:
    store.phone = "+12065550100"
    store.save()
    url = f"/gift/{gift.link_token()}/"
    sheets = {
        "/parts": gallery(RequestFactory().get("/design/")).content.decode(),
        "/wrapped": client.get(url).content.decode(),
    }
    client.post(f"{url}opening/")
    sheets["/opened"] = client.get(url).content.decode()
    with served(sheets) as host, chromium() as browser:
        yield browser.new_page(viewport=DESK, base_url=host, reduced_motion="reduce")


def see(page: Page, **asked: str) -> None:
    """As whoever asked for this does, when no line and no ground is on its way any more."""
    page.emulate_media(**{**PLAIN, **asked})  # type: ignore[arg-type]
    page.evaluate(SETTLE)


def test_more_contrast_is_drawn(page: Page) -> None:
    page.goto("/parts")
    page.evaluate("document.querySelector('main .dialog').show()")
    for scheme in ("light", "dark"):
        see(page, color_scheme=scheme)
        thin, plain = page.evaluate(THIN, EDGED), page.evaluate(CONTRASTS)
        assert [part for part in EDGED if not any(told.startswith(part) for told in thin)] == []
        see(page, color_scheme=scheme, contrast="more")
        assert page.evaluate(THIN, EDGED) == [], scheme
        asked = page.evaluate(CONTRASTS)
        assert {what: found for what, found in asked.items() if found < 4.5} == {}, scheme
        lines = ("--ink-soft", "--accent-ink", "--line-strong", "--line")
        assert [name for name in lines if asked[name] <= plain[name]] == [], scheme


def test_less_motion_is_none(page: Page) -> None:
    for path in ("/parts", "/wrapped"):
        page.goto(path)
        page.evaluate("document.querySelector('.present').classList.add('is-opening')")
        assert page.evaluate(MOVING) == [], path
        see(page, reduced_motion="no-preference")
        assert len(page.evaluate(MOVING)) > 5, path
        see(page)
    for motion, at_once in (("reduce", True), ("no-preference", False)):
        page.goto("/wrapped")
        see(page, reduced_motion=motion)
        assert page.evaluate(SENT_AT_ONCE) is at_once, motion


def test_a_gift_on_paper_is_what_the_counter_needs(page: Page, code: Code) -> None:
    resize(page, PHONE)
    page.goto("/opened")
    for scheme in ("light", "dark"):
        see(page, color_scheme=scheme)
        assert any("store-acts" in told for told in page.evaluate(ON_PAPER)), "the control"
        page.evaluate("document.getElementById('counter').showModal()")
        see(page, color_scheme=scheme, media="print")
        assert page.evaluate(ON_PAPER) == [], scheme
        picture = page.locator(".pass .qr").screenshot()
        assert qr_reader.read_png(picture) == symbols(code)
        page.evaluate("document.getElementById('counter').close()")
