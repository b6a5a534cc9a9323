"""Hands at the counter's tablet, for tests in a browser."""

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browsers import TABLET
from tests.cast import PIN

PATIENCE = 20_000
"""Milliseconds; as long as it takes on a busy machine."""

expect.set_options(timeout=PATIENCE)

LISTENING = """() => {
  window.told = { tones: [], buzzes: [], locks: [] };
  const Plain = window.OscillatorNode;
  window.OscillatorNode = class extends Plain {
    constructor(context, options) { super(context, options); told.tones.push(options.type); }
  };
  Object.defineProperty(navigator, "vibrate", { value: (buzz) => told.buzzes.push(buzz.length) });
  Object.defineProperty(navigator, "wakeLock", { value: { request: async () => {
    told.locks.push({ released: false });
    return told.locks.at(-1);
  } } });
}"""
"""Writes down what a tablet would sound, shake and hold."""
SEES_NOTHING = """() => {
  const paper = Object.assign(document.createElement("canvas"), { width: 2, height: 2 });
  const draw = () => paper.getContext("2d").fillRect(0, 0, 2, 2);
  navigator.mediaDevices.getUserMedia = async () => {
    const stream = paper.captureStream();
    setInterval(draw, 200); // what is drawn is a picture of the film
    draw();
    return stream;
  };
}"""
"""A camera that works, with next to nothing to decode eleven times a second."""


def open_till(
    browser: Browser,
    site: str,
    token: str,
    name: str,
    *,
    signed_in: str = "",
    sees: bool = False,
    script: str = "",
    **options: Any,
) -> Page:
    """A tablet at the counter, somebody signed in by tapping their PIN; or with this cookie of somebody who
    did. `sees`: with the camera that the test holds something before."""
    wanted = {"viewport": TABLET, "permissions": ["camera"], "has_touch": True, **options}
    context = browser.new_context(**wanted)
    context.set_default_timeout(PATIENCE)
    context.set_default_navigation_timeout(3 * PATIENCE)
    pair(context, site, token)
    for each in ("" if sees else SEES_NOTHING, script):
        if each:
            context.add_init_script(f"({each})()")
    if signed_in:
        context.add_cookies([{"name": "staff", "value": signed_in, "url": site}])
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    page.goto(f"{site}/till/")
    if not signed_in:
        sign_in(page, name)
    expect(page.get_by_role("heading", name="Ready")).to_be_visible()
    # The camera's state moves on once the page's scripts run.
    expect(page.locator("[data-camera]")).not_to_have_attribute("data-state", "starting")
    return page


def pair(context: BrowserContext, site: str, token: str) -> None:
    """This browser is that tablet from now on."""
    context.add_cookies([{"name": "device", "value": token, "url": site}])


def sign_in(page: Page, name: str) -> None:
    """Somebody taps their name and their PIN."""
    page.get_by_role("radio", name=name).check()
    for digit in PIN:
        page.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="Sign in").click()


def panel(page: Page, kind: str) -> None:
    expect(page.locator(f"#panel[data-panel={kind}]")).to_be_visible()


def press(page: Page, name: str) -> None:
    """Taps, as a person does, once the new panel has been seen: it takes no tap before."""
    expect(page.locator("[data-confirm-button]:not([data-armed])")).to_have_count(0)
    page.get_by_role("button", name=name).click()


def scan_by_hand(page: Page, text: str, *ends: str) -> list[bool]:
    """All keys in one breath, then Enter, on whatever has the focus. True: a key pressed nothing."""
    taken: list[bool] = page.evaluate(
        """(keys) => keys.map((key) => !document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))""",
        [*text, *(ends or ("Enter",))],
    )
    return taken


def is_at_hand(page: Page, name: str) -> None:
    """The button lies whole in the lower half of the screen, without any scrolling."""
    button = page.get_by_role("button", name=name)
    expect(button).to_be_in_viewport(ratio=1)
    box, screen = button.bounding_box(), page.viewport_size
    assert box
    assert screen
    assert box["y"] > screen["height"] / 2
    assert box["height"] >= 64
    assert page.evaluate("() => document.documentElement.scrollHeight <= innerHeight")
