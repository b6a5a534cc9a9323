// Where somebody signs in, a hand scanner types no PIN.
import { bindPinPad } from "./keys/pin.js";
import { listenForScanner } from "./scan/wedge.js";

document.querySelectorAll("[data-pin-form]").forEach(bindPinPad);
listenForScanner(() => {});
