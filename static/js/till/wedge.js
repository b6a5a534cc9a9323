// A hand scanner types like a very fast person and ends with Enter. Its keystrokes are caught wherever the focus is,
// so that its Enter never presses a button.
const BETWEEN_KEYS_MS = 50;
const SHORTEST = 8;

export function listenForScanner(onText) {
  let text = "", last = 0;
  document.addEventListener("focusin", () => { text = ""; }); // what was typed elsewhere is no part of a scan
  document.addEventListener("keydown", (event) => {
    const gap = event.timeStamp - last;
    last = event.timeStamp;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (gap > BETWEEN_KEYS_MS) text = "";
    if (event.key.length === 1) {
      text += event.key;
      return;
    }
    if (event.key !== "Enter" && event.key !== "Tab") return;
    const scanned = text;
    text = "";
    if (scanned.length < SHORTEST || gap > BETWEEN_KEYS_MS) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    onText(scanned);
  }, true);
}
