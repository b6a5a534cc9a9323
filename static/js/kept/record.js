// What forms keep in this tab (form.js): of each, the last one at the end, {name, base, rows, values, sent}, where base is
// what the form came with. It is gone once it was sent and taken, when somebody signs out (forget.js), and for another
// <body data-person>. A store that is full or closed costs only this comfort.
import { forget } from "./forget.js";

const PLACE = "kept";
const FORMS_MAX = 20;
const CHARACTERS_MAX = 100_000;
const person = document.body.dataset.person;

function load() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(PLACE));
    if (Array.isArray(kept?.forms)) return kept;
  } catch { /* nothing that can be read */ }
  return { person: "", forms: [] };
}

function store(forms, of) {
  while (forms.length > FORMS_MAX || JSON.stringify(forms).length > CHARACTERS_MAX) forms.shift();
  try {
    sessionStorage.removeItem(PLACE); // rather nothing than what is old
    if (forms.length) sessionStorage.setItem(PLACE, JSON.stringify({ person: person || of, forms }));
  } catch { /* full or closed */ }
}

export const find = (name) => load().forms.find((one) => one.name === name);

// Without a record it is forgotten.
export function put(name, record) {
  const kept = load();
  store([...kept.forms.filter((one) => one.name !== name), ...(record ? [{ ...record, name }] : [])], kept.person);
}

// Of a form that was sent. One that the page shows again as data-unsaved was not taken, whatever else the answer was.
export function answered(name, taken) {
  const again = document.querySelector(`form[data-unsaved][data-keep="${CSS.escape(name)}"]`);
  put(name, taken && !again ? null : { ...find(name), sent: false });
}

// What was sent before this page is taken, but where the page says that it was not, or is no answer to it.
function settle() {
  const [entry] = performance.getEntriesByType("navigation");
  const refused = entry?.type === "back_forward" || entry?.responseStatus >= 400 || document.querySelector("[data-signs-in]");
  for (const { name, sent } of load().forms) if (sent) answered(name, !refused);
}

// Back to a page as it was left: its form was not taken, else the answer had said so.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  for (const { name, sent } of load().forms) if (sent) answered(name, false);
});
document.addEventListener("DOMContentLoaded", () => {
  const before = load().person;
  if (person && before && before !== person) forget();
  settle();
});
