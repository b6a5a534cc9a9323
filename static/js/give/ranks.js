// <form data-ranks="Pick three"> holds selects that offer the same. In their place come buttons, tapped in order; another tap
// takes one back. The selects stay what is sent, and show where the server has refused them.
import { announce } from "../announce.js";

const make = (tag, facts) => Object.assign(document.createElement(tag), facts);

function turn(form) {
  const selects = [...form.querySelectorAll("select")];
  if (form.querySelector("[aria-invalid]")) return;
  const words = selects.map((select) => select.labels[0].textContent.trim());
  const picked = () => selects.map((select) => select.value).filter(Boolean);
  const group = make("div", { className: "ranks", role: "group", ariaLabel: form.dataset.ranks });

  const buttons = [...selects[0].options].filter((option) => option.value).map((option) => {
    const button = make("button", { type: "button", value: option.value, className: "button button-secondary button-s" });
    button.append(make("span", { className: "rank-mark" }), " ", make("span", { textContent: option.text }));
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
