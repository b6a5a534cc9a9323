// The panel of a gift that may be redeemed: what must be chosen, what it costs more, how much of an amount to take.
const ARMED_AFTER_MS = 450; // a panel that appears under a finger is not pressed by it

export function prepare(panel) {
  const form = panel.querySelector("[data-confirm]");
  if (!form) return;
  const button = form.querySelector("[data-confirm-button]");
  setTimeout(() => button.toggleAttribute("data-armed", true), ARMED_AFTER_MS);
  const word = form.querySelector("[data-confirm-word]");
  const act = word.textContent;
  const choices = [...form.querySelectorAll("[data-min]")];
  const pads = [...form.querySelectorAll("[data-amount]")];
  const foot = form.querySelector("[data-currency]");
  const money = moneyOf(foot.dataset.currency);

  const missing = () => choices.find((choice) => picked(choice).length < Number(choice.dataset.min))
    ?? pads.find((pad) => pad.querySelector("[name=amount]").value === "0");

  function refresh() {
    const open = missing();
    word.textContent = open ? open.dataset.ask : act;
    button.toggleAttribute("data-waits", Boolean(open));
    const extra = choices.flatMap(picked).reduce((sum, option) => sum + Number(option.dataset.extra), 0);
    form.querySelector("[data-extra-sum]").textContent = money(extra);
    form.querySelector("[data-extra-sum]").parentElement.hidden = !extra;
  }

  form.addEventListener("change", (event) => { keepTo(event.target); refresh(); });
  pads.forEach((pad) => bindAmount(pad, money, refresh));
  refresh();

  // What is missing is shown instead of sent; a tap that was meant for what stood here before does nothing.
  form.isComplete = () => {
    const open = missing();
    choices.forEach((choice) => choice.toggleAttribute("data-missing", choice === open));
    open?.scrollIntoView({ block: "nearest" });
    open?.querySelector("input")?.focus({ preventScroll: true });
    return !open && button.hasAttribute("data-armed");
  };
}

const picked = (choice) => [...choice.querySelectorAll("input:checked")];

// The last tap counts: over the limit, an earlier pick gives way.
function keepTo(input) {
  const choice = input.closest("[data-max]");
  if (!choice || !input.checked) return;
  const others = picked(choice).filter((option) => option !== input);
  while (others.length >= Number(choice.dataset.max)) others.shift().checked = false;
}

function bindAmount(pad, money, refresh) {
  const field = pad.querySelector("[name=amount]");
  const shown = pad.querySelector("output");
  const max = Number(pad.dataset.max);
  let fresh = true; // the first digit begins anew
  const set = (amount) => { field.value = Math.min(amount, max); shown.textContent = money(Number(field.value)); refresh(); };
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("button");
    if (!key) return;
    if ("all" in key.dataset) { set(max); fresh = true; return; }
    const before = fresh ? 0 : Number(field.value);
    set("erase" in key.dataset ? Math.floor(Number(field.value) / 10) : before * 10 + Number(key.dataset.digit));
    fresh = false;
  });
}

// Minor units -> the reader's way of writing them.
function moneyOf(currency) {
  const format = new Intl.NumberFormat(document.documentElement.lang || undefined, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits;
  return (amount) => format.format(amount / 10 ** digits);
}
