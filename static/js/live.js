// What htmx swaps in is said aloud when it asks for it: <p data-say>Ben opened the gift</p>. A request that fails is
// told, never swallowed: <body data-offline="…"> may carry the words.
import { announce } from "./announce.js";
import { toast } from "./toast.js";

document.addEventListener("htmx:afterSwap", (event) => {
  const said = event.detail.elt?.matches?.("[data-say]") ? event.detail.elt : event.detail.elt?.querySelector?.("[data-say]");
  if (said) announce(said.dataset.say || said.textContent.trim());
});

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    if (event.detail.elt?.closest("[data-quiet]")) return;
    const words = document.body.dataset.offline;
    if (words) toast(words, "warning");
  });
}
