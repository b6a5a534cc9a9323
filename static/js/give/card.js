// The card beside the form shows what is being written, in the design that is chosen.
const form = document.querySelector("[data-card]");
const letter = form?.querySelector("[data-letter]");
const art = letter?.querySelector("[data-letter-art]");

// With a card each it is the card of the recipient who was edited last, whatever is edited now.
let last = form?.querySelector(".for-each li[data-name]");
const isEach = () => form.querySelector("[name=words][data-each]")?.checked ?? false;
const first = letter?.querySelector(".letter-to")?.lastChild.textContent.trim() ?? "";

function show(event) {
  last = event?.target.closest?.(".for-each li[data-name]") ?? last;
  const own = isEach() ? last : null;
  const design = own?.querySelector("select[name$=design]").value || form.querySelector("[name=design]:checked")?.value;
  const message = (own ?? form).querySelector(own ? "[data-message]" : ".for-all [data-message]");
  letter.querySelector("[data-letter-message]").innerText = message.value;
  letter.className = `letter letter-${design}`;
  const picture = form.querySelector(`[name=design][value="${design}"]`)?.closest(".choice").querySelector("img");
  if (art && picture && art.src !== picture.src) art.src = picture.src;
  addressed(own?.dataset.name ?? first);
  signed(form.querySelector("[name=sender_name]").value.trim());
}

function addressed(name) {
  const words = letter.querySelector(".letter-to")?.lastChild;
  if (words && name) words.textContent = ` ${name}`;
}

function signed(name) {
  let from = letter.querySelector(".letter-from");
  if (!from && name) {
    from = Object.assign(document.createElement("p"), { className: "letter-from" });
    letter.querySelector(".letter-words").append(from);
  }
  if (from) from.textContent = name;
}

form?.addEventListener("input", show);
form?.addEventListener("focusin", (event) => { if (event.target.closest(".for-each li")) show(event); });
if (letter) show();
addEventListener("pageshow", () => { if (letter) show(); });
