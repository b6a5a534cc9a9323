// <button data-opens="id"> opens <dialog id>; <button data-close> or a tap beside it closes it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) return document.getElementById(opener.dataset.opens)?.showModal();
  const dialog = event.target.closest("dialog");
  if (!dialog) return;
  if (event.target.closest("[data-close]") || (event.target === dialog && outside(dialog, event))) dialog.close();
});

// Choosing Enter on a focused control reports the point 0,0: only a real point counts as beside.
function outside(dialog, { clientX: x, clientY: y, detail }) {
  const box = dialog.getBoundingClientRect();
  return detail > 0 && (x < box.left || x > box.right || y < box.top || y > box.bottom);
}
