// Counts the undo down by the tablet's own seconds and takes it away when the time is over.
let ticking;

export function countDown() {
  clearInterval(ticking);
  const button = document.querySelector("[data-undo]");
  if (!button) return;
  const clock = button.querySelector("[data-undo-clock]");
  const end = performance.now() + Number(button.dataset.seconds) * 1000;
  ticking = setInterval(() => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    if (left < 3600) clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left > 0) return;
    clearInterval(ticking);
    document.getElementById("undo").replaceChildren();
  }, 250);
}
