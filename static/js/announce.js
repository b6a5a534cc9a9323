// Says something to a screen reader without moving the eye. announce("Copied")
export function announce(text) {
  const region = document.getElementById("announcer") ?? make();
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}

function make() {
  const region = document.createElement("div");
  region.id = "announcer";
  region.className = "visually-hidden";
  region.setAttribute("role", "status");
  document.body.append(region);
  return region;
}
