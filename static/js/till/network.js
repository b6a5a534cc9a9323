// Says at the top, at once, when there is no network, and notices by itself when it is back.
const PING_MS = 2000;
const sign = document.getElementById("offline");
const news = new EventTarget();
let lost = false, timer;

// To be told by whoever got no answer at all, and by whoever got one.
export const noteLost = () => set(true);
export const noteReached = () => set(false);

// Calls back once the network is there again, unless `signal` ended the wait.
export const onceBack = (callback, signal) => news.addEventListener("back", callback, { once: true, signal });

function set(now) {
  clearTimeout(timer);
  if (now) timer = setTimeout(ping, PING_MS);
  if (now === lost) return;
  lost = now;
  sign.hidden = !lost;
  if (!lost) news.dispatchEvent(new Event("back"));
}

async function ping() {
  try {
    await fetch(sign.dataset.ping, { cache: "no-store", signal: AbortSignal.timeout(PING_MS * 2) });
    set(false);
  } catch {
    set(true);
  }
}

addEventListener("offline", () => set(true));
addEventListener("online", ping);
if (!navigator.onLine) set(true);
