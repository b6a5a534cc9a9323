// <button data-share="url" data-share-title data-share-text hidden> appears where the device can share.
const reveal = (root) => root.querySelectorAll?.("[data-share][hidden]").forEach((button) => { button.hidden = !navigator.share; });

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-share]");
  if (!button) return;
  const { share: url, shareTitle: title, shareText: text } = button.dataset;
  try { await navigator.share({ url, title, text }); } catch { /* closing the sheet is an answer too */ }
});
document.addEventListener("htmx:load", (event) => reveal(event.detail.elt));
reveal(document);
