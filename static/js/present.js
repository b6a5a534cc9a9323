// The present: the first tap folds the paper away (600 ms), then the form is sent; a second tap, or a wish for less
// motion, skips the wait. Without this script the form simply is sent.
const OPENING_MS = 600;
const still = matchMedia("(prefers-reduced-motion: reduce)");

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-present]");
  if (!form || form.dataset.opened) return;
  const present = form.querySelector(".present");
  if (still.matches || !present || present.classList.contains("is-opening")) {
    form.dataset.opened = "1";
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  present.classList.add("is-opening");
  const send = () => { if (!form.dataset.opened) form.requestSubmit(event.submitter); };
  setTimeout(send, OPENING_MS);
}, true);
