// A hand scanner types like a very fast person and ends with Enter or Tab. Its keystrokes are caught wherever the focus
// is: its Enter never presses a button, and a field that it typed into gets back what was there before.
const BETWEEN_KEYS_MS = 80;
const SHORTEST = 8;
const SECOND_ENTER_MS = 300; // some end with two

// `isWhole(field)`: what stands in the field is all that was meant, so its Enter is that of the field. A person who types
// fast at a slow device looks like a scanner, of which the first keys were lost.
export function listenForScanner(onText, isWhole = () => false) {
  let text = "", last = 0, scannedAt = -Infinity, before = [];

  document.addEventListener("focusin", () => { text = ""; }); // what was typed elsewhere is no part of a scan

  document.addEventListener("keydown", (event) => {
    const gap = event.timeStamp - last;
    last = event.timeStamp;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (gap > BETWEEN_KEYS_MS) text = "";
    if (event.key.length === 1) {
      if (!text) before = [...document.querySelectorAll("input:not([type=hidden],[type=radio],[type=checkbox])")].map((field) => [field, field.value]);
      text += event.key;
      return;
    }
    if (event.key !== "Enter" && event.key !== "Tab") return;
    const scanned = text;
    text = "";
    const isScan = scanned.length >= SHORTEST && gap <= BETWEEN_KEYS_MS;
    if (!isScan && event.timeStamp - scannedAt > SECOND_ENTER_MS) return;
    if (isScan && isWhole(event.target)) return void (scannedAt = event.timeStamp);
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!isScan) return;
    scannedAt = event.timeStamp;
    for (const [field, value] of before) field.value = value;
    onText(scanned);
  }, true);
}
