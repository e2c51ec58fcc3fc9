// The box in a table's head chooses its page; data-select-count says how many are chosen. Esc lets them go.
const boxes = (root) => [...root.querySelectorAll("tbody input[type=checkbox]")];

function show(root) {
  const chosen = boxes(root).filter((box) => box.checked);
  for (const box of boxes(root)) box.closest("tr").classList.toggle("is-selected", box.checked);
  const head = root.querySelector("[data-select-all]");
  if (head) {
    head.checked = chosen.length > 0 && chosen.length === boxes(root).length;
    head.indeterminate = chosen.length > 0 && !head.checked;
  }
  for (const output of root.querySelectorAll("[data-select-count]")) {
    output.textContent = chosen.length === 1 ? "1 elegido" : `${chosen.length} elegidos`;
  }
  for (const bar of root.querySelectorAll("[data-select-bar]")) bar.classList.toggle("is-empty", !chosen.length);
}

document.addEventListener("change", (event) => {
  const root = event.target.closest?.("[data-select]");
  if (!root) return;
  if (event.target.matches("[data-select-all]")) for (const box of boxes(root)) box.checked = event.target.checked;
  show(root);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const root of document.querySelectorAll("[data-select]")) {
    for (const box of boxes(root)) box.checked = false;
    show(root);
  }
});
for (const root of document.querySelectorAll("[data-select]")) show(root);
