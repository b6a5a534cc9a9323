// <button data-share="url" data-share-title data-share-text hidden> appears where the device can share. With data-shared="id" the
// form of that id is sent once the sheet has passed it on: closing the sheet sends nothing.
const reveal = (root) => root.querySelectorAll?.("[data-share][hidden]").forEach((button) => { button.hidden = !navigator.share; });

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-share]");
  if (!button) return;
  const { share: url, shareTitle: title, shareText: text, shared } = button.dataset;
  try { await navigator.share({ url, title, text }); } catch { return; /* closing the sheet is an answer too */ }
  if (shared) document.getElementById(shared)?.requestSubmit();
});
document.addEventListener("htmx:load", (event) => reveal(event.detail.elt));
reveal(document);
