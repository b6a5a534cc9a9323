// Sends a form until it is answered: the same body every time, so that the server, which knows its key, does it once.
// While it waits it says how it goes: states "slow", "lost", "stopped".
import { noteLost, noteReached, onceBack } from "./network.js";

const SLOW_MS = 1500;
const TIMEOUT_MS = 7000;
const PAUSES_MS = [800, 1600, 3200, 5000, 8000];
const BUSY = 503;

export class Stopped extends Error {}

// -> { status, headers, disconnected, html }. Throws Stopped when somebody gave up or `signal` did.
// `show(state)` draws; `choice(signal)` waits for "again" or "stop".
export async function send(url, body, { show, choice, signal }) {
  let given;
  try {
    for (;;) {
      for (const pause of [...PAUSES_MS, null]) {
        given = await once(url, body, show, signal) ?? given;
        if (given && given.status !== BUSY) return given;
        if (pause === null) break;
        show(given ? "slow" : "lost");
        await rest(pause, signal);
      }
      if (given) return given; // busy all the time, in its own words
      show("stopped");
      if (await patiently(choice, signal) === "stop") throw new Stopped();
      show("lost");
    }
  } finally {
    if (!signal.aborted) show(null);
  }
}

// Null when nothing of ours came back: then nobody knows what the server did.
async function once(url, body, show, signal) {
  if (signal.aborted) throw new Stopped();
  const slow = setTimeout(show, SLOW_MS, "slow");
  const cut = new AbortController();
  const late = setTimeout(() => cut.abort(), TIMEOUT_MS);
  const end = () => cut.abort();
  signal.addEventListener("abort", end);
  try {
    const response = await fetch(url, { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "error", signal: cut.signal });
    const html = await response.text();
    noteReached();
    const ours = response.status < 500 || html.includes("id=\"panel\"");
    const { status, headers } = response;
    return ours ? { status, headers, disconnected: headers.get("X-Till") === "disconnected", html } : null;
  } catch {
    if (signal.aborted) throw new Stopped();
    if (!cut.signal.aborted) noteLost();
    return null;
  } finally {
    clearTimeout(slow);
    clearTimeout(late);
    signal.removeEventListener("abort", end);
  }
}

// A pause that ends early when the network comes back.
const rest = (milliseconds, signal) => within(signal, (done, ended) => {
  const timer = setTimeout(done, milliseconds);
  ended.addEventListener("abort", () => clearTimeout(timer));
  onceBack(done, ended);
});

// Somebody decides, or the network does by coming back.
const patiently = (choice, signal) => within(signal, (done, ended) => {
  choice(done);
  onceBack(() => done("again"), ended);
});

function within(signal, begin) {
  const ended = new AbortController();
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Stopped());
    signal.addEventListener("abort", () => reject(new Stopped()), { signal: ended.signal });
    begin(resolve, ended.signal);
  }).finally(() => ended.abort());
}
