// What a gift code looks like, as redemption/code_format.py knows it: 16 symbols of Crockford's base 32 and a check
// symbol over GF(32), so that a typing error is found here, before the server is asked.
export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const DATA_SYMBOLS = 16;
export const CODE_SYMBOLS = DATA_SYMBOLS + 1;
const GROUP = 4;
const TEXT_LENGTH_MAX = 300;
const LINK = /\/gift\/[\w-]{43}(?![\w-])/; // a gift's page: the server knows its code
const SYMBOLOGY = /^\s*\][A-Za-z][0-9A-Za-z]/; // before what some scanners read: ]Q1 is a QR symbol
const SEPARATORS = /[\s\p{Pd}\p{Cf}\p{Cc}.\u2212\u00b7\u2022]/gu;
const FORGIVEN = { O: "0", I: "1", L: "1" };

const forgive = (text) => text.toUpperCase().replace(/[OIL]/g, (letter) => FORGIVEN[letter]);

// The symbols of what was typed so far; foreign ones stay, so that they can be pointed out.
export const clean = (text) => forgive(text.normalize("NFKC").replace(SEPARATORS, ""));

export const grouped = (code) => code.match(new RegExp(`.{1,${GROUP}}`, "gu"))?.join("-") ?? "";

// "ok", or what is wrong: "foreign", "short", "long", "typo".
export function judge(text) {
  if (readable(text)) return "ok";
  const code = clean(text);
  if ([...code].some((symbol) => !ALPHABET.includes(symbol))) return "foreign";
  if (code.length === CODE_SYMBOLS) return "typo";
  return code.length < CODE_SYMBOLS ? "short" : "long";
}

export const isLink = (text) => text.length <= TEXT_LENGTH_MAX && LINK.test(text);

// What the server can be asked about, or null.
export const readable = (text) => codeIn(text) ?? (isLink(text) ? text : null);

// The 17 symbols in what was typed, pasted or scanned, whatever parts them or stands around them. Null for none, and
// for two. Words beside a code may make another: then the one in one piece, or parted as printed, is meant.
export function codeIn(text) {
  if (text.length > TEXT_LENGTH_MAX) return null;
  const runs = forgive(text.normalize("NFKC").replace(SYMBOLOGY, "")).match(/[0-9A-Z]+/g) ?? [];
  const codes = runs.map((_, start) => wholeFrom(runs, start)).filter((parts) => isCode(parts.join("")));
  const printed = codes.filter((parts) => [parts.join(""), grouped(parts.join(""))].includes(parts.join("-")));
  const found = new Set((printed.length ? printed : codes).map((parts) => parts.join("")));
  return found.size === 1 ? [...found][0] : null;
}

// Runs of letters and digits side by side, until they are as long as a code.
function wholeFrom(runs, start) {
  const parts = [];
  for (let at = start; at < runs.length && parts.join("").length < CODE_SYMBOLS; at += 1) parts.push(runs[at]);
  return parts;
}

const isCode = (code) => code.length === CODE_SYMBOLS && [...code].every((symbol) => ALPHABET.includes(symbol))
  && checkSymbol(code.slice(0, -1)) === code.at(-1);

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
