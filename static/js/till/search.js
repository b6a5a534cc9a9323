// A gift is looked up by what a hand scanner or the camera reads, as well as by typing. Binds <form data-finding>.
import { openCamera } from "./scan/camera.js";
import { listenForScanner } from "./scan/wedge.js";

const form = document.querySelector("[data-finding]");
const button = form?.querySelector("[data-finding-scan]");
const place = form?.parentElement.querySelector(".finding-camera");

function find(text) {
  form.elements.text.value = text;
  form.requestSubmit();
}

function look() {
  button.hidden = true;
  place.hidden = false;
  const camera = openCamera(place.querySelector("[data-camera]"), (text) => {
    camera.rest();
    find(text);
  });
}

if (form) {
  listenForScanner(find);
  button.hidden = false;
  button.addEventListener("click", look);
}
