// moneyOf(format) -> a function from minor units to the text that the server would write, with the step of the last
// place that people write: money(1000) is "$10.00", money.step is 1.
// The server says how (core/templatetags/money.py): a browser's own tables differ from its, and from what is charged.
export function moneyOf(format) {
  const { decimals, step, point, group, pattern } = JSON.parse(format);
  const used = decimals - Math.round(Math.log10(step));
  function money(amount) {
    const digits = String(amount).padStart(decimals + 1, "0");
    const end = digits.length - decimals;
    const whole = digits.slice(0, end).replace(/\B(?=(?:\d{3})+$)/g, () => group);
    const part = digits.slice(end, end + (amount % step ? decimals : used));
    return pattern.replace("{}", () => (part ? whole + point + part : whole));
  }
  // What somebody is typing, as near as can be told: one or two digits behind a last sign are a part, as the server has
  // it, which reads it for good.
  function read(text = "") {
    const [, whole, part = ""] = text.replace(/[^\d.,]/g, "").match(/^(.*?)(?:[.,](\d{1,2}))?$/);
    return Math.round(Number(`${whole.replace(/\D/g, "") || 0}.${part || 0}`) * 10 ** decimals);
  }
  return Object.assign(money, { step, read });
}
