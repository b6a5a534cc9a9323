// How long whoever signed in stays so. Each answer of the server says it, also one to another tab of this browser. Half
// a minute before the end a bar says so, without taking the focus, and its button counts as use. At the end the window
// is told: "till:signed-out".
import { announce } from "../announce.js";
import { toast } from "../toast.js";
import { focusAnswer } from "./swap.js";

const WARNING_MS = 30_000;
const HEADER = "X-Till-Seconds";
const bar = document.getElementById("signed-in");
const home = bar?.parentElement;
const tabs = new BroadcastChannel("till:signed-in");
let end = 0, timer, before;

// To be called with the headers of each answer; one that says nothing was no use.
export function noteAnswer(headers) {
  const seconds = headers.get(HEADER);
  if (bar && seconds !== null) holdUntil(Date.now() + Number(seconds) * 1000);
}

function holdUntil(time) {
  if (time <= end) return;
  end = time;
  tabs.postMessage(end);
  watch();
}

// By the clock on the wall: a device that slept has counted nothing.
function watch() {
  clearTimeout(timer);
  const left = end - Date.now();
  if (left <= 0) {
    sayItIsOver();
  } else if (left > WARNING_MS) {
    hide();
    timer = setTimeout(watch, left - WARNING_MS);
  } else {
    show(Math.ceil(left / 1000));
    timer = setTimeout(watch, 250);
  }
}

function sayItIsOver() {
  clearTimeout(timer);
  hide();
  dispatchEvent(new Event("till:signed-out"));
}

function show(seconds) {
  bar.querySelector("[data-left]").textContent = `0:${String(seconds).padStart(2, "0")}`;
  const news = bar.hidden;
  bar.hidden = false;
  stand([...document.querySelectorAll("dialog[open]")].at(-1) ?? home);
  if (news) announce(bar.dataset.warning);
}

function hide() {
  if (!bar || bar.hidden) return;
  const had = bar.contains(document.activeElement);
  bar.hidden = true;
  stand(home);
  if (!had) return;
  if (before?.isConnected) before.focus({ preventScroll: true });
  if (document.activeElement === document.body) focusAnswer();
  if (document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
}

// Over an open dialog nothing else can be pressed, so it stands in that.
function stand(place) {
  if (bar.parentElement === place) return;
  const had = bar.contains(document.activeElement), back = before;
  place.prepend(bar);
  if (had) bar.querySelector("button").focus({ preventScroll: true });
  before = back;
}

async function stay() {
  try {
    const response = await fetch(bar.action, { method: "POST", body: new FormData(bar), headers: { "HX-Request": "true" } });
    if (response.status === 401) return sayItIsOver();
    if (!response.ok) throw new Error(String(response.status));
    noteAnswer(response.headers);
    if (bar.hidden) announce(bar.dataset.kept); // not at the end of a shift: that comes in any case
  } catch {
    toast(document.body.dataset.offline, "warning");
  }
}

if (bar) {
  bar.addEventListener("focusin", (event) => { if (!bar.contains(event.relatedTarget)) before = event.relatedTarget; });
  bar.addEventListener("submit", (event) => { event.preventDefault(); stay(); });
  tabs.addEventListener("message", (event) => holdUntil(event.data));
  document.addEventListener("visibilitychange", watch);
  addEventListener("pageshow", (event) => { if (event.persisted) watch(); });
  document.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
    const seconds = xhr.getResponseHeader(HEADER);
    noteAnswer({ get: () => seconds });
  });
  // The page itself was an answer, when it began to come.
  const now = performance.now();
  const came = performance.getEntriesByType("navigation")[0]?.responseStart ?? now;
  holdUntil(Date.now() - (now - came) + Number(bar.dataset.seconds) * 1000);
}
