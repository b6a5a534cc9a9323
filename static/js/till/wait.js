// The words over the panel while an answer is awaited.
const box = document.getElementById("waiting");

export function show(state) {
  box.hidden = !state;
  box.dataset.state = state ?? "";
}

// Calls back with "again" or "stop" when somebody taps.
export function choice(tapped) {
  box.querySelector("[data-waiting-again]").onclick = () => tapped("again");
  box.querySelector("[data-waiting-stop]").onclick = () => tapped("stop");
}
