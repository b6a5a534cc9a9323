// <div data-count="280"><textarea>…</textarea><span data-count-left></span></div>: how many characters are left,
// counted as people see them (a family emoji is one), as the server does.
const people = globalThis.Intl?.Segmenter && new Intl.Segmenter(undefined, { granularity: "grapheme" });
const count = (text) => (people ? [...people.segment(text)] : [...text]).length;
const show = (box) => {
  const left = box.querySelector("[data-count-left]");
  const input = box.querySelector("textarea, input");
  if (!left || !input) return;
  const remaining = Number(box.dataset.count) - count(input.value);
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
