// Keeps the screen on while the till is looked at.
async function hold() {
  if (document.hidden) return;
  try { await navigator.wakeLock?.request("screen"); } catch { /* low battery: the tablet decides */ }
}
document.addEventListener("visibilitychange", hold);
hold();
