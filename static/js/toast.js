// Toasts leave by themselves, except errors and warnings, and wait while they are read (pointer or focus on them).
const STAY_MS = 6000;
const STAYING = ["error", "warning"];

document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest("[data-toast]")?.remove();
});

// toast("That did not get through", "warning"): a kind that has its <template> in toasts.html.
export function toast(text, kind) {
  const template = document.querySelector(`template[data-toast-kind="${kind}"]`);
  const element = template.content.firstElementChild.cloneNode(true);
  element.querySelector("[data-toast-text]").textContent = text;
  document.getElementById("toasts")?.append(element);
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

const waitAll = () => document.querySelectorAll("[data-toast]").forEach(wait);
document.addEventListener("htmx:load", waitAll);
waitAll();
