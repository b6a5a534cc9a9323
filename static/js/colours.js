// What a canvas cannot read by itself: the colour behind a token, resolved for this brand and scheme.
// colour("--accent") -> "rgb(…)"; onSchemeChange(redraw) calls back when light turns to dark.
export function colour(token, opacity = 1) {
  const probe = document.createElement("i");
  probe.hidden = true;
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  brush.fillStyle = found;
  brush.fillRect(0, 0, 1, 1);
  const [red, green, blue] = brush.getImageData(0, 0, 1, 1).data;
  return `rgb(${red} ${green} ${blue} / ${opacity})`;
}

export const fonts = { text: "Figtree, system-ui, sans-serif", display: '"Bricolage Grotesque", system-ui, sans-serif' };

export function onSchemeChange(redraw) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}
