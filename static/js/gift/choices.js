// What was said of the pick holds for what was sent: it leaves as soon as another is picked.
document.addEventListener("change", ({ target }) => target.closest("#choices")?.querySelector(".gift-said")?.remove());
