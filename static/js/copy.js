// <button hidden data-copy="text" data-copied="Copied" data-failed="…"><span data-copy-word>Copy</span></button>: hidden
// where no script runs.
import { announce } from "./announce.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const done = await write(button.dataset.copy);
  const word = button.querySelector("[data-copy-word]") ?? button;
  const before = (button.dataset.word ??= word.textContent);
  word.textContent = done ? button.dataset.copied : button.dataset.failed;
  announce(word.textContent);
  clearTimeout(button.copyTimer);
  button.copyTimer = setTimeout(() => { word.textContent = before; }, 2500);
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("[data-select]")) event.target.select();
});

async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

const reveal = (root) => root.querySelectorAll?.("[data-copy][hidden]").forEach((button) => { button.hidden = false; });
document.addEventListener("htmx:load", (event) => reveal(event.detail.elt));
reveal(document);
