// What a cut keeps in sight: tapped on the picture, which shows where, instead of moved by two sliders.

for (const form of document.querySelectorAll("[data-focus]")) {
  const whole = form.querySelector("[data-focus-whole]");
  const { focus_x: across, focus_y: down } = form.elements;
  if (!whole) continue;
  const mark = whole.querySelector("[data-focus-mark]");
  const show = () => {
    mark.style.left = `${across.value}%`;
    mark.style.top = `${down.value}%`;
    mark.hidden = false;
  };
  whole.addEventListener("click", (event) => {
    const box = whole.getBoundingClientRect();
    across.value = Math.round(((event.clientX - box.left) / box.width) * 100);
    down.value = Math.round(((event.clientY - box.top) / box.height) * 100);
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.addEventListener("input", show);
  show();
}
