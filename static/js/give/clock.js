// The order's page goes by its reader's clock: tell the server which, and show the page anew when it went by another.
const section = document.querySelector("[data-clock]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const said = `clock=${zone}`;
if (section && zone && zone !== section.dataset.clock && !document.cookie.includes(said)) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${said}; Path=/orders/; Max-Age=31536000; SameSite=Lax${secure}`;
  if (document.cookie.includes(said)) location.reload(); // once: from now on it has been said
}
