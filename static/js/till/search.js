// A gift is looked up by what a hand scanner or the camera reads, as well as by typing. Binds <form data-finding>.
import { bindCameraForm } from "./scan/camera_form.js";
import { isAsking } from "./keys/pin_again.js";
import { listenForScanner } from "./scan/wedge.js";

const form = document.querySelector("[data-finding]");

function find(text) {
  if (isAsking()) return false;
  form.elements.text.value = text;
  form.requestSubmit();
  return true;
}

if (form) {
  listenForScanner(find);
  bindCameraForm(form, find);
}
