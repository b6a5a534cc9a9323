// Keys that mean something without a field to type in. They count only while nothing that has keys of its own is
// focused, and not at all where somebody turned them off on this device: who speaks to a computer sets keys off by talk.
// <button data-typing aria-pressed> turns them on and off.
const KEPT = "till:typing";
const OWN_KEYS = "a, button, input, select, textarea, summary, dialog, [contenteditable]";

export const isOn = () => localStorage.getItem(KEPT) !== "off";

// Whether this key, pressed nowhere in particular, is meant for the page.
export function isForThePage(event) {
  return isOn() && !event.ctrlKey && !event.altKey && !event.metaKey
    && !event.target.closest(OWN_KEYS) && !document.querySelector("dialog[open]");
}

export function bindTyping(button) {
  const show = () => button.setAttribute("aria-pressed", String(isOn()));
  button.addEventListener("click", () => {
    localStorage.setItem(KEPT, isOn() ? "off" : "on");
    show();
  });
  show();
}
