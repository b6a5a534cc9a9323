// Where somebody signs in, a hand scanner types no PIN.
import { bindPinPad } from "./pin.js";
import { listenForScanner } from "./wedge.js";

document.querySelectorAll("[data-pin-form]").forEach(bindPinPad);
listenForScanner(() => {});
