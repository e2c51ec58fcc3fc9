// Reads the five-point check while it is filled and says what is still missing. It enables nothing: the server decides.
function list(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} y ${names.at(-1)}`;
}

function read(check) {
  const points = [...check.querySelectorAll("[data-point]")];
  const missing = points.filter((point) => !point.querySelector("input[type=radio]:checked"));
  const failed = points.filter((point) => point.querySelector("input[type=radio][data-fails]:checked"));
  const unexplained = failed.filter((point) => !point.querySelector("textarea, input[type=text]")?.value.trim());
  const names = (some) => list(some.map((point) => point.dataset.point.toLowerCase()));
  for (const point of points) {
    const reason = point.querySelector("[data-reason]");
    if (reason) reason.hidden = !failed.includes(point);
  }
  if (missing.length) return `Falta revisar ${names(missing)}.`;
  if (unexplained.length) return `Escriba qué falta en ${names(unexplained)}.`;
  if (failed.length) return `Se devuelve con su motivo en ${names(failed)}.`;
  return "Los cinco puntos cumplen: la respuesta puede salir.";
}

function show(check) {
  const output = check.querySelector("[data-check-says]");
  if (output) output.textContent = read(check);
}

const checks = (root) => [...root.querySelectorAll("[data-check]")];
checks(document).forEach(show);
document.addEventListener("htmx:load", (event) => checks(event.target).forEach(show));
for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const check = event.target.closest?.("[data-check]");
    if (check) show(check);
  });
}
