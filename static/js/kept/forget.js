// Whoever signs out (<form data-forgets>) leaves nothing of what was typed (form.js) in this tab, nor in their others.
const tabs = document.body.dataset.person ? new BroadcastChannel("kept") : null;

export function forget() {
  try { sessionStorage.removeItem("kept"); } catch { /* a closed store holds nothing */ }
}

document.addEventListener("submit", ({ target }) => {
  if (!("forgets" in target.dataset)) return;
  forget();
  tabs?.postMessage("signed out");
});
tabs?.addEventListener("message", forget);
