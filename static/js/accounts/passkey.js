// <form data-passkey="get" data-challenge="/…/">: asks there what a passkey is to sign, has the browser do it, and
// sends the answer with the form. "create" makes a new one. Hidden where no script runs or the browser knows no passkeys.
import { lock } from "../busy.js";
import { announce } from "../announce.js";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const REFUSED = "refused";

async function ask(form) {
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.dataset.challenge, { method: "POST", body, headers: { Accept: "application/json" } });
  if (answer.status === 422) return REFUSED;
  if (answer.status === 429 || answer.status >= 500) throw new Error(answer.status);
  if (!answer.ok || answer.redirected) return null;
  return (await answer.json()).publicKey;
}

function inBytes(asked) {
  const named = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));
  return {
    ...asked,
    challenge: bytes(asked.challenge),
    ...(asked.user && { user: { ...asked.user, id: bytes(asked.user.id) } }),
    excludeCredentials: named(asked.excludeCredentials),
    allowCredentials: named(asked.allowCredentials),
  };
}

function inWords({ rawId, type, response }) {
  const told = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) told[part] = text(response[part]);
  }
  return JSON.stringify({ id: text(rawId), rawId: text(rawId), type, response: told, clientExtensionResults: {} });
}

async function send(form, button) {
  say(form, false);
  try {
    const asked = await ask(form);
    if (asked === REFUSED) return form.submit(); // which says why, before the device keeps a passkey
    if (!asked) return location.assign(location.href); // too long ago: the page itself says so; never sent again
    const publicKey = inBytes(asked);
    const made = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.elements.credential.value = inWords(made);
  } catch {
    say(form, true);
    return;
  }
  lock(form, button);
  form.submit();
}

function say(form, failed) {
  const words = form.querySelector("[data-passkey-failed]");
  words.hidden = !failed;
  if (failed) announce(words.textContent);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  send(form, event.submitter);
});

// Shown from the start, so that nothing moves below it.
if (!window.PublicKeyCredential) document.querySelectorAll("form[data-passkey]").forEach((form) => { form.hidden = true; });
