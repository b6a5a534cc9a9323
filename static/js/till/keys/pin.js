// The PIN pad: works by touch and by keyboard, wherever in it the focus is, or nowhere.
import { isForThePage } from "./page_keys.js";

export function bindPinPad(form) {
  const pin = form.elements.pin;
  if (!pin) return;
  if (matchMedia("(pointer: coarse)").matches) pin.inputMode = "none"; // the pad is the keyboard
  form.addEventListener("click", (event) => {
    const key = event.target.closest("[data-digit], [data-erase]");
    if (!key) return;
    if ("erase" in key.dataset) pin.value = pin.value.slice(0, -1);
    else if (pin.value.length < pin.maxLength) pin.value += key.dataset.digit;
  });
  // What is pasted, or filled in by somebody's own password manager, may have spaces around its digits.
  pin.addEventListener("input", () => { pin.value = pin.value.replace(/\D/g, ""); });
  form.addEventListener("change", (event) => {
    if (event.target.name === "staff") pin.value = "";
  });
  const onKey = (event) => {
    if (!form.isConnected) return document.removeEventListener("keydown", onKey);
    if (event.ctrlKey || event.altKey || event.metaKey || event.target === pin) return;
    if (!form.contains(event.target) && !isForThePage(event)) return;
    if (/^\d$/.test(event.key) && pin.value.length < pin.maxLength) pin.value += event.key;
    else if (event.key === "Backspace") pin.value = pin.value.slice(0, -1);
    else if (event.key === "Enter" && !form.contains(event.target)) form.requestSubmit();
  };
  document.addEventListener("keydown", onKey);
}
