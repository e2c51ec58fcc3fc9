// A form with data-known="address" asks whether the person is known once it has a document and a telephone. It puts the
// name where nothing was typed, and says so in data-known-says.
async function ask(form) {
  const says = form.querySelector("[data-known-says]");
  const said = new FormData();
  for (const name of ["csrfmiddlewaretoken", "document_number", "phone"]) said.set(name, form.elements[name].value);
  if ([...said.values()].some((value) => value.trim().length < 6)) return (says.textContent = "");
  const answer = await fetch(form.dataset.known, { method: "POST", body: said }).catch(() => null);
  const known = answer?.ok ? await answer.json() : {};
  says.textContent = known.name ? `${says.dataset.knownText} ${known.name}, ${known.document}` : "";
  if (!known.name || form.elements.name.value) return;
  form.elements.name.value = known.name;
  form.elements.name.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-known]");
  if (form && ["document_number", "phone"].includes(event.target.name)) ask(form);
});
