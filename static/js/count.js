// <div data-count="280"><textarea>…</textarea><span data-count-left></span></div>: how many characters are left,
// counted as people see them (a family emoji is one), as the server does. The figure is for the eye; it is said in
// words once few are left, when the typing rests: data-count-few="{n} left" data-count-over="{n} too many".
import { announce } from "./announce.js";

const FEW = 20;
const REST_MS = 1000;
const people = globalThis.Intl?.Segmenter && new Intl.Segmenter(undefined, { granularity: "grapheme" });
const count = (text) => (people ? [...people.segment(text)] : [...text]).length;
const shown = (number) => number.toLocaleString(document.documentElement.lang || undefined);

function show(box) {
  const left = box.querySelector("[data-count-left]");
  const input = box.querySelector("textarea, input");
  if (!left || !input) return null;
  const remaining = Number(box.dataset.count) - count(input.value);
  const words = remaining < 0 ? left.dataset.countOver : left.dataset.countFew;
  left.textContent = remaining < 0 ? words.replace("{n}", shown(-remaining)) : shown(remaining);
  left.dataset.state = remaining < 0 ? "over" : "";
  return remaining > FEW ? null : words.replace("{n}", shown(Math.abs(remaining)));
}

let rest;
document.addEventListener("input", (event) => {
  const box = event.target.closest?.("[data-count]");
  if (!box) return;
  const words = show(box);
  clearTimeout(rest);
  if (words) rest = setTimeout(() => announce(words), REST_MS);
});
const showAll = (root) => root.querySelectorAll?.("[data-count]").forEach(show);
document.addEventListener("htmx:load", (event) => showAll(event.detail.elt));
showAll(document);
