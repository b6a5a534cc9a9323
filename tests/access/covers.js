(selector) => {
  // What a bar lies over, wherever the page is scrolled to; the bar itself is whole in the window.
  const bar = document.querySelector(selector), told = [];
  let box = bar.getBoundingClientRect();
  if (box.height < 40 || box.top < -0.5 || box.bottom > innerHeight + 0.5 || box.left < -0.5 || box.right > innerWidth + 0.5) {
    told.push(`the bar is not whole: ${JSON.stringify(box)}`);
  }
  const meets = (one) => one.width > 1 && one.height > 1 && one.left < box.right - 1 && one.right > box.left + 1
    && one.top < box.bottom - 1 && one.bottom > box.top + 1;
  const textsOf = (each) => [...each.childNodes].filter((node) => node.nodeType === 3 && node.data.trim()).flatMap((node) => {
    const range = document.createRange();
    range.selectNode(node);
    return [...range.getClientRects()];
  });
  for (const each of document.body.querySelectorAll("*")) {
    if (each.contains(bar) || bar.contains(each) || each.closest("dialog, [inert], .visually-hidden, .skip-link, .toasts")) continue;
    if (!each.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const pressed = each.matches("a, button, input, select, textarea, summary, label, video, .till-camera");
    if (!pressed && !textsOf(each).length) continue;
    each.scrollIntoView({ block: "nearest", inline: "nearest" });
    box = bar.getBoundingClientRect();
    const whole = each.getBoundingClientRect();
    if (whole.width < 2 || whole.height > (innerHeight - box.height) / 2) continue; // for readers alone, or read line by line
    const boxes = textsOf(each);
    if (pressed) boxes.push(whole);
    if (boxes.some(meets)) told.push(`over ${each.tagName.toLowerCase()}.${each.className} ${each.textContent.trim().slice(0, 40)}`);
  }
  scrollTo(0, 0);
  const [button] = [...bar.querySelectorAll("button, a")].filter((each) => each.checkVisibility());
  const at = button.getBoundingClientRect();
  const top = document.elementFromPoint((at.left + at.right) / 2, (at.top + at.bottom) / 2);
  if (!button.contains(top)) told.push(`under ${top?.tagName}.${top?.className}`);
  return told;
}
