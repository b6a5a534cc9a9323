// The typed code: grouped while it is typed, its typing errors pointed out before the server is asked, and looked up
// as soon as it is whole and right.
import { CODE_SYMBOLS, clean, grouped, judge } from "./code_format.js";

export function watchTyping(form) {
  const input = form.elements.code;
  const problem = document.getElementById(input.getAttribute("aria-describedby"));

  const say = (state) => {
    problem.textContent = problem.dataset[state] ?? "";
    input.setAttribute("aria-invalid", String(Boolean(problem.textContent)));
  };

  input.addEventListener("input", () => {
    const before = clean(input.value.slice(0, input.selectionStart)).length;
    const code = clean(input.value);
    input.value = grouped(code);
    const caret = before + Math.floor(Math.max(0, before - (before === code.length ? 1 : 0)) / 4);
    input.setSelectionRange(before === code.length ? input.value.length : caret, before === code.length ? input.value.length : caret);
    const state = judge(code);
    say(state === "short" ? "" : state);
    if (state === "ok" && code.length === CODE_SYMBOLS) form.requestSubmit();
  });

  // True when there is something to ask the server about.
  return function ready() {
    const state = judge(input.value);
    if (state === "ok") return true;
    if (input.value.trim()) say(state);
    input.focus();
    return false;
  };
}
