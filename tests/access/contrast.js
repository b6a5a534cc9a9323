async () => {
  // What must be seen without being read stands out from its ground by 3 to 1: edges of fields, marks, icons, rings.
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      known.set(colour, [...context.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(colour);
  };
  const over = ([r, g, b, a], ground) => [r, g, b].map((part, n) => part * a / 255 + ground[n] * (1 - a / 255));
  const page = getComputedStyle(document.documentElement);
  const bottom = over(rgba(page.backgroundColor), [255, 255, 255]);
  const ground = (one) => {
    if (!one || one === document.documentElement) return bottom;
    const fill = rgba(getComputedStyle(one).backgroundColor);
    return fill[3] === 255 ? fill.slice(0, 3) : over(fill, ground(one.parentElement));
  };
  const light = (colour) => colour.map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0);
  const contrast = (one, other) => {
    const [less, more] = [light(one), light(other)].sort((a, b) => a - b);
    return (more + 0.05) / (less + 0.05);
  };
  const told = new Set();
  const probe = document.createElement("i");
  probe.style.cssText = "color: var(--focus); transition: none; display: none";
  for (let frames = 0; frames < 3; frames++) {
    await new Promise(requestAnimationFrame);
    for (const one of document.getAnimations()) if (one.effect.getComputedTiming().endTime < Infinity) one.finish();
  }
  const seen = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && one.getClientRects().length;
  const judge = (what, one, colour, beneath) => {
    const found = contrast(over(rgba(colour), beneath), beneath);
    if (found < 3) {
      const name = one.getAttribute("class") ?? one.type ?? "";
      const words = (one.textContent || one.name || "").trim().slice(0, 30);
      told.add(`${what} of ${one.tagName.toLowerCase()}.${name} "${words}": ${found.toFixed(2)} to 1`);
    }
  };
  const each = (selector, act) => document.querySelectorAll(selector).forEach((one) => {
    if (!seen(one) || one.closest(":disabled, [aria-disabled=true], [data-state=on], .present, .letter, .pass")) return;
    act(one, getComputedStyle(one));
  });
  each("input:not([type=radio], [type=checkbox], [type=color]), select, textarea", (one, style) => {
    if (one !== document.activeElement && parseFloat(style.borderBottomWidth)) judge("edge", one, style.borderBottomColor, ground(one.parentElement));
  });
  each(".choice-mark", (one, style) => {
    const input = one.parentElement.querySelector("input");
    if (input.disabled) return;
    if (input.checked) judge("tick", one, style.color, ground(one));
    else judge("edge", one, style.borderTopColor, ground(one));
  });
  each(":is(a, button, summary) .icon", (one, style) => {
    const control = one.closest("a, button, summary");
    if (!control.textContent.trim()) judge("icon", control, style.color, ground(one.parentElement));
  });
  each("a, button, input, select, textarea, summary, [tabindex='0']", (one) => {
    probe.remove();
    one.parentElement.append(probe);
    judge("ring", one, getComputedStyle(probe).color, ground(one.parentElement));
  });
  probe.remove();
  return [...told];
}
