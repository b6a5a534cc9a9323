// After too many wrong PINs: <time datetime="2026-05-03T10:00:00Z" data-countdown data-countdown-hides=".alert"> shows
// m:ss until then, and at the end the words around it go. It ticks only as long as it stands there.
export function countPause(root) {
  for (const time of root.querySelectorAll("time[data-countdown]")) {
    const tick = () => {
      const left = Math.max(0, Math.round((Date.parse(time.dateTime) - Date.now()) / 1000));
      time.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (left > 0 && time.isConnected) return;
      clearInterval(ticking);
      time.closest(time.dataset.countdownHides)?.setAttribute("hidden", "");
      root.querySelector("[aria-describedby=pin-pause]")?.removeAttribute("aria-describedby");
    };
    const ticking = setInterval(tick, 1000);
    tick();
  }
}
