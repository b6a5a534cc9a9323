// Says something to a screen reader without moving the eye. announce("Copied"). While a dialog is open nothing outside of
// it is read, so that it is said in there.
export function announce(text) {
  const region = document.getElementById("announcer") ?? make();
  const place = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  if (region.parentElement !== place) place.append(region);
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}

function make() {
  const region = document.createElement("div");
  region.id = "announcer";
  region.className = "visually-hidden";
  region.setAttribute("role", "status");
  return region;
}
