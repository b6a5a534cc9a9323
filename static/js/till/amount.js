// A sum of money typed on keys, from the right as on a till: 5, 0, 0 is $5.00.
// bindAmount(pad, { field, max, money, onChange }) -> { set(amount), value() }, amounts in minor units.
const MOST = 99_999_99;

export function bindAmount(pad, { field, max = MOST, money, onChange }) {
  const shown = pad.querySelector("output");
  let fresh = true; // the first digit begins anew

  function put(amount, isFresh) {
    const sum = Math.min(amount, max);
    field.value = sum || "";
    shown.textContent = money(sum);
    fresh = isFresh;
    onChange(sum);
  }
  const value = () => Number(field.value);
  const press = (digit) => put((fresh ? 0 : value()) * 10 + digit, false);

  pad.addEventListener("click", (event) => {
    const { digit, erase, clear } = event.target.closest("button")?.dataset ?? {};
    if (digit) press(Number(digit));
    if (erase !== undefined) put(Math.floor(value() / 10), false);
    if (clear !== undefined) put(0, false);
  });
  pad.closest("dialog")?.addEventListener("keydown", (event) => {
    if (/^\d$/.test(event.key)) press(Number(event.key));
    if (event.key === "Backspace") put(Math.floor(value() / 10), false);
  });
  return { value, set: (amount) => put(amount, true) };
}

// Minor units -> the reader's way of writing them.
export function moneyOf(currency) {
  const format = new Intl.NumberFormat(document.documentElement.lang || undefined, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits;
  return (amount) => format.format(amount / 10 ** digits);
}
