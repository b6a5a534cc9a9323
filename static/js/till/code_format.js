// What a gift code looks like, as redemption/code_format.py knows it: 16 symbols of Crockford's base 32 and a check
// symbol over GF(32), so that a typing error is found here, before the server is asked.
export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const DATA_SYMBOLS = 16;
export const CODE_SYMBOLS = DATA_SYMBOLS + 1;
const GROUP = 4;
const SEPARATORS = /[ \-\t\r\n\u00a0\u2009\u2010\u2011\u2013]/g;
const FORGIVEN = { O: "0", I: "1", L: "1" };

// The symbols of what was typed so far; foreign ones stay, so that they can be pointed out.
export const clean = (text) => text.replace(SEPARATORS, "").toUpperCase().replace(/[OIL]/g, (letter) => FORGIVEN[letter]);

export const grouped = (code) => code.match(new RegExp(`.{1,${GROUP}}`, "gu"))?.join("-") ?? "";

// "ok", or what is wrong: "foreign", "short", "long", "typo".
export function judge(text) {
  const code = clean(text);
  if ([...code].some((symbol) => !ALPHABET.includes(symbol))) return "foreign";
  if (code.length !== CODE_SYMBOLS) return code.length < CODE_SYMBOLS ? "short" : "long";
  return checkSymbol(code.slice(0, -1)) === code.at(-1) ? "ok" : "typo";
}

// The 17 symbols in what a camera or a scanner read: the code itself, or a link that ends with it. Null for neither.
export function codeIn(text) {
  const last = text.trim().split(/[/#?=]/).at(-1);
  return [text, last].map(clean).find((code) => judge(code) === "ok") ?? null;
}

export function checkSymbol(data) {
  let total = 0;
  [...data].forEach((symbol, index) => { total ^= multiply(ALPHABET.indexOf(symbol), WEIGHTS[index + 1]); });
  return ALPHABET[total];
}

// In GF(32) with the primitive polynomial x^5 + x^2 + 1.
function multiply(a, b) {
  let product = 0;
  for (; b; b >>= 1) {
    if (b & 1) product ^= a;
    a <<= 1;
    if (a & 32) a ^= 0b100101;
  }
  return product;
}

const WEIGHTS = [1];
while (WEIGHTS.length <= DATA_SYMBOLS) WEIGHTS.push(multiply(WEIGHTS.at(-1), 2));
