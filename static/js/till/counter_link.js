// The link for a recipient's phone, in the place of the camera's picture, which goes on reading behind it: some seconds,
// or until anything is scanned, typed or tapped there. It never waits and is never waited for.
import { focusAnswer } from "./swap.js";

let timer;
const place = () => document.getElementById("counter-link");

// To be told once it stands there.
export function showLink() {
  clearTimeout(timer);
  timer = setTimeout(endLink, Number(place().dataset.seconds) * 1000);
  if (!navigator.onLine) endLink();
}

// Whatever else comes into sight with the answer, all of the link stays there.
export const keepLinkInSight = () => place().scrollIntoView({ block: "nearest" });

export function endLink() {
  clearTimeout(timer);
  const card = place();
  if (card.hidden) return;
  const had = card.contains(document.activeElement);
  card.hidden = true;
  card.removeAttribute("class"); // the camera's picture is back
  card.replaceChildren();
  if (had) focusAnswer();
}

document.addEventListener("keydown", endLink, true);
document.addEventListener("click", (event) => { if (place().contains(event.target)) endLink(); });
