// A button that prints. It is hidden until this runs, since the browser's own menu always works.
// What folds is opened for paper, and folded again.
for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
document.addEventListener("click", (event) => event.target.closest?.("[data-print]") && window.print());

let opened = [];
window.addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const detail of opened) detail.open = true;
});
window.addEventListener("afterprint", () => {
  for (const detail of opened) detail.open = false;
});
