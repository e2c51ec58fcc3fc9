// One tab stop for a strip of days; the arrows walk its days. Without this, every special day is a tab stop.
const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const daysOf = (strip) => [...strip.querySelectorAll("button.strip-cell")];

function prepare(root) {
  for (const strip of root.querySelectorAll("[data-strip]")) {
    const days = daysOf(strip);
    const start = Math.max(0, days.findIndex((day) => day.closest(".is-today, .is-now")));
    days.forEach((day, place) => (day.tabIndex = place === start ? 0 : -1));
  }
}

function target(days, from, key) {
  if (key === "Home") return days[0];
  if (key === "End") return days.at(-1);
  return key in steps ? days[from + steps[key]] : undefined;
}

document.addEventListener("keydown", (event) => {
  const strip = event.target.closest?.("[data-strip]");
  if (!strip) return;
  const days = daysOf(strip);
  const to = target(days, days.indexOf(event.target), event.key);
  if (!to) return;
  event.preventDefault();
  event.target.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
});

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.target));
