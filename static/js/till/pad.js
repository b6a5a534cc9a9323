// The keys to type a code with, over the answer's panel: opened by a button or by the first key of a keyboard.
// On a touch screen they take the place of the system's own keyboard.
const TYPED = /^[0-9a-z]$/i;

// -> { close() }
export function bindPad(form, opener) {
  const input = form.elements.code;
  if (matchMedia("(pointer: coarse)").matches) input.inputMode = "none";

  function open() {
    form.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    input.focus();
  }
  function close() {
    const had = form.contains(document.activeElement);
    form.hidden = true;
    form.reset();
    opener.setAttribute("aria-expanded", "false");
    if (had) opener.focus({ preventScroll: true });
  }
  function change(value) {
    input.value = value;
    input.setSelectionRange(value.length, value.length);
    input.dispatchEvent(new Event("input"));
  }

  opener.addEventListener("click", () => (form.hidden ? open() : close()));
  form.addEventListener("click", (event) => {
    const { key, erase, clear, padClose } = event.target.closest("button")?.dataset ?? {};
    if (key) change(input.value + key);
    if (erase !== undefined) change(input.value.replace(/-?.-?$/, ""));
    if (clear !== undefined) change("");
    if (padClose !== undefined) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && !form.hidden) return close();
    if (event.target.matches("input:not([type=radio],[type=checkbox]), textarea, select")) return;
    if (TYPED.test(event.key)) open(); // the key itself lands in the field
  });
  return { close() { if (!form.hidden) close(); else form.reset(); } };
}
