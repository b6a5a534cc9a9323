// The keys to type a code with, over the answer's panel: opened by a button or by a keyboard. On a touch screen they
// take the place of the system's own keyboard.
import { bindTyping, isForThePage } from "./page_keys.js";

const TYPED = /^[0-9a-z]$/i;
const STILL_MS = 150; // a hand scanner is faster, and needs no keys

const covered = (yes) => document.getElementById("panel").toggleAttribute("inert", yes);

// -> { close({ keep }) }: with `keep` what was typed stands there when it is opened again
export function bindPad(form, opener) {
  const input = form.elements.code;
  let early = "", opening, before;
  if (matchMedia("(pointer: coarse)").matches) input.inputMode = "none";

  function open() {
    before = document.activeElement;
    form.hidden = false;
    covered(true);
    opener.setAttribute("aria-expanded", "true");
    input.focus();
  }
  function close({ keep = false } = {}) {
    clearTimeout(opening);
    early = "";
    if (!keep) form.reset();
    if (form.hidden) return;
    const had = form.contains(document.activeElement);
    form.hidden = true;
    covered(false);
    opener.setAttribute("aria-expanded", "false");
    if (had && before?.isConnected) before.focus({ preventScroll: true });
  }
  function change(value) {
    input.value = value;
    input.setSelectionRange(value.length, value.length);
    input.dispatchEvent(new Event("input"));
  }

  bindTyping(form.querySelector("[data-typing]"));
  opener.addEventListener("click", () => (form.hidden ? open() : close()));
  form.addEventListener("click", (event) => {
    const { key, erase, clear, padClose } = event.target.closest("button")?.dataset ?? {};
    if (key) change(input.value + key);
    if (erase !== undefined) change(input.value.replace(/-?.-?$/, ""));
    if (clear !== undefined) change("");
    if (padClose !== undefined) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !form.hidden && !document.querySelector("dialog[open]")) return close();
    if (!TYPED.test(event.key) || !isForThePage(event)) return;
    early += event.key;
    clearTimeout(opening);
    opening = setTimeout(() => {
      const typed = early;
      early = "";
      if (form.hidden) open();
      change(input.value + typed);
    }, STILL_MS);
  });
  return { close };
}
