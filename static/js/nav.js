// On a narrow screen the menu scrolls sideways; where one is stands in view.
const bar = document.querySelector(".studio-nav, .manager-nav");
const here = bar?.querySelector("[aria-current]");
if (here) {
  const middle = (node) => { const { left, right } = node.getBoundingClientRect(); return (left + right) / 2; };
  bar.scrollLeft += middle(here) - middle(bar); // from right to left, too
}
