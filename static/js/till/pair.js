// The pairing link carries its token after the #, where no server and no log sees it. It is posted from here, once,
// and taken out of the address bar.
import { bindCameraForm } from "./scan/camera_form.js";

const forms = [...document.querySelectorAll("[data-pairing]")];

// -> whether there was one to send
function send(form, token) {
  if (!token) return false;
  form.elements.token.value = token;
  form.requestSubmit();
  return true;
}

const token = location.hash.slice(1);
if (token && forms[0]) {
  history.replaceState(null, "", location.pathname);
  send(forms[0], token);
}

for (const form of forms) bindCameraForm(form, (text) => send(form, text.split("#")[1]));
