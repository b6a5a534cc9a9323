// The panel of a gift that may be redeemed: what must be chosen, what it costs more, how much of an amount to take,
// and, if somebody likes to say so, what the guest bought in all.
import { moneyOf } from "../money.js";
import { bindAmount } from "./amount.js";

const ARMED_AFTER_MS = 450; // a panel that appears under a finger is not pressed by it

export function prepare(panel) {
  const form = panel.querySelector("[data-confirm]");
  if (!form) return;
  const button = form.querySelector("[data-confirm-button]");
  setTimeout(() => button.toggleAttribute("data-armed", true), ARMED_AFTER_MS);
  const word = form.querySelector("[data-confirm-word]");
  const act = word.textContent;
  const choices = [...form.querySelectorAll("[data-min]")];
  const pad = form.querySelector("[data-amount]");
  const money = moneyOf(form.dataset);

  const missing = () => choices.find((choice) => picked(choice).length < Number(choice.dataset.min))
    ?? (pad && !form.elements.amount.value ? pad : undefined);

  function refresh() {
    const open = missing();
    word.textContent = open ? open.dataset.ask : act;
    button.toggleAttribute("data-waits", Boolean(open));
    const extra = choices.flatMap(picked).reduce((sum, option) => sum + Number(option.dataset.extra), 0);
    form.querySelector("[data-extra-sum]").textContent = money(extra);
    form.querySelector("[data-extra-sum]").parentElement.hidden = !extra;
  }

  form.addEventListener("change", (event) => { keepTo(event.target); refresh(); });
  bindMoney(form, pad, money, refresh);
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

// How much to take off, and the bill it is taken off from.
function bindMoney(form, pad, money, refresh) {
  const bill = form.querySelector("[data-bill]");
  const said = form.querySelector("[data-bill-said]");
  const amount = pad && bindAmount(pad, { field: form.elements.amount, max: Number(pad.dataset.max), step: Number(form.dataset.step), money, onChange: refresh });
  const total = bindAmount(bill, {
    field: form.elements.basket_total, step: Number(form.dataset.step), money, onChange: (sum) => { said.textContent = sum ? money(sum) : said.dataset.none; },
  });
  if (total.value()) total.set(total.value());
  let exact = false; // the bill was asked for in order to take just that

  form.addEventListener("click", (event) => {
    const { all, exact: wanted, billSkip, billDone, opens } = event.target.closest("button")?.dataset ?? {};
    if (opens) exact = false;
    if (all !== undefined) amount.set(Number(pad.dataset.max));
    if (wanted !== undefined && total.value()) amount.set(total.value());
    if (wanted !== undefined && !total.value()) { bill.closest("dialog").showModal(); exact = true; }
    if (billSkip !== undefined) total.set(0);
    if (billDone !== undefined && exact && total.value()) amount.set(total.value());
  });
}
