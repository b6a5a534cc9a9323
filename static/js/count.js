// <div data-count="280"><textarea>…</textarea><span data-count-left></span></div>: how many characters are left,
// counted in code points, as the server does.
const show = (box) => {
  const left = box.querySelector("[data-count-left]");
  const input = box.querySelector("textarea, input");
  if (!left || !input) return;
  const remaining = Number(box.dataset.count) - [...input.value].length;
  left.textContent = remaining.toLocaleString(document.documentElement.lang || undefined);
  left.dataset.state = remaining < 0 ? "over" : "";
};

document.addEventListener("input", (event) => {
  const box = event.target.closest?.("[data-count]");
  if (box) show(box);
});
const showAll = (root) => root.querySelectorAll?.("[data-count]").forEach(show);
document.addEventListener("htmx:load", (event) => showAll(event.detail.elt));
showAll(document);
