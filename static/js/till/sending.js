// Sends a form until it is answered: the same body every time, so that the server, which knows its key, does it once.
// While it waits it says how it goes: states "asking", "slow", "lost", "stopped".
const SLOW_MS = 1500;
const TIMEOUT_MS = 7000;
const PAUSES_MS = [800, 1600, 3200, 5000, 8000];
const PASSING = new Set([429, 502, 503, 504]);

export class Stopped extends Error {}

// -> Response. Throws Stopped when the person gave up. `show(state)` draws; `choice()` waits for "again" or "stop".
export async function send(url, body, { show, choice }) {
  for (;;) {
    for (const pause of [...PAUSES_MS, null]) {
      const response = await once(url, body, show);
      if (response) { show(null); return response; }
      show("lost");
      if (pause !== null) await rest(pause);
    }
    show("stopped");
    if (await choice() === "stop") { show(null); throw new Stopped(); }
    show("asking");
  }
}

async function once(url, body, show) {
  const slow = setTimeout(show, SLOW_MS, "slow");
  try {
    const response = await fetch(url, {
      method: "POST", body, headers: { "HX-Request": "true" }, redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return PASSING.has(response.status) ? null : response;
  } catch {
    return null;
  } finally {
    clearTimeout(slow);
  }
}

// A pause that ends early when the network comes back.
const rest = (milliseconds) => new Promise((resolve) => {
  const timer = setTimeout(done, milliseconds);
  addEventListener("online", done);
  function done() { clearTimeout(timer); removeEventListener("online", done); resolve(); }
});
