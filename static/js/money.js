// moneyOf({ currency, decimals }) -> a function from minor units to the reader's way of writing them.
// The page says how many decimals they have: a browser's own table differs from what is charged.
export function moneyOf({ currency, decimals }) {
  const language = document.documentElement.lang || undefined;
  const all = Number(decimals);
  const used = Math.min(all, new Intl.NumberFormat(language, { style: "currency", currency }).resolvedOptions().maximumFractionDigits);
  const formats = new Map();
  function format(places) {
    if (!formats.has(places)) {
      formats.set(places, new Intl.NumberFormat(language, { style: "currency", currency, minimumFractionDigits: places, maximumFractionDigits: places }));
    }
    return formats.get(places);
  }
  return (amount) => format(amount % 10 ** (all - used) ? all : used).format(amount / 10 ** all);
}
