// Toasts leave by themselves, except errors, and wait while they are read (pointer or focus on them).
const STAY_MS = 6000;

document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest("[data-toast]")?.remove();
});

// toast("Saved", "success"): kinds as Django's message levels.
export function toast(text, kind = "info") {
  const element = document.createElement("div");
  element.className = "toast";
  element.dataset.toast = "";
  element.dataset.kind = kind;
  element.textContent = text;
  document.getElementById("toasts")?.append(element);
  wait(element);
}

function wait(element) {
  if (element.dataset.kind === "error" || element.dataset.waiting) return;
  element.dataset.waiting = "1";
  setTimeout(function leave() {
    if (element.matches(":hover, :focus-within")) setTimeout(leave, STAY_MS);
    else element.remove();
  }, STAY_MS);
}

const waitAll = () => document.querySelectorAll("[data-toast]").forEach(wait);
document.addEventListener("htmx:load", waitAll);
waitAll();
