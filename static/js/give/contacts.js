// Where a phone lets a page ask for contacts (navigator.contacts), its own picker fills the rows: it shows the page only
// who was chosen there.
import { fillIn, room } from "./rows.js";

const button = document.querySelector("[data-contacts]");

if (button && navigator.contacts?.select) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      const chosen = await navigator.contacts.select(["name", "email"], { multiple: true });
      for (const { name, email } of chosen.slice(0, room())) {
        fillIn({ name: (name?.[0] ?? "").trim().slice(0, 60), email: (email?.[0] ?? "").trim().slice(0, 254) });
      }
    } catch { /* it was closed, or asks somebody else at the moment */ }
  });
}
