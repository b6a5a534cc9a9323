// Keeps the list fresh while it is looked at, and puts times in the reader's own.

const REFRESH_MS = 1500;
const rows = document.querySelector("[data-rows]");
const news = document.querySelector("[data-news]");
const search = document.querySelector(".search input");

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

function tellTimes(root) {
  for (const time of root.querySelectorAll("time")) {
    const then = new Date(time.dateTime);
    const today = then.toDateString() === new Date().toDateString();
    time.textContent = (today ? clock : day).format(then);
    time.title = full.format(then);
  }
}

const newest = () => Number(rows.querySelector("[data-newest]")?.dataset.newest ?? 0);

async function refresh() {
  const query = new URLSearchParams({ to: search.value, chosen: rows.dataset.chosen });
  const answer = await fetch(`/list?${query}`);
  if (!answer.ok) return;
  const fresh = document.createElement("div");
  fresh.innerHTML = await answer.text();
  tellTimes(fresh);
  if (fresh.innerHTML === rows.innerHTML) return;
  const before = newest();
  const focused = rows.contains(document.activeElement)
    ? document.activeElement.getAttribute("href")
    : null;
  rows.replaceChildren(...fresh.childNodes);
  if (focused) rows.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  if (newest() > before) news.textContent = "New mail has come.";
}

async function keepFresh() {
  if (!document.hidden) await refresh().catch(() => {}); // the tray may be stopped: keep what is shown
  setTimeout(keepFresh, REFRESH_MS);
}

search.addEventListener("input", () => {
  history.replaceState(null, "", search.value ? `?${new URLSearchParams({ to: search.value })}` : location.pathname);
  refresh().catch(() => {});
});

document.querySelector("[data-clear]").addEventListener("click", async () => {
  if (!confirm("Empty the tray? Every message in it is removed.")) return;
  await fetch("/api/messages", { method: "DELETE" });
  location.assign("/");
});

tellTimes(document);
keepFresh();
