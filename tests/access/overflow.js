// What leaves the screen or its own box, in words: for test_longest_values.py.
async () => {
  await document.fonts.ready;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const faults = [], room = document.documentElement.clientWidth, seen = new Set();
  if (document.documentElement.scrollWidth > room)
    faults.push(`the page is ${document.documentElement.scrollWidth} wide`);
  const aside = "script, style, template, svg, option, noscript, .visually-hidden, .skip-link, dialog:not([open])";
  const isSeen = (node) => node.closest("thead")?.getBoundingClientRect().width !== 1 && !node.closest(aside) && node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const says = (node) => node.textContent.trim().slice(0, 24);
  const scrolls = (node) => { // something around it can be scrolled to its end
    for (let at = node; at; at = at.parentElement)
      if (/auto|scroll/.test(getComputedStyle(at).overflowX) && at !== document.body) return true;
    return false;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, box = node.parentElement;
    if (!node.data.trim() || seen.has(box) || !isSeen(box)) continue;
    seen.add(box);
    const range = document.createRange();
    range.selectNodeContents(node);
    const text = range.getBoundingClientRect();
    if (!text.width || !text.height) continue;
    const where = `${box.tagName.toLowerCase()}.${[...box.classList].join(".")} in ${box.parentElement.className || box.parentElement.tagName} “${says(node)}”`;
    if ((text.right > room + 1 || text.left < -1) && !scrolls(box)) faults.push(`leaves the screen: ${where}`);
    for (let at = box; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at), edge = at.getBoundingClientRect();
      if (style.display === "inline" || style.display === "contents") continue;
      if (style.position === "absolute" && edge.width <= 1) break;
      if (text.right > edge.right + 2 || text.left < edge.left - 2) {
        if (scrolls(box) || box.matches(".hours-at")) break; // hours stand beside their columns
        faults.push(`${/hidden|clip/.test(style.overflowX) ? "is cut off" : "spills"}: ${where} out of ${at.className || at.tagName}`);
        break;
      }
    }
  }
  for (const node of document.querySelectorAll("a.button, button, input, select, textarea, summary, label")) {
    if (!isSeen(node) || node.closest(".choice")) continue;
    const edge = node.getBoundingClientRect();
    if (edge.width > 1 && (edge.right > room + 1 || edge.left < -1) && !scrolls(node)) faults.push(`leaves the screen: ${node.tagName} ${node.className} “${says(node)}”`);
  }
  const confirm = document.querySelector("[data-confirm-button]")?.getBoundingClientRect();
  if (confirm && innerWidth >= 800 && (confirm.bottom > innerHeight + 1 || confirm.top < 0)) faults.push("the button to confirm left its place");
  return [...new Set(faults)];
}
