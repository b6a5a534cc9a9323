// Puts the parts of an answer where they belong: each replaces the element of the same id. A part with data-focus is
// an answer: focus, which what is replaced takes along, stands on its heading, or on the field that is to be put right,
// which is read by that; the rest of it, data-say, is said once.
import { announce } from "../announce.js";

export function swap(parts) {
  for (const part of parts) document.getElementById(part.id)?.replaceWith(part);
  for (const part of parts) {
    const place = part.querySelector("[data-focus]");
    place?.focus({ preventScroll: true });
    if (place && part.dataset.say) announce(part.dataset.say.replace(/\s+/g, " ").trim());
  }
}

export function partsOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.children];
}

// Where to go on from when what had the focus is gone: the answer that stands there.
export function focusAnswer() {
  document.querySelector("#panel [data-focus]")?.focus({ preventScroll: true });
}
