// What the server says of a reversal whose dialog is closed by then, or while the person is at another gift: it is told
// beside what they are at, which stays as it is.
import { toast } from "../toast.js";
import { focusAnswer } from "./swap.js";

const idOf = (id) => (part) => part.id === id;
let about = null; // the panel that came with what may be reversed: they are about one gift

// To be told of each answer's parts.
export function noteReversal(parts) {
  if (parts.some(idOf("reversal"))) about = parts.find(idOf("panel")) ?? null;
}

// -> the parts that are still to be put where they belong
export function tellBeside(parts) {
  const dialog = document.getElementById("reversal-dialog");
  const problem = parts.find(idOf("own-reason"))?.dataset.late;
  if (problem && !dialog?.open) toast(problem, "warning");
  const panel = parts.find(idOf("panel"));
  if (!panel || !isAtAnother()) return parts;
  dialog?.close();
  const word = panel.querySelector("[data-focus]").textContent;
  toast(`${word}: ${panel.dataset.say}`, panel.dataset.panel === "wait" ? "success" : "warning");
  return parts.filter((part) => part !== panel);
}

// Where to go on from when the corner that had the focus was replaced.
export function goOn() {
  if (document.activeElement === document.body) focusAnswer();
}

// Only a gift that may be handed over is worked on.
function isAtAnother() {
  const panel = document.getElementById("panel");
  return panel !== about && panel.dataset.panel === "look";
}
