// <form data-ranks="Pick three"> holds selects that offer the same. In their place come buttons, tapped in order; another tap
// takes one back. The selects stay what is sent, and show where the server has refused them.
import { announce } from "./announce.js";

function make(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function turn(form) {
  const selects = [...form.querySelectorAll("select")];
  if (form.querySelector("[aria-invalid]")) return;
  const words = selects.map((select) => select.labels[0].textContent.trim());
  const picked = () => selects.map((select) => select.value).filter(Boolean);
  const group = make("div", "ranks");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", form.dataset.ranks);

  const buttons = [...selects[0].options].filter((option) => option.value).map((option) => {
    const button = make("button", "button button-secondary button-s");
    const mark = make("span", "rank-mark");
    mark.ariaHidden = "true";
    button.type = "button";
    button.value = option.value;
    button.append(mark, make("span", "", option.text));
    button.addEventListener("click", () => tap(option));
    group.append(button);
    return button;
  });

  function tap({ value, text }) {
    const before = picked();
    if (before.length === selects.length && !before.includes(value)) return;
    const now = before.includes(value) ? before.filter((each) => each !== value) : [...before, value];
    selects.forEach((select, at) => { select.value = now[at] ?? ""; });
    selects[0].dispatchEvent(new Event("change", { bubbles: true }));
    const at = now.indexOf(value);
    if (at >= 0) announce(`${words[at]}: ${text}`);
  }

  function draw() {
    const now = picked();
    for (const button of buttons) {
      const at = now.indexOf(button.value);
      button.ariaPressed = String(at >= 0);
      button.ariaDisabled = at < 0 && now.length === selects.length ? "true" : null;
      button.firstChild.textContent = at < 0 ? "" : (at + 1).toLocaleString(document.documentElement.lang || undefined);
      button.ariaLabel = at < 0 ? null : `${button.lastChild.textContent}, ${words[at]}`;
    }
  }

  form.addEventListener("change", draw);
  draw();
  selects[0].closest(".stack").replaceWith(group);
  for (const select of selects) {
    select.hidden = true;
    group.after(select);
  }
}

document.querySelectorAll("form[data-ranks]").forEach(turn);
