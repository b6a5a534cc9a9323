// A form that the camera can fill: <button data-scan hidden> in it opens the camera that stands behind it.
// bindCameraForm(form, onText) -> calls back with what is read until it says true; then the camera rests.
import { openCamera } from "./camera.js";

export function bindCameraForm(form, onText) {
  const button = form.querySelector("[data-scan]");
  const place = form.parentElement.querySelector("[data-scan-place]");
  button.hidden = false;
  button.addEventListener("click", () => {
    place.hidden = false;
    const picture = place.querySelector("[data-camera]");
    picture.focus(); // the button goes
    button.hidden = true;
    const camera = openCamera(picture, (text) => { if (onText(text)) camera.rest(); });
  });
}
