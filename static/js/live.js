// What htmx swaps in keeps a person where they are and is said aloud where it asks for it: <p data-say>Ben opened the
// gift</p>, or other words than it shows: data-say="…". A request that fails is told, never swallowed:
// <body data-offline="…"> may carry the words.
import { announce } from "./announce.js";
import { toast } from "./toast.js";

let held = null; // where focus was in the part that is swapped out: the ids of the control and of the part

const hold = (event) => {
  const part = event.detail.target;
  const focused = document.activeElement;
  if (focused !== document.body && part?.contains(focused)) held = { control: focused.id, part: part.id };
};
document.addEventListener("htmx:beforeSwap", hold);
document.addEventListener("htmx:oobBeforeSwap", hold);

// After what reveals parts (share.js): a hidden control takes no focus.
document.addEventListener("htmx:afterSettle", () => {
  if (!held) return;
  const { control, part } = held;
  held = null;
  const again = document.getElementById(control);
  if (isLost()) again?.focus({ preventScroll: true });
  // What stands in a menu that the answer closed: the control that opens it.
  if (isLost()) again?.closest("details:not([open])")?.querySelector("summary").focus({ preventScroll: true });
  if (isLost()) stand(document.getElementById(part));
});

const isLost = () => !document.activeElement || document.activeElement === document.body;

function stand(part) {
  if (!part) return;
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
  part.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:afterSwap", ({ detail: { elt: part } }) => {
  if (!part?.querySelectorAll) return;
  const said = [...(part.matches("[data-say]") ? [part] : []), ...part.querySelectorAll("[data-say]")].map(wordsOf);
  if (said.length) announce(said.length > 1 ? said.map(sentence).join(" ") : said[0]);
});

const wordsOf = (element) => element.dataset.say || element.textContent.replace(/\s+/g, " ").trim();
const sentence = (words) => (/[.!?…]$/.test(words) ? words : `${words}.`);

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    if (event.detail.elt?.closest("[data-quiet]")) return;
    const words = document.body.dataset.offline;
    if (words) toast(words, "warning");
  });
}
