"""What a page says aloud: every text that is put into a live region once the page stands.

A region that is made or shown together with its words is seldom read, but for an alert: they come as
"not heard: …". What loses `hidden` within a region that stands is said as if it were put in.
"""

from playwright.sync_api import Page

LISTEN = """
window.said = [];
const live = "[role=status], [role=alert], [aria-live]";
const known = new WeakSet();
const ear = new MutationObserver((changes) => {
  for (const { target, addedNodes, attributeName } of changes) {
    if (attributeName) {
      if (!target.hidden) reveal(target);
      continue;
    }
    const at = target.nodeType === 3 ? target.parentElement : target;
    const region = at?.closest(live);
    if (!region) continue;
    const heard = known.has(region) || region.matches("[role=alert]");
    for (const node of addedNodes) {
      const words = node.textContent.replace(/\\s+/g, " ").trim();
      if (words) said.push(heard ? words : `not heard: ${words}`);
    }
  }
});
const reveal = (part) => {
  const within = part.parentElement?.closest(live);
  const regions = within ? [part] : [...(part.matches(live) ? [part] : []), ...part.querySelectorAll(live)];
  for (const each of regions) {
    const words = each.checkVisibility() ? each.textContent.replace(/\\s+/g, " ").trim() : "";
    if (words) said.push(within || each.matches("[role=alert]") ? words : `not heard: ${words}`);
  }
};
// From when the page stands: what it comes with is not said.
document.addEventListener("readystatechange", () => {
  if (document.readyState !== "interactive") return;
  for (const region of document.querySelectorAll(live)) known.add(region);
  ear.observe(document, { childList: true, characterData: true, attributeFilter: ["hidden"], subtree: true });
});
"""


def said(page: Page) -> list[str]:
    """What was said since this was asked last."""
    words = page.evaluate("() => said.splice(0)")
    return [str(each) for each in words]


def said_by_now(page: Page) -> list[str]:
    """The same some frames later: a second announcement would be one or two behind the first."""
    page.evaluate(FRAMES)
    return said(page)


FRAMES = """async () => {
  for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
}"""


def focused(page: Page) -> str:
    """The id of what has the focus, else its tag."""
    found = page.evaluate("document.activeElement.id || document.activeElement.tagName")
    return str(found)
