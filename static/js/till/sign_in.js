// Where somebody signs in, also in the dialog that asks them to do it again, a hand scanner types no PIN.
import { bindPinPad } from "./keys/pin.js";
import { countPause } from "./keys/pin_pause.js";
import { listenForScanner } from "./scan/wedge.js";

const forms = document.querySelectorAll("[data-pin-form]");
forms.forEach(bindPinPad);
countPause(document);
if (forms.length || document.getElementById("pin-dialog")) listenForScanner(() => {});
