// The panel of a gift that may be redeemed: what must be chosen, what it costs more, how much of an amount to take,
// and, if somebody likes to say so, what the recipient bought in all.
import { announce } from "../announce.js";
import { moneyOf } from "../money.js";
import { bindAmount } from "./keys/amount.js";

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
  const money = moneyOf(form.dataset.money);

  const missing = () => choices.find((choice) => picked(choice).length < Number(choice.dataset.min))
    ?? (pad && !form.elements.amount.value ? pad : undefined);

  const acts = () => (pad ? word.dataset.takes.replace("{money}", money(Number(form.elements.amount.value))) : act);

  const more = form.querySelector("[data-charge-none]");
  const extra = () => choices.flatMap(picked).reduce((sum, option) => sum + Number(option.dataset.extra), 0);

  function refresh() {
    const open = missing();
    word.textContent = open ? open.dataset.ask : acts();
    button.toggleAttribute("data-waits", Boolean(open));
    more.querySelector("[data-extra-sum]").textContent = money(extra());
    more.hidden = !extra();
  }

  // What changed besides the pick itself is said once: which earlier one gave way, and what is to be charged now.
  let charged = extra();
  form.addEventListener("change", ({ target }) => {
    const gone = keepTo(target);
    refresh();
    const told = [];
    const names = gone.map(labelOf).join(", ");
    if (names) told.push(target.closest("[data-over]").dataset.over.replace("{names}", () => names));
    if (extra() !== charged) told.push(extra() ? wordsOf(more) : more.dataset.chargeNone);
    charged = extra();
    if (told.length) announce(told.map((words) => `${words}.`).join(" "));
  });
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
const wordsOf = (element) => element.textContent.replace(/\s+/g, " ").trim();
const labelOf = (option) => wordsOf(option.closest("label").querySelector(".choice-label"));

// The last tap counts: over the limit, earlier picks give way. -> those.
function keepTo(input) {
  const choice = input.closest("[data-max]");
  if (!choice || !input.checked) return [];
  const others = picked(choice).filter((option) => option !== input);
  const gone = others.slice(0, Math.max(0, others.length + 1 - Number(choice.dataset.max)));
  gone.forEach((option) => { option.checked = false; });
  return gone;
}

// How much to take off, and the basket it is taken off from: never more than that, and all of it unless somebody typed
// less.
function bindMoney(form, pad, money, refresh) {
  const basket = form.querySelector("[data-basket]");
  const said = form.querySelector("[data-basket-said]");
  const most = () => Math.min(total.value() || Infinity, Number(pad.dataset.max));
  const amount = pad && bindAmount(pad, { field: form.elements.amount, most, money, onChange: refresh });
  const total = bindAmount(basket, {
    field: form.elements.basket_total, money, onChange: (sum) => {
      said.textContent = sum ? money(sum) : said.dataset.none;
      if (amount && !typed) amount.set(most());
    },
  });
  let typed = Boolean(amount?.value()); // by somebody, not by the basket
  if (total.value()) total.set(total.value());
  if (amount && !typed) amount.set(most());

  pad?.addEventListener("click", (event) => { if (event.target.closest(".keypad")) typed = true; });
  basket.closest("dialog").addEventListener("close", () => {
    total.set(total.value()); // opened again, it begins anew
    if (amount && amount.value() > most()) amount.set(most());
  });
  form.addEventListener("click", (event) => {
    const { all, exact, basketSkip } = event.target.closest("button")?.dataset ?? {};
    if (basketSkip !== undefined) total.set(0);
    if (all === undefined && exact === undefined) return;
    typed = false;
    amount.set(most());
    if (exact !== undefined && !total.value()) basket.closest("dialog").showModal();
  });
}
