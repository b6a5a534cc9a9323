// Whose clock counts: a place is typed, and chosen from a list of those that the server finds (the combobox of WAI-ARIA).
// Without a script the server asks once the form was sent. Until somebody has said otherwise, recipients are taken to be
// where the sender is.
import { announce } from "../announce.js";

const REST_MS = 150;
const places = [...document.querySelectorAll("[data-zones]")];
const inputOf = (place) => place.querySelector("[data-zone]");

async function optionsFor(place, query, signal) {
  const list = document.createElement("ul");
  const answer = await fetch(`${place.dataset.zones}?${new URLSearchParams(query)}`, { signal });
  if (answer.ok) list.innerHTML = await answer.text();
  return [...list.children];
}

function combobox(place) {
  const input = inputOf(place);
  const list = Object.assign(document.createElement("ul"), { id: `${input.id}_list`, className: "zone-list", hidden: true, role: "listbox" });
  list.ariaLabel = place.dataset.zonesLabel;
  const box = Object.assign(document.createElement("div"), { className: "zone-box" });
  input.before(box);
  box.append(input, list);
  Object.assign(input, { role: "combobox", ariaAutoComplete: "list", ariaExpanded: "false" });
  input.setAttribute("aria-controls", list.id);
  let asked;
  let rest;
  let active = -1;

  function mark(at) {
    const options = [...list.children];
    if (!options.length) return;
    active = (at + options.length) % options.length;
    options.forEach((option, number) => { option.ariaSelected = String(number === active); });
    input.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }

  function show(options) {
    list.replaceChildren(...options);
    list.hidden = !options.length;
    input.ariaExpanded = String(!list.hidden);
    input.removeAttribute("aria-activedescendant");
    active = -1;
  }

  function close() {
    clearTimeout(rest);
    asked?.abort();
    show([]);
  }

  async function open() {
    asked?.abort();
    asked = new AbortController();
    const typed = input.value.trim();
    try {
      const found = typed ? await optionsFor(place, { typed }, asked.signal) : [];
      found.forEach((option, at) => { option.id = `${list.id}-${at}`; });
      show(found);
      if (typed) announce(found.length ? place.dataset.zonesFound.replace("{n}", found.length) : place.dataset.zonesNone);
    } catch { /* asked anew, or the server is away: it asks once the form is sent */ }
  }

  function choose(option) {
    input.value = option.dataset.value;
    close();
    input.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "chosen" }));
  }

  input.addEventListener("input", ({ detail }) => {
    if (detail === "chosen" || document.activeElement !== input) return;
    clearTimeout(rest);
    rest = setTimeout(open, REST_MS);
  });
  input.addEventListener("keydown", async (event) => {
    if (event.isComposing) return;
    if (["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      if (list.hidden) await open();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(active < 0 && step < 0 ? -1 : active + step);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(list.children[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener("focus", () => input.select());
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]");
    if (option) choose(option);
  });
}

// Asked for only where a day is chosen.
const form = document.querySelector("form[data-guess-zone]");
let isGuessed = false;
async function guess() {
  if (isGuessed || !places.length || !form.querySelector("[name=when]:checked:not([value=now])")) return;
  isGuessed = true;
  try {
    const [here] = await optionsFor(places[0], { zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
    for (const input of places.map(inputOf)) if (here && input.value === input.defaultValue) input.value = here.dataset.value;
  } catch { /* the shop's clock stands there */ }
}

places.forEach(combobox);
if (form) {
  form.addEventListener("change", guess);
  guess();
}
