// People somebody gave to before, as faces to tap. They are kept in this browser alone, for each brand, and only where it
// was said so when the last step was sent (asked once); nothing of them is sent but a row of whoever is tapped.
import { fillIn, isOn, takeOff } from "./rows.js";

const KEPT_MAX = 12;
const faces = document.querySelector("[data-faces]");
const question = document.querySelector("[data-remember]");
const place = `people:${(faces ?? question)?.dataset.brand}`;

// Of those that were kept before numbers were, there is none.
const isPerson = ({ name, email, phone = "" }) => typeof name === "string" && name && name.length <= 60
  && typeof email === "string" && email.length <= 254 && typeof phone === "string" && /^(\+\d{5,15})?$/.test(phone);
const isSame = (one, other) => one.name === other.name && one.email.toLowerCase() === other.email.toLowerCase()
  && (one.phone ?? "") === (other.phone ?? "");

// {wanted: whether they are to be remembered, people: [{name, email, phone}], the latest first; who has neither was given a
// link}; nothing: nobody was asked yet.
function load() {
  try {
    const { wanted, people } = JSON.parse(localStorage.getItem(place));
    return { wanted: wanted === true, people: people.filter(isPerson).slice(0, KEPT_MAX) };
  } catch {
    return null;
  }
}

function store(kept) {
  try {
    localStorage.setItem(place, JSON.stringify(kept));
  } catch { /* full or closed: it costs only this comfort */ }
}

let shown = [];
function show() {
  shown = load()?.people ?? [];
  faces.hidden = !shown.length;
  const blank = faces.querySelector("template").content;
  faces.querySelector("[data-faces-list]").replaceChildren(...shown.map((person) => {
    const item = blank.cloneNode(true);
    item.querySelector(".face").textContent = [...person.name][0].toUpperCase();
    item.querySelector("bdi").textContent = person.name;
    const button = item.querySelector("button");
    button.ariaPressed = String(isOn(person));
    button.addEventListener("click", () => (isOn(person) ? takeOff(person) : fillIn(person)));
    return item;
  }));
}

// Pressed is who stands in a row, however they came there.
function press() {
  faces.querySelectorAll("button[aria-pressed]").forEach((button, at) => { button.ariaPressed = String(isOn(shown[at])); });
}

if (faces) {
  show();
  document.addEventListener("DOMContentLoaded", press); // kept/form.js has put back what was typed
  document.querySelector("[data-rows]").addEventListener("input", press);
  faces.querySelector("[data-faces-forget]").addEventListener("click", () => {
    localStorage.removeItem(place);
    show();
    document.getElementById("recipients").focus();
  });
}

if (question) {
  const before = load();
  const box = question.querySelector("input");
  question.hidden = Boolean(before);
  document.querySelector("form.pay").addEventListener("submit", () => {
    const wanted = before ? before.wanted : box.checked;
    const given = [...document.querySelectorAll("[data-person]")].map(({ dataset }) => ({ name: dataset.person, email: dataset.email, phone: dataset.phone }));
    const others = (before?.people ?? []).filter((person) => !given.some((one) => isSame(one, person)));
    store({ wanted, people: wanted ? [...given.filter(isPerson), ...others].slice(0, KEPT_MAX) : [] });
  });
}
