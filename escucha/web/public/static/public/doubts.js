// A form with data-doubts="address" asks, after a document or a telephone is typed, whether it looks odd, and says so in
// the [data-doubt] of its field. It never stands in the way of sending.
const FIELDS = ["document_kind", "document_number", "phone", "other_phone"];

function said(form) {
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", ...FIELDS]) {
    if (form.elements[name]) body.set(name, form.elements[name].value); // what it never asks is not doubted
  }
  const nit = form.querySelector("[data-nit]");
  if (nit) body.set("document_kind", "NIT");
  return body;
}

async function ask(form) {
  const answer = await fetch(form.dataset.doubts, { method: "POST", body: said(form) }).catch(() => null);
  if (!answer?.ok) return;
  const doubts = await answer.json();
  for (const place of form.querySelectorAll("[data-doubt]")) {
    const strong = document.createElement("strong");
    strong.textContent = place.dataset.doubtAsks;
    const texts = doubts[place.dataset.doubt] ?? [];
    place.replaceChildren(...(texts.length ? [strong, ` ${texts.join(" ")}`] : []));
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-doubts]");
  if (form && FIELDS.includes(event.target.name)) ask(form);
});
