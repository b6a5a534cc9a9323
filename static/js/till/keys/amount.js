// A sum of money typed on keys, from the right as on a till: 5, 0, 0 is $5.00.
// bindAmount(pad, { field, most(), money, onChange }) -> { set(amount), value() }, amounts in minor units.
const MOST = () => 999_999_999_999; // as core/money.py

export function bindAmount(pad, { field, most = MOST, money, onChange }) {
  const shown = pad.querySelector("output");
  let fresh = true; // the first digit begins anew

  function put(amount, isFresh) {
    const sum = Math.min(amount, most());
    field.value = sum || "";
    shown.textContent = money(sum);
    fresh = isFresh;
    onChange(sum);
  }
  const value = () => Number(field.value);
  const withoutLast = () => Math.floor(value() / 10 / money.step) * money.step;
  const press = (digit) => put((fresh ? 0 : value()) * 10 + digit * money.step, false);

  pad.addEventListener("click", (event) => {
    const { digit, erase, clear } = event.target.closest("button")?.dataset ?? {};
    if (digit) press(Number(digit));
    if (erase !== undefined) put(withoutLast(), false);
    if (clear !== undefined) put(0, false);
  });
  pad.closest("dialog")?.addEventListener("keydown", (event) => {
    if (/^\d$/.test(event.key)) press(Number(event.key));
    if (event.key === "Backspace") put(withoutLast(), false);
  });
  return { value, set: (amount) => put(amount, true) };
}

