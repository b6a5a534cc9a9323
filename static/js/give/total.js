// The running total, and the picture beside each recipient's choice. The amounts stand on the options; what counts in the
// end is what the server finds on the menu.
import { announce } from "../announce.js";
import { moneyOf } from "../money.js";

const REST_MS = 500;
const form = document.querySelector("[data-total]");
const sum = form?.querySelector("[data-total-sum]");

function total() {
  if (form.querySelector("[data-each]:checked")) {
    return [...form.querySelectorAll("[data-each-row] select")].reduce((all, select) => all + Number(select.selectedOptions[0]?.dataset.amount ?? 0), 0);
  }
  const picked = form.querySelector("[name=choice]:checked");
  return Number(picked?.dataset.amount ?? 0) * Number(form.dataset.recipients);
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
  const picked = form.querySelector("[name=choice]:checked")?.value;
  if (!picked) return;
  for (const select of form.querySelectorAll("[data-each-row] select")) if (!select.value) select.value = picked;
}

form?.addEventListener("change", (event) => {
  if (event.target.matches("[data-each]")) carryOver();
  show(event);
});
if (form) show();
addEventListener("pageshow", () => { if (form) show(); });
