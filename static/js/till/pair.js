// The pairing link carries its token after the #, where no server and no log sees it. It is posted from here, once,
// and taken out of the address bar.
import { openCamera } from "./scan/camera.js";

const forms = [...document.querySelectorAll("[data-pairing]")];
const send = (form, token) => { form.elements.token.value = token; form.requestSubmit(); };

const token = location.hash.slice(1);
if (token && forms[0]) {
  history.replaceState(null, "", location.pathname);
  send(forms[0], token);
}

for (const form of forms) {
  const button = form.querySelector("[data-pairing-scan]");
  const place = form.parentElement.querySelector(".pair-camera");
  button.hidden = false;
  button.addEventListener("click", () => {
    button.hidden = true;
    place.hidden = false;
    const camera = openCamera(place.querySelector("[data-camera]"), (text) => {
      const scanned = text.split("#")[1];
      if (!scanned) return;
      camera.rest();
      send(form, scanned);
    });
  });
}
