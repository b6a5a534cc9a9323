// The counter: whatever reads a code (camera, hand scanner, fingers) asks the server, and the answer fills the panel.
import "./wake_lock.js";
import { prepare } from "./choices.js";
import { bindPad } from "./keys/pad.js";
import { askForPin, isAsking } from "./keys/pin_again.js";
import { watchTyping } from "./keys/typed_code.js";
import { openCamera } from "./scan/camera.js";
import { codeIn, readable } from "./scan/code_format.js";
import { forget, isNewScan, noteReversed, noteYes } from "./scan/new_scan.js";
import { listenForScanner } from "./scan/wedge.js";
import { Stopped, send } from "./send.js";
import { noteAnswer } from "../accounts/signed_in.js";
import { bindSound, play } from "./sound.js";
import { partsOf, swap } from "./swap.js";
import { countDown } from "./reversal.js";
import { endLink, keepLinkInSight, showLink } from "./counter_link.js";
import { goOn, noteReversal, tellBeside } from "./beside.js";
import { choice, closeDialogs, isQuiet, show } from "./wait.js";

const scan = document.getElementById("scan");
const typedIsReady = watchTyping(scan);
const pad = bindPad(scan, document.querySelector("[data-pad-open]"));
let asking = null; // { url, code, stop }: what the server is asked right now
let kept = null; // scanned while a PIN was asked for

// Only looking at a gift makes way for the next scan; what may have used one is waited for.
const isFree = () => !isAsking() && (!asking || asking.url === scan.action);
// A second Enter must not count a wrong code twice. Once words say that it takes long, the same may be asked anew.
const isAsked = (code) => Boolean(code) && asking?.code === code && isQuiet();

function onCamera(text) {
  const shown = document.querySelector("[data-confirm] [name=code]")?.value;
  if (isNewScan(text, { stays: shown && shown === codeIn(text), free: isFree() })) onScan(text);
}

function onScan(text) {
  pad.close();
  endLink();
  if (isAsking()) kept = text;
  if (!isFree()) return sayItWaits();
  const code = readable(text);
  if (isAsked(code)) return;
  asking?.stop();
  if (!code) return answer(document.getElementById("not-a-code").innerHTML);
  const body = new FormData(scan);
  body.set("code", code);
  ask(scan.action, body);
}

// Nothing happens to what is scanned or typed before the answer that may have used a gift is there.
function sayItWaits() {
  if (!isAsking() && isQuiet()) show("slow");
}

// `still(parts)`: which parts of the answer are still to be put in place.
async function ask(url, body, still = (parts) => parts) {
  if (!isFree()) return url === scan.action && sayItWaits();
  if (isAsked(body.get("code"))) return;
  asking?.stop();
  endLink();
  const stop = new AbortController();
  const mine = asking = { url, code: body.get("code"), stop: () => stop.abort() };
  document.body.toggleAttribute("data-busy", true);
  try {
    const given = await untilSignedIn(url, body, stop.signal);
    if (given.disconnected) return location.reload();
    answer(isAnswer(given.html) ? given.html : document.getElementById("failed").innerHTML, { still, keep: url !== scan.action });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  } finally {
    if (asking === mine) {
      asking = null;
      document.body.toggleAttribute("data-busy", false);
    }
  }
}

// The PIN may be asked for in between; then the very same request goes on.
async function untilSignedIn(url, body, signal) {
  for (;;) {
    const given = await send(url, body, { show, choice, signal });
    if (given.status !== 401) {
      noteAnswer(given.headers);
      return given;
    }
    await askForPin();
  }
}

const hasPanel = (html) => html.includes("id=\"panel\"");
// A field that is to be put right comes alone: the dialog that it stands in stays open.
const isAnswer = (html) => hasPanel(html) || html.includes("id=\"own-reason\"");

// `keep`: what was typed meanwhile, for when the pad is opened again.
function answer(html, { still = (parts) => parts, keep = false } = {}) {
  kept = null;
  pad.close({ keep });
  const parts = still(partsOf(html));
  const panel = parts.find((part) => part.id === "panel");
  if (panel) closeDialogs();
  swap(parts);
  noteReversal(parts);
  if (parts.some((part) => part.id === "counter-link")) showLink();
  if (parts.some((part) => part.id === "reversal")) countDown();
  if (panel) present(panel);
  else goOn();
}

function present(panel) {
  prepare(panel);
  const kind = panel.dataset.panel;
  play(kind);
  if (kind === "ok") noteYes();
  if (kind === "wait") noteReversed();
  panel.scrollIntoView({ block: "nearest" });
  keepLinkInSight();
}

// Who types another code has moved on from the one that is looked up; looking uses nothing.
function dropTheLook() {
  if (asking?.url !== scan.action) return;
  asking.stop();
  show(null);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-send]")) return;
  event.preventDefault();
  if (form.matches("[data-look]") && !typedIsReady()) return;
  if (form.isComplete && !form.isComplete()) return;
  ask(form.action, new FormData(form, event.submitter), form.closest("#reversal") ? tellBeside : undefined);
});

scan.elements.code.addEventListener("input", dropTheLook);
document.querySelector("[data-camera-again]").addEventListener("click", forget);
addEventListener("till:signed-in", () => { if (kept !== null) onScan(kept); });
bindSound(document.querySelector("[data-sound]"));
listenForScanner(onScan, (field) => field === scan.elements.code && readable(field.value) !== null);
openCamera(document.querySelector("[data-camera]"), onCamera);
countDown();
