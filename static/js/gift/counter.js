// What only helps on a phone in the hand: the code alone on a screen that stays awake, and a print.
import "../print.js";

for (const part of document.querySelectorAll("[data-with-script]")) part.hidden = false;

const counter = document.querySelector("[data-counter]");
let awake = null;

async function stayAwake() {
  if (!counter.open || document.hidden) return;
  awake = await navigator.wakeLock?.request("screen").catch(() => null);
}

if (counter) {
  new MutationObserver(stayAwake).observe(counter, { attributeFilter: ["open"] });
  document.addEventListener("visibilitychange", stayAwake); // a phone lets go of the lock when it is put away
  counter.addEventListener("close", () => { awake?.release(); awake = null; });
}
