// Whoever opens another step in the bar takes what they typed along: it is put into the draft, as their form's button would
// do, so that Pay shows it. Without a script, or in another tab, the link is a link.
const form = document.querySelector("form[data-step]");

document.querySelector(".step-nav")?.addEventListener("click", (event) => {
  const step = event.target.closest("[data-opens-step]")?.dataset.opensStep;
  if (!step || !form || !("typed" in form.dataset)) return;
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const opened = Object.assign(document.createElement("input"), { type: "hidden", name: "open", value: step });
  form.append(opened);
  form.requestSubmit();
  opened.remove(); // whoever comes Back goes on by the button
});
