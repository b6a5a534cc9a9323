// Says something to a screen reader without moving the eye. announce("Copied"). Readers tell what is put into a region that
// they know: every page comes with it, empty, and it goes into a dialog as that opens, outside of which nothing is read.
const region = document.getElementById("announcer");

export function announce(text) {
  settle();
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}

function settle() {
  const place = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  if (region.parentElement === place) return;
  region.textContent = "";
  place.append(region);
}

new MutationObserver(settle).observe(document.body, { subtree: true, attributeFilter: ["open"] });
