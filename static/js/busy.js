// A form is sent once: after the first submit its button rests until the page or htmx answers.
// Opt out with <form data-submit-again>. A script that sends a form itself locks it: lock(form, submitter).
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || event.submitter?.formTarget === "_blank" || form.hasAttribute("data-submit-again")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  // A later listener may cancel this submit (a present that opens first); only a sent form is locked.
  setTimeout(() => { if (!event.defaultPrevented || isHtmx(form)) lock(form, event.submitter); });
}, true);

document.addEventListener("htmx:afterRequest", (event) => unlock(event.target.closest("form")));
// Coming Back to a page out of the browser's cache finds it ready again.
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(unlock);
});

function isHtmx(form) {
  return form.matches("[data-hx-post], [data-hx-get]");
}

export function lock(form, submitter) {
  form.dataset.sent = "1";
  const button = submitter ?? form.querySelector("button:not([type=button])");
  button?.setAttribute("data-busy", "");
  button?.setAttribute("aria-disabled", "true");
}

function unlock(form) {
  if (!form) return;
  delete form.dataset.sent;
  form.querySelectorAll("[data-busy]").forEach((button) => {
    button.removeAttribute("data-busy");
    button.removeAttribute("aria-disabled");
  });
}
