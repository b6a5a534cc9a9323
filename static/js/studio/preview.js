// A page as its form would make it, in a frame beside the form: made anew a moment after the last letter. The newest
// answer counts. Without scripts a button opens it.
const WAIT_MS = 350;

for (const frame of document.querySelectorAll("[data-preview]")) {
  const form = document.getElementById(frame.dataset.form);
  let timer = 0;
  let asked = new AbortController();
  const show = async () => {
    asked.abort();
    asked = new AbortController();
    const body = new FormData(form);
    try {
      const answer = await fetch(frame.dataset.preview, { method: "POST", body, signal: asked.signal });
      if (answer.ok) put(frame, await answer.text());
    } catch {
      // cut off, or another was asked for: what it shows stays
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, WAIT_MS);
  });
  frame.hidden = false;
  show();
}

function put(frame, page) {
  const top = frame.contentWindow?.scrollY ?? 0;
  const show = () => {
    frame.contentDocument.body.inert = true; // a picture of the page: the keyboard goes past it
    frame.contentWindow.scrollTo(0, top);
  };
  frame.addEventListener("load", show, { once: true });
  const shown = new DOMParser().parseFromString(page, "text/html");
  for (const script of shown.querySelectorAll("script")) script.remove(); // none runs there, and each is complained of
  frame.srcdoc = `<!doctype html>${shown.documentElement.outerHTML}`;
}
