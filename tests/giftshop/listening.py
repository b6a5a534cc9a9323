"""What a page says aloud: every text that is put into a live region once the page stands."""

from playwright.sync_api import Page

LISTEN = """
window.said = [];
const live = "[role=status], [role=alert], [aria-live]";
const ear = new MutationObserver((changes) => {
  for (const { target, addedNodes } of changes) {
    const at = target.nodeType === 3 ? target.parentElement : target;
    if (!at?.closest(live)) continue;
    for (const node of addedNodes) {
      const words = node.textContent.replace(/\\s+/g, " ").trim();
      if (words) said.push(words);
    }
  }
});
// From when the page stands: what it comes with is not said.
document.addEventListener("readystatechange", () => {
  if (document.readyState !== "interactive") return;
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
