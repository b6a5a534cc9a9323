// How long whoever signed in stays so: at the till, in its console, in the studio. Each answer of the server says it, also
// one to another tab of this browser. A while before the end a bar says so, without taking the focus, and its button
// counts as use. At the end a bar with [data-over] says that, and the page stays as it is; without one the window is
// told: "signed-out".
import { announce } from "../announce.js";
import { toast } from "../toast.js";

const HEADER = "X-Signed-In-Seconds";
const TICK_MS = 250;
const bar = document.getElementById("signed-in");
const home = bar?.parentElement, next = bar?.nextElementSibling;
const going = bar?.querySelector("[data-going]"), over = bar?.querySelector("[data-over]");
const warningMs = Number(bar?.dataset.before) * 1000;
const tabs = bar && new BroadcastChannel(`signed-in:${bar.getAttribute("action")}`);
let end = 0, timer, before;

// To be called with the headers of each answer; one that says nothing was no use.
export function noteAnswer(headers) {
  const seconds = headers.get(HEADER);
  if (bar && seconds !== null) tell(Date.now() + Number(seconds) * 1000);
}

// Whoever signs in by e-mail gets a new token for forms, too: what was typed in another tab can be sent only with that.
function tell(time) {
  if (holdUntil(time)) tabs.postMessage({ end, token: bar.elements.csrfmiddlewaretoken.value });
}

function hear({ data }) {
  if (!holdUntil(data.end)) return;
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = data.token; });
}

function holdUntil(time) {
  if (time <= end) return false;
  end = time;
  watch();
  return true;
}

// By the clock on the wall: a device that slept has counted nothing.
function watch() {
  clearTimeout(timer);
  const left = end - Date.now();
  if (left <= 0) {
    sayItIsOver();
  } else if (left > warningMs) {
    hide();
    timer = setTimeout(watch, left - warningMs);
  } else {
    warn(Math.ceil(left / 1000));
    timer = setTimeout(watch, TICK_MS);
  }
}

function sayItIsOver() {
  clearTimeout(timer);
  end = 0;
  if (over) {
    show(over, bar.dataset.ended);
    timer = setTimeout(watch, TICK_MS); // a dialog may open or close
  } else {
    hide();
    dispatchEvent(new Event("signed-out"));
  }
}

function warn(seconds) {
  const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  bar.querySelector("[data-left]").textContent = left;
  show(going, bar.dataset.warning);
}

// One of the two parts of the bar; said when it is news.
function show(part, words) {
  const news = bar.hidden || part.hidden;
  const had = bar.contains(document.activeElement);
  for (const each of [going, over]) each?.toggleAttribute("hidden", each !== part);
  bar.hidden = false;
  stand([...document.querySelectorAll("dialog[open]")].at(-1) ?? home);
  if (!news) return;
  if (had) part.querySelector("a, button").focus({ preventScroll: true });
  announce(words);
}

function hide() {
  if (!bar || bar.hidden) return;
  const had = bar.contains(document.activeElement);
  const wasOver = over && !over.hidden;
  bar.hidden = true;
  stand(home);
  if (wasOver) announce(bar.dataset.again);
  if (!had) return;
  if (before?.isConnected) before.focus({ preventScroll: true });
  for (const place of ["#panel [data-focus]", "#main"]) {
    if (document.activeElement === document.body) document.querySelector(place)?.focus({ preventScroll: true });
  }
}

// Over an open dialog nothing else can be pressed, so it stands in that.
function stand(place) {
  if (bar.parentElement === place) return;
  const focused = bar.contains(document.activeElement) && document.activeElement, back = before;
  place.insertBefore(bar, place === home ? next : place.firstChild);
  if (focused) focused.focus({ preventScroll: true });
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
  tabs.addEventListener("message", hear);
  document.addEventListener("visibilitychange", watch);
  addEventListener("pageshow", (event) => { if (event.persisted) watch(); });
  document.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
    const seconds = xhr.getResponseHeader(HEADER);
    noteAnswer({ get: () => seconds });
  });
  // The page itself was an answer, when it began to come.
  const now = performance.now();
  const came = performance.getEntriesByType("navigation")[0]?.responseStart ?? now;
  tell(Date.now() - (now - came) + Number(bar.dataset.seconds) * 1000);
}
