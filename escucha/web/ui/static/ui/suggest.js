// An input with data-suggest="address" and a datalist: what is typed is asked there, and the answers are offered.
const WAIT = 200;
const waiting = new WeakMap();

async function ask(field) {
  const typed = field.value.trim();
  if (typed.length < 2) return;
  const answer = await fetch(`${field.dataset.suggest}?${new URLSearchParams({ q: typed })}`).catch(() => null);
  if (!answer?.ok || field.value.trim() !== typed) return;
  const { places } = await answer.json();
  field.list.replaceChildren(...places.map((place) => new Option(place)));
}

document.addEventListener("input", (event) => {
  const field = event.target.closest?.("input[data-suggest]");
  if (!field?.list || [...field.list.options].some((option) => option.value === field.value)) return;
  clearTimeout(waiting.get(field));
  waiting.set(field, setTimeout(() => ask(field), WAIT));
});
