// Single keys of the desk. They never act while the person types, and data-keys="off" on the body silences them.
// [data-key] is pressed or focused; j and k move over [data-row], Enter opens it, other keys act inside it (data-row-key).
let cursor = null;

const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility());

function move(step) {
  const all = rows();
  if (!all.length) return;
  const place = all.indexOf(cursor);
  const next = all[Math.min(all.length - 1, Math.max(0, place < 0 ? 0 : place + step))];
  cursor?.classList.remove("is-cursor");
  next.classList.add("is-cursor");
  next.scrollIntoView({ block: "nearest" });
  (next.querySelector("a[href]") ?? next).focus({ preventScroll: true });
  cursor = next;
}

function press(element) {
  if (!element || element.getAttribute("aria-disabled") === "true") return false;
  element.matches("input:not([type=checkbox], [type=radio]), textarea, select") ? element.focus() : element.click();
  return true;
}

function act(key, focused) {
  if (key === "j" || key === "k") return move(key === "j" ? 1 : -1), true;
  if (key === "Enter") return focused === document.body && cursor?.isConnected && press(cursor.querySelector("a[href]"));
  const name = CSS.escape(key);
  const inRow = cursor?.isConnected ? cursor.querySelector(`[data-row-key="${name}"]`) : null;
  return press(inRow) || press(document.querySelector(`[data-key="${name}"]`));
}

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) {
    if (event.key === "Escape" && event.target.type === "search") event.target.blur();
    return;
  }
  if (document.querySelector("dialog[open], [popover]:popover-open") && event.key !== "?") return;
  if (act(event.key, event.target)) event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-row]");
  if (!row || row === cursor) return;
  cursor?.classList.remove("is-cursor");
  row.classList.add("is-cursor");
  cursor = row;
});
