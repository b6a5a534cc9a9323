// Keeps the screen on while the till is looked at; asked for anew whenever the device took it back.
let held = null;

async function hold() {
  if (document.hidden || (held && !held.released)) return;
  try { held = await navigator.wakeLock?.request("screen"); } catch { /* low battery: the device decides */ }
}
for (const moment of ["visibilitychange", "pointerdown"]) document.addEventListener(moment, hold, { passive: true });
hold();
