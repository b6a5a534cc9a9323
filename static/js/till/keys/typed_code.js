// The typed code: grouped while it is typed, its typing errors pointed out before the server is asked, and looked up
// as soon as it is whole and right.
import { clean, codeIn, grouped, isLink, judge } from "../scan/code_format.js";

const STILL_MS = 120; // a hand scanner that goes on with its Enter is faster

// As it is printed, with the caret where it was.
function group(input) {
  const before = clean(input.value.slice(0, input.selectionStart)).length;
  const code = codeIn(input.value) ?? clean(input.value);
  input.value = grouped(code);
  const caret = before >= code.length ? input.value.length : before + Math.floor(before / 4);
  input.setSelectionRange(caret, caret);
}

export function watchTyping(form) {
  const input = form.elements.code;
  const problem = document.getElementById(input.getAttribute("aria-describedby"));
  let whole;

  const say = (state) => {
    problem.textContent = problem.dataset[state] ?? "";
    input.setAttribute("aria-invalid", String(Boolean(problem.textContent)));
  };

  input.addEventListener("input", () => {
    clearTimeout(whole);
    if (!isLink(input.value)) group(input);
    const state = judge(input.value);
    say(state === "short" ? "" : state);
    if (state === "ok") whole = setTimeout(() => { if (judge(input.value) === "ok") form.requestSubmit(); }, STILL_MS);
  });
  form.addEventListener("reset", () => say(""));

  // True when there is something to ask the server about.
  return function ready() {
    clearTimeout(whole);
    const state = judge(input.value);
    if (state === "ok") return true;
    say(input.value ? state : "empty");
    return false;
  };
}
