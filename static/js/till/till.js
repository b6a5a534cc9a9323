// The counter: whatever reads a code (camera, hand scanner, fingers) asks the server, and the answer fills the panel.
import "./wake_lock.js";
import { announce } from "../announce.js";
import { openCamera } from "./camera.js";
import { prepare } from "./choosing.js";
import { codeIn } from "./code_format.js";
import { askForPin, isAsking, noteAnswer } from "./pin_again.js";
import { Stopped, send } from "./sending.js";
import { bindSound, play } from "./sound.js";
import { swap } from "./swap.js";
import { watchTyping } from "./typing.js";
import { countDown } from "./undo.js";
import { choice, show } from "./waiting.js";
import { listenForScanner } from "./wedge.js";

const FORGET_AFTER_MS = 4000;
const scan = document.getElementById("scan");
const typedIsReady = watchTyping(scan);
let busy = false;
let seen = { text: "", at: 0 };

// A code that stays before the camera is read once; taken away for a moment, or by a tap, it is read again.
function onCamera(text) {
  const same = text === seen.text && performance.now() - seen.at < FORGET_AFTER_MS;
  if ((busy || isAsking()) && !same) return;
  seen = { text, at: performance.now() };
  if (!same) onScan(text);
}

function onScan(text) {
  if (busy || isAsking()) return;
  const code = codeIn(text);
  if (!code) return answer(document.getElementById("not-a-code").innerHTML);
  const body = new FormData(scan);
  body.set("code", code);
  ask(scan.action, body);
}

async function ask(url, body) {
  if (busy) return;
  busy = true;
  document.body.toggleAttribute("data-busy", true);
  try {
    const response = await untilSignedIn(url, body);
    const html = await response.text();
    if (response.headers.get("X-Till") === "disconnected") return location.reload();
    if (!html.includes("id=\"panel\"")) return answer(document.getElementById("failed").innerHTML);
    scan.reset();
    answer(html);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  } finally {
    busy = false;
    document.body.toggleAttribute("data-busy", false);
  }
}

// The PIN may be asked for in between; then the very same request goes on.
async function untilSignedIn(url, body) {
  for (;;) {
    const response = await send(url, body, { show, choice });
    if (response.status !== 401) {
      noteAnswer();
      return response;
    }
    await askForPin();
  }
}

function answer(html) {
  document.querySelectorAll("dialog[open]:not(#pin-dialog)").forEach((dialog) => dialog.close());
  for (const part of swap(html)) {
    if (part.id === "undo") countDown();
    if (part.id !== "panel") continue;
    prepare(part);
    play(part.dataset.panel);
    if (part.dataset.panel !== "refused") announce(part.dataset.say); // a refusal is an alert, which speaks for itself
    part.scrollIntoView({ block: "nearest" });
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-send]")) return;
  event.preventDefault();
  if (form.matches("[data-look]") && !typedIsReady()) return;
  if (form.isComplete && !form.isComplete()) return;
  ask(form.action, new FormData(form, event.submitter));
});

document.querySelector("[data-camera-again]").addEventListener("click", () => { seen = { text: "", at: 0 }; });
bindSound(document.querySelector("[data-sound]"));
listenForScanner(onScan);
openCamera(document.querySelector("[data-camera]"), onCamera);
countDown();
noteAnswer();

const offline = document.getElementById("offline");
const network = () => { offline.hidden = navigator.onLine; };
for (const name of ["online", "offline"]) addEventListener(name, network);
network();
