// What the small shop of the opening says, as it is typed above it.
for (const shown of document.querySelectorAll("[data-typed]")) {
  const field = document.getElementById("brand-form")?.elements[shown.dataset.typed];
  field?.addEventListener("input", () => { shown.textContent = field.value.trim(); });
}
