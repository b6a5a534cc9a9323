// Comfort only: the page works without it.

const form = document.querySelector("form[data-pay]");
const number = document.getElementById("cardNumber");
const expiry = document.getElementById("cardExpiry");
const cvc = document.getElementById("cardCvc");

function spaced(digits) {
  const amex = /^3[47]/.test(digits);
  const groups = amex ? [4, 6, 5] : [4, 4, 4, 4, 3];
  const parts = [];
  let start = 0;
  for (const size of groups) {
    if (start < digits.length) parts.push(digits.slice(start, start + size));
    start += size;
  }
  return parts.join(" ");
}

function keepCaret(input, format) {
  const before = input.value.slice(0, input.selectionStart).replace(/\D/g, "").length;
  input.value = format(input.value.replace(/\D/g, ""));
  let place = 0;
  for (let seen = 0; place < input.value.length && seen < before; place += 1) {
    if (/\d/.test(input.value[place])) seen += 1;
  }
  if (document.activeElement === input) input.setSelectionRange(place, place);
}

number?.addEventListener("input", () => keepCaret(number, spaced));

expiry?.addEventListener("input", (event) => {
  let digits = expiry.value.replace(/\D/g, "").slice(0, 4);
  if (/^[2-9]/.test(digits)) digits = `0${digits}`.slice(0, 4);
  const deleting = event.inputType?.startsWith("delete");
  if (digits.length > 2) expiry.value = `${digits.slice(0, 2)} / ${digits.slice(2)}`;
  else expiry.value = digits.length === 2 && !deleting ? `${digits} / ` : digits;
});

for (const button of document.querySelectorAll("[data-card]")) {
  button.addEventListener("click", () => {
    const amex = /^3[47]/.test(button.dataset.card);
    number.value = spaced(button.dataset.card);
    expiry.value = "12 / 34";
    cvc.value = amex ? "1234" : "123";
    const name = document.getElementById("billingName");
    const email = document.getElementById("email");
    if (!name.value) name.value = "Jenny Rosen";
    if (!email.value) email.value = "jenny@example.com";
    form.querySelector("button.button").focus();
  });
}

form?.addEventListener("submit", (event) => {
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter;
  if (button?.dataset.busy) {
    button.textContent = button.dataset.busy;
    button.setAttribute("aria-busy", "true");
  }
});

// Coming back with the Back button must find a button that works.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});

document.querySelector("[aria-invalid=true]")?.focus();
