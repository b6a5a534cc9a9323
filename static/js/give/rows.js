// Recipients are added and taken away on the spot. What is sent stays the same as without this: a row names itself by its
// key, and a row taken away is named in a hidden "removed".
import { announce } from "../announce.js";

const form = document.querySelector("[data-rows]");
const list = form?.querySelector("[data-rows-list]");
const blank = document.getElementById("recipient-row");
const firstOf = (row) => row.querySelector("input:not([type=hidden])");
const rows = () => [...list.querySelectorAll("[data-row]")];

const newKey = () => [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const keyOf = (row) => row.querySelector("[name=row]").value;

function add() {
  const typed = "input:not([type=hidden], [type=checkbox], [type=radio])";
  const waiting = rows().find((row) => ![...row.querySelectorAll(typed)].some((input) => input.value.trim()));
  if (waiting && rows().length > 1) return firstOf(waiting).focus();
  const row = made(newKey());
  list.append(row);
  changed();
  firstOf(row).focus();
}

function made(key) {
  const holder = document.createElement("ol");
  holder.innerHTML = blank.innerHTML.replaceAll("KEY", key);
  return holder.firstElementChild;
}

// The last row is emptied: a present is for somebody.
function remove(row) {
  announce(form.dataset.rowsRemoved.replace("{name}", () => row.querySelector(".label").textContent.trim()));
  if (rows().length === 1) row.before(made(newKey()));
  const next = row.nextElementSibling ?? row.previousElementSibling;
  takeAway(row);
  changed();
  firstOf(next).focus();
}

function takeAway(row) {
  row.remove();
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "removed", value: keyOf(row) }));
}

const fieldOf = (row, name) => row.querySelector(`[name$='-${name}']`);
const saidIn = (row) => ["name", "email"].map((name) => fieldOf(row, name).value.trim());
// By e-mail, by text where the shop sends any, or by a link.
const wayOf = (row) => row.querySelector("[name$='-way']:checked")?.value ?? (fieldOf(row, "by_link")?.checked ? "link" : "email");
const digits = (text) => text.replace(/\D/g, "");
// How somebody is reached from here: by text only where the shop sends any.
const wayTo = (row, { email, phone }) => {
  if (phone && row.querySelector("[name$='-way'][value=text]")) return "text";
  return email ? "email" : "link";
};
const rowOf = (person) => rows().find((row) => {
  const [itsName, itsEmail] = saidIn(row);
  const way = wayTo(row, person);
  if (itsName !== person.name || wayOf(row) !== way) return false;
  if (way === "text") return digits(fieldOf(row, "phone").value) === digits(person.phone);
  return way === "link" || itsEmail.toLowerCase() === person.email.toLowerCase();
});

// How many more there is room for; who waits in a row that is empty is none.
export const room = () => Number(form.dataset.rowsMax) - rows().filter((row) => saidIn(row).some(Boolean)).length;
export const isOn = (person) => Boolean(rowOf(person));

// Somebody whose name and address or number are known, in the first row that is empty or a new one. Without: by a link.
export function fillIn(person) {
  if (isOn(person) || room() < 1) return;
  let row = rows().find((each) => !saidIn(each).some(Boolean));
  if (!row) {
    row = made(newKey());
    list.append(row);
  }
  fieldOf(row, "name").value = person.name;
  fieldOf(row, "email").value = person.email;
  const byLink = fieldOf(row, "by_link");
  if (byLink) byLink.checked = !person.email;
  const way = wayTo(row, person);
  if (way === "text") fieldOf(row, "phone").value = person.phone;
  const radio = row.querySelector(`[name$='-way'][value=${way}]`);
  if (radio) radio.checked = true;
  changed();
  announce(form.dataset.rowsAdded.replace("{name}", () => person.name));
}

// The focus stays where it is: on their face.
export function takeOff(person) {
  const row = rowOf(person);
  announce(form.dataset.rowsRemoved.replace("{name}", () => person.name));
  if (rows().length === 1) row.before(made(newKey()));
  takeAway(row);
  changed();
}

// Rows are typed, too: kept/form.js keeps which there are.
function changed() {
  nameRows();
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

// The rows that were kept, in their order.
form?.addEventListener("keep:rows", ({ detail: keys }) => {
  const there = new Map(rows().map((row) => [keyOf(row), row]));
  for (const key of keys.filter((each) => /^[0-9a-f]{8}$/.test(each))) {
    list.append(there.get(key) ?? made(key));
    there.delete(key);
  }
  there.forEach(takeAway);
  nameRows();
});

form?.addEventListener("click", (event) => {
  const adder = event.target.closest("[data-rows-add]");
  const remover = event.target.closest("[data-rows-remove]");
  if (adder && rows().length < Number(form.dataset.rowsMax)) { event.preventDefault(); add(); }
  if (remover) { event.preventDefault(); remove(remover.closest("[data-row]")); }
});

// A row goes by its name, else by its place: its face, its group, and what takes it away. No more are added than one
// present goes to.
function nameRows() {
  form.querySelector("[data-rows-more]").hidden = rows().length >= Number(form.dataset.rowsMax);
  rows().forEach((row, at) => {
    const name = row.querySelector("[name$='-name']").value.trim();
    const face = row.querySelector(".face");
    if (name) face.textContent = [...name][0].toUpperCase();
    else face.innerHTML = blank.content.querySelector(".face").innerHTML;
    const bdi = Object.assign(document.createElement("bdi"), { textContent: name });
    row.querySelector(".label").replaceChildren(name ? bdi : form.dataset.rowsPlaced.replace("{number}", at + 1));
    const remover = row.querySelector("[data-rows-remove]");
    remover.ariaLabel = remover.title = name
      ? form.dataset.rowsRemoveNamed.replace("{name}", () => isolated(name))
      : form.dataset.rowsRemovePlaced.replace("{number}", at + 1);
  });
}

// As core/bidi.py has it.
const isolated = (name) => (/[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(name) ? `\u2068${name}\u2069` : name);

list?.addEventListener("input", ({ target }) => { if (target.name?.endsWith("-name")) nameRows(); });
