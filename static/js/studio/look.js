// The brand's colour, corners and words as they are picked and typed, on the pieces below them, light and dark.

for (const preview of document.querySelectorAll("[data-look]")) {
  const form = preview.closest("form");
  const show = () => {
    for (const piece of preview.children) {
      piece.style.setProperty("--brand-accent", form.elements.accent.value);
      piece.style.setProperty("--brand-round", form.elements.corners.value);
    }
  };
  form.addEventListener("input", show);
  show();
}

for (const shown of document.querySelectorAll("[data-typed]")) {
  const field = document.getElementsByName(shown.dataset.typed)[0];
  field?.addEventListener("input", () => { shown.textContent = field.value; });
}
