// A button that copies the text in data-copy. Hidden until this runs, and where the browser forbids it.
function prepare(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const words = button.querySelector("span") ?? button;
  const before = words.textContent;
  words.textContent = button.dataset.done;
  words.setAttribute("aria-live", "polite");
  setTimeout(() => (words.textContent = before), 2500);
});

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.target));
