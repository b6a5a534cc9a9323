// The brand's colour and corners as they are picked, on the pieces below them, light and dark.

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
