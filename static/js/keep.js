// <form data-keep="draft-key"> keeps what is typed in this tab until the form is sent, so that Back, a reload or a
// lost connection costs nothing. Never for secrets: passwords and hidden fields are left out.
const key = (form) => `keep:${form.dataset.keep}`;
const fields = (form) => [...form.elements].filter((field) =>
  field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type));

function save(form) {
  const kept = fields(form).filter((field) => !isChoice(field) || field.checked).map((field) => [field.name, field.value]);
  try { sessionStorage.setItem(key(form), JSON.stringify(kept)); } catch { /* a full or closed store loses only comfort */ }
}

function restore(form) {
  if (form.querySelector("[aria-invalid='true']")) return;
  let kept = [];
  try { kept = JSON.parse(sessionStorage.getItem(key(form)) ?? "[]"); } catch { return; }
  for (const field of fields(form)) {
    const values = kept.filter(([name]) => name === field.name).map(([, value]) => value);
    if (isChoice(field)) { if (values.length) field.checked = values.includes(field.value); }
    else if (values.length === 1 && !field.value) field.value = values[0];
  }
}

const isChoice = (field) => ["radio", "checkbox"].includes(field.type);

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.keep) save(form);
});
document.addEventListener("submit", (event) => {
  if (event.target.dataset.keep && !event.defaultPrevented) sessionStorage.removeItem(key(event.target));
});
document.querySelectorAll("form[data-keep]").forEach(restore);
