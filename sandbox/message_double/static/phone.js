// Rings by itself: when something new came, the page shows it.
const talk = document.querySelector(".talk");
talk?.lastElementChild?.scrollIntoView({ block: "end" });

async function look() {
  const answer = await fetch("/api/messages").catch(() => null);
  const newest = answer?.ok ? (await answer.json()).messages[0] : null;
  const known = document.body.dataset.newest;
  const field = document.querySelector("#text");
  if (newest && newest.sid + newest.status !== known && !field?.value) location.reload();
}
setInterval(look, 2000);
