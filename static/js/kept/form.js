// <form data-keep="name"> keeps in this tab what is typed and not sent yet, so that another language or step, Back or a
// reload costs nothing. It comes back only over the very values that it was typed over: where the server holds something
// newer, that stands. <form data-keep data-unsaved> is one that the server shows again and has not taken.
// No secrets: passwords, files and hidden fields are left out.
import { announce } from "../announce.js";
import { answered, find, put } from "./record.js"; // before: it says what was taken

const LEFT_OUT = ["hidden", "password", "file", "submit", "button", "reset", "image"];
const bases = new WeakMap();

const isChoice = (field) => ["radio", "checkbox"].includes(field.type);
const fields = (form) => [...form.elements].filter((field) => field.name && field.matches("input, select, textarea")
  && !LEFT_OUT.includes(field.type));
const rowsOf = (form) => [...form.querySelectorAll("[data-row] [name=row]")].map((field) => field.value);

const given = (field) => (field.options
  ? ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value ?? ""
  : field.defaultValue);
const isGiven = (field) => (isChoice(field) ? field.checked === field.defaultChecked : field.value === given(field));
// An amount is the same in every language, whatever stands before its cents.
const plain = (field, value) => (field.inputMode === "decimal" ? value.replace(/\D/g, "") : value);

function baseOf(form) {
  if (!bases.has(form)) {
    const came = fields(form).map((field) => [
      field.name, isChoice(field) ? [field.value, field.defaultChecked] : plain(field, given(field)),
    ]);
    bases.set(form, JSON.stringify([rowsOf(form), came]));
  }
  return bases.get(form);
}

const isUnsaved = (form) => "unsaved" in form.dataset;

function save(form) {
  const base = baseOf(form);
  const rows = rowsOf(form);
  const asItCame = fields(form).every(isGiven) && String(rows) === String(JSON.parse(base)[0]);
  form.toggleAttribute("data-typed", !asItCame);
  if (asItCame && !isUnsaved(form)) return put(form.dataset.keep);
  const values = fields(form).filter((field) => !isChoice(field) || field.checked).map((field) => [field.name, field.value]);
  put(form.dataset.keep, { base: (isUnsaved(form) && find(form.dataset.keep)?.base) || base, rows, values });
}

function restore(form) {
  const base = baseOf(form);
  const record = find(form.dataset.keep);
  if (!record || isUnsaved(form)) return;
  if (record.base !== base) return put(form.dataset.keep);
  if (String(record.rows) !== String(rowsOf(form))) form.dispatchEvent(new CustomEvent("keep:rows", { detail: record.rows }));
  form.toggleAttribute("data-typed", true);
  const changed = fill(form, record.values);
  for (const field of changed) {
    for (let part = field.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  }
  tell(changed);
  if (changed.length) explain(form);
}

function fill(form, values) {
  const left = [...values];
  return fields(form).filter((field) => {
    if (isChoice(field)) {
      const before = field.checked;
      field.checked = left.some(([name, value]) => name === field.name && value === field.value);
      return field.checked !== before;
    }
    const at = left.findIndex(([name]) => name === field.name);
    if (at < 0) return false;
    const [[, value]] = left.splice(at, 1);
    if (plain(field, value) === plain(field, field.value)) return false;
    if (field.options && ![...field.options].some((option) => option.value === value)) return false;
    field.value = value;
    return true;
  });
}

// What hangs on a field hears of it as if it was typed: counters, totals, previews.
function tell(changed) {
  for (const field of changed) {
    for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  }
}

// Where a form shows what is saved, somebody could take what they typed for that.
function explain(form) {
  const note = document.getElementById("kept-note")?.content.firstElementChild.cloneNode(true);
  if (!note) return;
  form.prepend(note);
  announce(note.querySelector("[data-kept-words]").textContent);
  note.querySelector("[data-kept-drop]").addEventListener("click", () => {
    const changed = fields(form).filter((field) => !isGiven(field));
    form.reset();
    tell(changed);
    note.remove();
    fields(form).find((field) => !field.disabled).focus();
  });
}

for (const type of ["input", "change"]) {
  document.addEventListener(type, ({ target }) => {
    const form = target.closest?.("form[data-keep]");
    if (form) save(form);
  });
}
document.addEventListener("submit", ({ target: form, submitter, defaultPrevented }) => {
  if (submitter?.formTarget === "_blank") return; // a preview takes nothing
  const record = form.dataset.keep && find(form.dataset.keep);
  if (record && (!defaultPrevented || form.matches("[data-hx-post]"))) put(form.dataset.keep, { ...record, sent: true });
});
document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
  const name = elt.closest("form")?.dataset.keep;
  if (name && find(name)) answered(name, successful);
});
// Once every behaviour of the page listens.
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-keep]").forEach(restore));
