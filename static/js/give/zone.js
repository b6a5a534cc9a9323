// Until somebody has said otherwise, recipients are taken to be where the sender is.
const form = document.querySelector("[data-guess-zone]");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const select of form?.querySelectorAll("select[name$=zone]") ?? []) {
  if (![...select.options].some((option) => option.value === here)) {
    select.prepend(new Option(here.split("/").pop().replaceAll("_", " "), here));
  }
  select.value = here;
}
