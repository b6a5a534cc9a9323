// The running total, and the picture beside each recipient's choice. The amounts stand on the options, or are typed; what
// counts in the end is what the server finds on the menu.
import { announce } from "../announce.js";
import { moneyOf } from "../money.js";

const REST_MS = 500;
const form = document.querySelector("[data-total]");
const sum = form?.querySelector("[data-total-sum]");

// Of an option: its own amount, or what is typed in the field beside it.
const worth = (option, field) => Number(option?.dataset.amount ?? (option && "typed" in option.dataset ? moneyOf(form.dataset.money).read(field()?.value) : 0));

function total() {
  if (form.querySelector("[data-each]:checked")) {
    return [...form.querySelectorAll("[data-each-row]")].reduce((all, row) => all
      + worth(row.querySelector("select").selectedOptions[0], () => row.querySelector("[name$='-amount']")), 0);
  }
  const picked = form.querySelector("[name=choice]:checked");
  return worth(picked, () => form.querySelector(`[data-amount-of="${picked.id}"]`)) * Number(form.dataset.recipients);
}

function show(event) {
  const before = sum.textContent;
  sum.textContent = moneyOf(form.dataset.money)(total());
  if (event && sum.textContent !== before) say();
  for (const row of form.querySelectorAll("[data-each-row]")) {
    const treat = row.querySelector("select").value.split(":")[0];
    for (const picture of row.querySelectorAll("[data-treat]")) picture.hidden = picture.dataset.treat !== treat;
  }
}

// Once the choosing rests: arrow keys pass over what is not meant.
let rest;
function say() {
  clearTimeout(rest);
  rest = setTimeout(() => announce(sum.parentElement.textContent.replace(/\s+/g, " ").trim()), REST_MS);
}

// Whoever goes from one for all to one each starts from what was chosen for all.
function carryOver() {
  const picked = form.querySelector("[name=choice]:checked");
  if (!picked) return;
  const typed = form.querySelector(`[data-amount-of="${picked.id}"]`)?.value;
  for (const row of form.querySelectorAll("[data-each-row]")) {
    const [select, amount] = [row.querySelector("select"), row.querySelector("[name$='-amount']")];
    if (select.value) continue;
    select.value = picked.value;
    if (amount && typed) amount.value = typed;
  }
}

form?.addEventListener("change", (event) => {
  if (event.target.matches("[data-each]")) carryOver();
  show(event);
});
// By a finger or a mouse; who goes through the choices with arrow keys stays among them.
form?.addEventListener("click", (event) => {
  const typed = event.detail && event.target.closest("label")?.querySelector("[data-typed]");
  if (typed) setTimeout(() => form.querySelector(`[data-amount-of="${typed.id}"]`)?.focus());
});
form?.addEventListener("input", (event) => {
  const of = document.getElementById(event.target.dataset.amountOf);
  if (of) of.checked = true;
  if (event.target.matches("[inputmode=decimal]")) show(event);
});
if (form) show();
addEventListener("pageshow", () => { if (form) show(); });
