// The words over the panel while an answer is awaited. They speak for themselves; the focus that they cover comes along.
import { focusAnswer } from "./swap.js";

const box = document.getElementById("waiting");
const again = box.querySelector("[data-waiting-again]");

export function show(state) {
  const focused = document.activeElement;
  const had = box.contains(focused), covers = document.getElementById("panel").contains(focused);
  if (state) closeDialogs(); // the words are behind them
  box.hidden = !state;
  box.dataset.state = state ?? "";
  if (state === "stopped") again.focus();
  else if (state && (had || covers)) box.focus();
  else if (had) focusAnswer();
}

export function closeDialogs() {
  document.querySelectorAll("dialog[open]:not(#pin-dialog)").forEach((dialog) => dialog.close());
}

// Whether nothing has to be said yet.
export const isQuiet = () => box.hidden;

// Calls back with "again" or "stop" when somebody taps.
export function choice(tapped) {
  again.onclick = () => tapped("again");
  box.querySelector("[data-waiting-stop]").onclick = () => tapped("stop");
}
