// A store's form: Monday's hours for the whole week without a way to the server, and a position that was
// pasted whole is split into its two numbers. The server does both as well; this is only quicker.

for (const button of document.querySelectorAll("[data-copy-days]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const [monday, ...others] = button.closest("[data-days]").querySelectorAll(".day");
    const source = monday.querySelectorAll("input");
    for (const day of others) {
      day.querySelectorAll("input").forEach((input, place) => {
        if (input.type === "checkbox") input.checked = source[place].checked;
        else input.value = source[place].value;
      });
    }
    button.dispatchEvent(new Event("input", { bubbles: true })); // as if it was typed
  });
}

const NUMBER = "([+-]?\\d{1,3}(?:\\.\\d+)?)";
const SHAPES = [
  `!3d${NUMBER}!4d${NUMBER}`,
  `[?&#](?:q|query|ll|sll|daddr|destination|coordinate|center)=(?:loc:)?${NUMBER},\\s*\\+?${NUMBER}`,
  `[?&]mlat=${NUMBER}&mlon=${NUMBER}`,
  `/@${NUMBER},${NUMBER}`,
  `#map=\\d+(?:\\.\\d+)?/${NUMBER}/${NUMBER}`,
  `^geo:${NUMBER},${NUMBER}`,
  `^\\(?${NUMBER}\\s*[,;\\s]\\s*${NUMBER}\\)?$`,
].map((shape) => new RegExp(shape));

// Half of Europe writes 48,137 for 48.137: one number and no pair.
const IS_NUMBER = /^\s*[+-]?\d+(?:[.,]\d+)?\s*$/;

// The latitude and longitude in a text, or null. As giftshop/studio/stores/maps.py reads it, without its rarer forms.
function positionIn(text) {
  let plain = text.trim();
  try {
    plain = decodeURIComponent(plain);
  } catch {
    // a stray per cent sign: read it as it is
  }
  for (const shape of SHAPES) {
    const found = shape.exec(plain);
    if (found) return found.slice(1, 3);
  }
  return null;
}

for (const part of document.querySelectorAll("[data-position]")) {
  const [latitude, longitude] = part.querySelectorAll("input");
  const line = part.querySelector("[data-map]");
  const showMap = () => {
    const found = positionIn(`${latitude.value.replace(",", ".")}, ${longitude.value.replace(",", ".")}`);
    line.hidden = !found;
    if (found) {
      const [north, east] = found;
      line.querySelector("a").href = `https://www.openstreetmap.org/?mlat=${north}&mlon=${east}#map=17/${north}/${east}`;
    }
  };
  const split = () => {
    const found = IS_NUMBER.test(latitude.value) ? null : positionIn(latitude.value);
    if (found) [latitude.value, longitude.value] = found;
    showMap();
  };
  // Never while it is typed by hand: a pair that is half typed looks whole.
  latitude.addEventListener("input", (event) => event.inputType === "insertFromPaste" && split());
  latitude.addEventListener("change", split);
  part.addEventListener("input", showMap);
}
