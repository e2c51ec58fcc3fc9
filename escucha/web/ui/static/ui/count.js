// Counts what is typed in the field that data-count names: data-count-max characters left, or words and reading time.
const number = new Intl.NumberFormat("es-CO");

function words(text) {
  const many = text.trim().split(/\s+/).filter(Boolean).length;
  const minutes = Math.max(1, Math.round(many / 200));
  if (!many) return "Sin palabras todavía";
  return `${number.format(many)} ${many === 1 ? "palabra" : "palabras"}, se lee en ${minutes === 1 ? "un minuto" : `${minutes} minutos`}`;
}

function left(text, max) {
  const rest = max - text.length;
  const noun = Math.abs(rest) === 1 ? "carácter" : "caracteres";
  return rest < 0 ? `Sobran ${number.format(-rest)} ${noun}` : `Quedan ${number.format(rest)} ${noun}`;
}

function show(output) {
  const field = document.getElementById(output.dataset.count);
  if (!field) return;
  const max = Number(output.dataset.countMax);
  output.textContent = max ? left(field.value, max) : words(field.value);
  output.classList.toggle("is-late", Boolean(max) && field.value.length > max);
}

const outputs = (root) => [...root.querySelectorAll("[data-count]")];
outputs(document).forEach(show);
document.addEventListener("htmx:load", (event) => outputs(event.target).forEach(show));
document.addEventListener("input", (event) => {
  if (event.target.id) outputs(document).filter((output) => output.dataset.count === event.target.id).forEach(show);
  else if (event.target.matches?.("form")) outputs(event.target).forEach(show);
});
