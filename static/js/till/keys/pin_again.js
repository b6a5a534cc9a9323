// Asks for the PIN again in a dialog, over the work that it interrupts: when the idle minutes are over, or when the
// server wants it before it answers.
import { noteAnswer } from "../../accounts/signed_in.js";
import { lock } from "../../busy.js";
import { focusAnswer, partsOf, swap } from "../swap.js";
import { bindPinPad } from "./pin.js";
import { countPause } from "./pin_pause.js";

const UNAVAILABLE = 503;
const dialog = document.getElementById("pin-dialog");
const headers = { "HX-Request": "true" };
let asking;

// Resolves once somebody has signed in; says so to the window, too.
export function askForPin() {
  asking ??= ask().finally(() => { asking = null; dispatchEvent(new Event("till:signed-in")); });
  return asking;
}

export const isAsking = () => Boolean(asking);

async function ask() {
  const response = await patiently(() => fetch(dialog.dataset.url, { headers }));
  if (isDisconnected(response)) return location.reload();
  const html = await response.text();
  if (!dialog.open) dialog.showModal();
  put(html);
  await new Promise((resolve) => {
    dialog.onsubmit = async (event) => {
      event.preventDefault();
      lock(event.target, event.submitter); // a second Enter would count a wrong PIN twice
      const body = new FormData(event.target);
      const response = await patiently(() => fetch(event.target.action, { method: "POST", body, headers }));
      if (isDisconnected(response)) return location.reload();
      const html = await response.text();
      if (!response.ok) return put(html);
      noteAnswer(response.headers);
      swap(partsOf(html));
      resolve();
    };
  });
  dialog.close();
  dialog.replaceChildren();
  if (document.activeElement === document.body) focusAnswer();
}

const isDisconnected = (response) => response.headers.get("X-Till") === "disconnected";

function put(html) {
  dialog.innerHTML = html;
  const form = dialog.querySelector("form");
  if (form) bindPinPad(form);
  countPause(dialog);
  dialog.querySelector("[name=pin]")?.focus();
}

// Until there is an answer that is worth showing.
async function patiently(request) {
  for (;;) {
    try {
      const response = await request();
      if (response.status !== UNAVAILABLE) return response;
    } catch {
      // no network: the same again
    }
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
}

if (dialog) addEventListener("signed-out", askForPin);
// It can't be closed without a PIN.
dialog?.addEventListener("cancel", (event) => event.preventDefault());
dialog?.addEventListener("close", () => { if (asking && dialog.childElementCount) dialog.showModal(); });
