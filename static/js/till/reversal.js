// Counts the time to reverse down by the device's own seconds and takes it away when the time is over.
import { announce } from "../announce.js";
import { toast } from "../toast.js";
import { focusAnswer } from "./swap.js";

let ticking;

export function countDown() {
  clearInterval(ticking);
  const button = document.querySelector("[data-reversal]");
  if (!button) return;
  const clock = button.querySelector("[data-reversal-clock]");
  const end = performance.now() + Number(button.dataset.seconds) * 1000;
  ticking = setInterval(() => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    if (left < 3600) clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left > 0 || document.body.dataset.busy !== undefined) return; // it may be reversed this very moment
    clearInterval(ticking);
    const place = document.getElementById("reversal");
    const had = place.contains(document.activeElement);
    const tell = place.querySelector("dialog[open]") ? (words) => toast(words, "warning") : announce;
    place.replaceChildren();
    tell(button.dataset.over);
    if (had) focusAnswer();
  }, 250);
}
