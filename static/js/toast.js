// Toasts leave by themselves, except errors and warnings, and wait while they are read (pointer or focus on them).
const STAY_MS = 6000;
const STAYING = ["error", "warning"];

let before = null; // where the focus was before it came to the toasts

document.addEventListener("focusin", ({ target, relatedTarget }) => {
  if (target.closest?.("[data-toast]") && relatedTarget && !relatedTarget.closest("[data-toast]")) before = relatedTarget;
});

// Who dismisses one goes on at the next one, or where they came from.
document.addEventListener("click", (event) => {
  const closed = event.target.closest("[data-toast-close]")?.closest("[data-toast]");
  if (!closed) return;
  closed.remove();
  const next = document.querySelector("[data-toast-close]") ?? (before?.isConnected ? before : document.getElementById("main"));
  next?.focus({ preventScroll: true });
});

// toast("That did not get through", "warning"): a kind that has its <template> in toasts.html. Told again, it stands
// there once, and is said anew.
export function toast(text, kind) {
  const template = document.querySelector(`template[data-toast-kind="${kind}"]`);
  const element = template.content.firstElementChild.cloneNode(true);
  element.querySelector("[data-toast-text]").textContent = text;
  const same = [...document.querySelectorAll(`[data-toast][data-kind="${kind}"]`)]
    .find((shown) => shown.querySelector("[data-toast-text]").textContent === text);
  const had = same?.contains(document.activeElement);
  same?.remove();
  document.getElementById("toasts")?.append(element);
  if (had) element.querySelector("[data-toast-close]")?.focus({ preventScroll: true });
  wait(element);
}

function wait(element) {
  if (STAYING.includes(element.dataset.kind) || element.dataset.waiting) return;
  element.dataset.waiting = "1";
  setTimeout(function leave() {
    if (element.matches(":hover, :focus-within")) setTimeout(leave, STAY_MS);
    else element.remove();
  }, STAY_MS);
}

// What a page comes with would not be said: a live region tells only what is put into it later.
const region = document.getElementById("toasts");
const there = [...(region?.querySelectorAll("[data-toast]") ?? [])];
if (there.length) {
  there.forEach((element) => element.remove());
  requestAnimationFrame(() => { region.prepend(...there); waitAll(); });
}

const waitAll = () => document.querySelectorAll("[data-toast]").forEach(wait);
document.addEventListener("htmx:load", waitAll);
waitAll();
