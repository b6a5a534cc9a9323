"""What a page says aloud: every text that is put into a live region once the page stands.

A region that is made together with its words is seldom read, but for an alert: they come as "not heard: …".
"""

from playwright.sync_api import Page

LISTEN = """
window.said = [];
const live = "[role=status], [role=alert], [aria-live]";
const known = new WeakSet();
const ear = new MutationObserver((changes) => {
  for (const { target, addedNodes } of changes) {
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
// From when the page stands: what it comes with is not said.
document.addEventListener("readystatechange", () => {
  if (document.readyState !== "interactive") return;
  for (const region of document.querySelectorAll(live)) known.add(region);
  ear.observe(document, { childList: true, characterData: true, subtree: true });
});
"""


def said(page: Page) -> list[str]:
    """What was said since this was asked last."""
    words = page.evaluate("() => said.splice(0)")
    return [str(each) for each in words]


def focused(page: Page) -> str:
    """The id of what has the focus, else its tag."""
    found = page.evaluate("document.activeElement.id || document.activeElement.tagName")
    return str(found)
