// Where somebody signs in, a hand scanner types no PIN.
import { bindPinPad } from "./keys/pin.js";
import { countPause } from "./keys/pin_pause.js";
import { listenForScanner } from "./scan/wedge.js";

const forms = document.querySelectorAll("[data-pin-form]");
forms.forEach(bindPinPad);
countPause(document);
if (forms.length) listenForScanner(() => {});
