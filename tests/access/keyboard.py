"""A pair of hands with nothing but a keyboard: each stop by its role and name, as a screen reader tells it.

A stop is where Tab leads. Each has to show its ring and lie free: nothing sticky over it, nothing off screen.
"""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

from tests.browsers import AT_REST

STOPS = Path(__file__).with_name("stops")
MOST = 150
"""Tabs until a walk is given up: no page of ours has as many stops."""

LOOK = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await (AT_REST)();
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return "nowhere";
  window.walked ??= new Set();
  if ([...walked].at(-1) === at) return "inside"; // a date has a stop for each of its parts
  if (walked.has(at)) return "again";
  walked.add(at);
  const label = at.labels?.[0];
  const around = [at.nextElementSibling, label];
  for (let each = at; each; each = each.parentElement) around.push(each); // a card may wear it
  const ringed = around.some((each) => each && getComputedStyle(each).outlineStyle !== "none"
    && parseFloat(getComputedStyle(each).outlineWidth) >= 2);
  if (!ringed) return "without a ring";
  const shown = getComputedStyle(at).opacity === "0" && label ? label : at;
  const box = shown.getBoundingClientRect();
  const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
  const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
  const top = document.elementFromPoint(x, y);
  if (!top) return "off the screen";
  const free = shown.contains(top) || top.contains(shown) || (label && label.contains(top));
  return free ? "" : `under ${top.tagName.toLowerCase()}.${top.className}`;
}""".replace("AT_REST", AT_REST)
"""What is wrong with the present stop: nothing, or a word. The main part and a heading that were given the
focus need no ring: nothing can be pressed there."""

RING = (Path(__file__).parent / "rings.js").read_text()
HEADINGS = """() => [...document.querySelectorAll("[tabindex='-1']")].filter((each) =>
  each.checkVisibility() && !each.closest("[inert]") && !each.matches("main"))"""
"""What scripts give the focus to."""

SKIPPED = """() => {
  const main = document.getElementById("main"), at = document.activeElement;
  const place = main.compareDocumentPosition(at);
  const before = place & Node.DOCUMENT_POSITION_PRECEDING && !(place & Node.DOCUMENT_POSITION_CONTAINS);
  return before ? `the skip link leads before the main part, to ${at.textContent.trim()}` : "";
}"""
"""Where Tab led from the main part. A page whose main part has no stop leads on to the footer, or out."""

IN_MAIN = "() => document.activeElement.closest('main') !== null"
AROUND = """() => JSON.stringify([
  [...document.styleSheets].map((sheet) => sheet.href),
  [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter((each) => !each.closest("main"))
    .map((each) => [each.tagName, each.type, each.textContent.trim().replace(/\\s+/g, " ")]),
])"""
"""What a page has around its main part that could be a stop, and the sheets that draw its rings."""

SECRET = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}([ -][0-9A-HJKMNP-TV-Z]{4}){2,3}\b|\b[A-Z0-9]{17}\b")
NUMBER = re.compile(r"\b\d+:\d\d\b|\b\d{1,2} (?=Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")


SKIP_LINK = 'link "Skip to content'
GROUPS = {"group", "radiogroup", "dialog", "navigation"}


class Hands:
    """At one page of a browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sees_rings_whole = False
        """Whether each ring must stand free, and be whole."""
        self.outside: list[str] = []
        """The stops around the main part of the page that was walked last."""
        self.told: CDPSession = page.context.new_cdp_session(page)

    def here(self) -> str:
        """The present stop and the groups around it, such as: textbox "Name" in group "Ben"."""
        held = self.told.send("Runtime.evaluate", {"expression": "document.activeElement"})
        asked = {"objectId": held["result"]["objectId"], "fetchRelatives": True}
        nodes = self.told.send("Accessibility.getPartialAXTree", asked)["nodes"]
        by_id = {node["nodeId"]: node for node in nodes}
        node, told = nodes[0], [_told(nodes[0])]
        while node := by_id.get(node.get("parentId", "")):
            if _value(node, "role") in GROUPS and _value(node, "name"):
                told.append(_told(node))
        return " in ".join(told)

    def around(self) -> str:
        """Pages of which this is alike have the same stops around their main parts."""
        told: str = self.page.evaluate(AROUND)
        return told

    def walk_main(self, name: str) -> list[str]:
        """The stops of the main part, by the skip link, in the order of Tab."""
        page = self.page
        page.evaluate("() => { window.walked = new Set(); document.activeElement?.blur(); }")
        fault, stops = self.skip(), list[str]()
        assert not fault, f"{name}: {fault}"
        for _ in range(MOST):
            if not page.evaluate(IN_MAIN):
                self.focus_headings(name)
                return stops
            if (fault := page.evaluate(LOOK)) != "inside":
                here = self.here()
                assert not fault, f"{name}: {here} is {fault}"
                self.look_at_the_ring(name)
                stops.append(here)
            page.keyboard.press("Tab")
        raise AssertionError(f"{name}: the walk has no end after {stops[-3:]}")

    def walk(self, name: str) -> list[str]:
        """The stops of this page from its top to its end, in the order of Tab."""
        page = self.page
        page.evaluate("() => { window.walked = new Set(); document.activeElement?.blur(); }")
        stops: list[str] = []
        before: list[str] = []
        self.outside = []
        for _ in range(MOST):
            page.keyboard.press("Tab")
            fault = page.evaluate(LOOK)
            if (
                fault == "nowhere"
            ):  # the end: what came so far stood after a field that had the focus
                before, stops = before or stops, []
                continue
            if fault == "again":
                self.focus_headings(name)
                return stops + before
            if fault == "inside":
                continue
            here = self.here()
            assert not fault, f"{name}: {here} is {fault}"
            self.look_at_the_ring(name)
            stops.append(here)
            if not page.evaluate(IN_MAIN):
                self.outside.append(here)
        raise AssertionError(f"{name}: the walk has no end after {stops[-3:]}")

    def look_at_the_ring(self, name: str) -> None:
        if self.sees_rings_whole:
            fault = self.page.evaluate(RING)
            assert not fault, f"{name}: {self.here()} has {fault}"

    def focus_headings(self, name: str) -> None:
        """Each place that scripts give the focus to, as they do after a key; then it is back where it was."""
        before = self.page.evaluate_handle("() => document.activeElement").as_element()
        for heading in self.page.evaluate_handle(HEADINGS).get_properties().values():
            heading.evaluate("(each) => each.focus({ preventScroll: true })")
            self.look_at_the_ring(name)
        if before:
            before.focus()

    def skip(self) -> str:
        """Press the skip link, and Tab once more; -> what is wrong."""
        if not re.match(SKIP_LINK, self.here()):  # a walk ends where it began, which is there
            self.reach(SKIP_LINK)
        self.page.keyboard.press("Enter")
        if self.page.evaluate("() => document.activeElement.id") != "main":
            return f"the skip link leads to {self.here()}"
        self.page.keyboard.press("Tab")
        fault: str = self.page.evaluate(SKIPPED)
        return fault

    def reach(self, wanted: str) -> None:
        """Tab on until a stop that matches, from its beginning."""
        passed = []
        for _ in range(MOST):
            self.page.keyboard.press("Tab")
            passed.append(self.here())
            if re.match(wanted, passed[-1]):
                return
        raise AssertionError(f"no stop {wanted} among {sorted(set(passed))}")

    def press(self, wanted: str, key: str = "Enter") -> None:
        self.reach(wanted)
        self.page.keyboard.press(key)

    def write(self, wanted: str, text: str) -> None:
        self.reach(wanted)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)


def _told(node: Any) -> str:
    return f'{_value(node, "role")} "{_steady(_value(node, "name"))}"'


def _value(node: Any, key: str) -> str:
    return str(node.get(key, {}).get("value", ""))


def _steady(name: str) -> str:
    """Without what differs from run to run: codes, times and days."""
    return NUMBER.sub("…", SECRET.sub("…", " ".join(name.split())))
