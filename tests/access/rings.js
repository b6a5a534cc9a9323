() => {
  // What is wrong with the ring of what has the focus: it is cut, or lies over something beside it. "" for nothing.
  const at = document.activeElement;
  const around = [at];
  for (let each = at.parentElement; each; each = each.parentElement) around.push(each); // a card may wear it
  const drawn = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const seen = (style) => style.opacity !== "0"; // a card shows what its own radio hides
  const wearer = around.find((each) => drawn(getComputedStyle(each)) && seen(getComputedStyle(each)));
  if (!wearer) return "";
  const style = getComputedStyle(wearer);
  const out = Math.max(0, parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth));
  const grow = (box, by) => ({ left: box.left - by, right: box.right + by, top: box.top - by, bottom: box.bottom + by });
  const meet = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
  const within = (a, b) => a.left >= b.left - 0.5 && a.right <= b.right + 0.5 && a.top >= b.top - 0.5 && a.bottom <= b.bottom + 0.5;
  const box = grow(wearer.getBoundingClientRect(), 0), ring = grow(box, out);
  const called = (each) => `${each.tagName.toLowerCase()}.${each.className} ${each.textContent.trim().slice(0, 30)}`;

  if (!within(ring, { left: 0, top: 0, right: innerWidth, bottom: innerHeight })) return "a ring that leaves the window";
  for (let each = wearer.parentElement; each && each !== document.body; each = each.parentElement) {
    const its = getComputedStyle(each), outer = each.getBoundingClientRect();
    const edge = (side) => parseFloat(its[`border${side}Width`]);
    const inner = { left: outer.left + edge("Left"), right: outer.right - edge("Right"), top: outer.top + edge("Top"), bottom: outer.bottom - edge("Bottom") };
    const clips = its.overflowX !== "visible" || its.overflowY !== "visible";
    const framed = edge("Top") + edge("Left") > 0;
    if ((clips || framed) && outer.width && !within(ring, inner)) return `a ring cut by ${called(each)}`;
    if (each.matches("dialog[open]")) break;
  }

  const layer = at.closest("dialog[open]") ?? document.body;
  for (const each of layer.querySelectorAll("*")) {
    if (each.contains(wearer) || wearer.contains(each) || each.closest("[inert], .visually-hidden, dialog:not([open])")) continue;
    if (!each.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const boxes = [...each.childNodes].filter((node) => node.nodeType === 3 && node.data.trim()).flatMap((node) => {
      const range = document.createRange();
      range.selectNode(node);
      return [...range.getClientRects()];
    });
    const its = getComputedStyle(each);
    const framed = parseFloat(its.borderTopWidth) > 0 && !/, 0\)$|transparent/.test(its.borderTopColor);
    if (framed || each.matches("button, input, select, textarea, svg")) boxes.push(each.getBoundingClientRect());
    if (boxes.some((one) => one.width > 1 && meet(ring, one) && !meet(box, one))) return `a ring over ${called(each)}`;
  }
  return "";
}
