// <time datetime="2026-05-03T10:00:00Z" data-countdown></time> shows m:ss until then, then sends the bubbling
// event "countdown:over" and hides what data-countdown-hides names (a selector).
const tick = () => {
  for (const element of document.querySelectorAll("[data-countdown]:not([data-over])")) {
    const left = Math.max(0, Math.round((Date.parse(element.dateTime) - Date.now()) / 1000));
    element.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left > 0) continue;
    element.dataset.over = "";
    const hides = element.dataset.countdownHides;
    if (hides) element.closest(hides)?.setAttribute("hidden", "");
    element.dispatchEvent(new CustomEvent("countdown:over", { bubbles: true }));
  }
};
tick();
setInterval(tick, 1000);
document.addEventListener("htmx:load", tick);
