// On a narrow screen the menu scrolls sideways; where one is stands in view.
const bar = document.querySelector(".studio-nav, .manager-nav");
const here = bar?.querySelector("[aria-current]");
if (here) bar.scrollLeft = here.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;
