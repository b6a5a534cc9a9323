// The words over the panel while an answer is awaited.
const box = document.getElementById("waiting");

export function show(state) {
  box.hidden = !state;
  box.dataset.state = state ?? "";
}

// "again" or "stop", as soon as somebody taps.
export const choice = () => new Promise((resolve) => {
  box.querySelector("[data-waiting-again]").onclick = () => resolve("again");
  box.querySelector("[data-waiting-stop]").onclick = () => resolve("stop");
});
