// A form with data-keep="name" never loses what was typed: it is kept in this tab until the page after it says
// data-kept="name" (sent well). Passwords, files and hidden fields are never kept.
const place = (name) => `keep:${location.host}:${name}`;
const kept = "input:not([type=password], [type=file], [type=hidden], [type=submit], [type=button]), textarea, select";
const fields = (form) => [...form.querySelectorAll(kept)].filter((field) => field.name && field.dataset.keep !== "off");

function read(form) {
  try {
    return JSON.parse(sessionStorage.getItem(place(form.dataset.keep))) ?? {};
  } catch {
    return {};
  }
}

function write(form) {
  const values = {};
  for (const field of fields(form)) {
    if (field.matches("[type=radio], [type=checkbox]")) {
      values[field.name] ??= [];
      if (field.checked) values[field.name].push(field.value);
    } else if (field.matches("select")) {
      values[field.name] = [...field.selectedOptions].map((option) => option.value);
    } else {
      values[field.name] = [field.value, field.defaultValue ?? ""];
    }
  }
  try {
    sessionStorage.setItem(place(form.dataset.keep), JSON.stringify(values));
  } catch {
    // Storage may be full or forbidden: the form works without it.
  }
}

function put(field, values) {
  if (field.matches("[type=radio], [type=checkbox]")) {
    const checked = values.includes(field.value);
    if (checked === field.checked) return false;
    field.checked = checked;
    return true;
  }
  if (field.matches("select")) {
    const before = field.value;
    for (const option of field.options) option.selected = values.includes(option.value);
    return field.value !== before;
  }
  // Typed over a text that the server has changed since: the server's stands.
  const [typed, base] = values;
  if (field.value === typed || (base !== undefined && base !== field.defaultValue)) return false;
  field.value = typed;
  return true;
}

function restore(form) {
  const values = read(form);
  let changed = false;
  // A form the server gives back with errors carries the newest text already.
  if (form.querySelector("[aria-invalid=true]") || form.dataset.keepFrom === "server") return;
  for (const field of fields(form)) if (values[field.name]) changed = put(field, values[field.name]) || changed;
  if (!changed) return;
  const note = form.querySelector("[data-keep-note]");
  if (note) note.hidden = false;
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const done of document.querySelectorAll("[data-kept]")) sessionStorage.removeItem(place(done.dataset.kept));
for (const form of document.querySelectorAll("form[data-keep]")) restore(form);

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.closest?.("form[data-keep]");
    if (form && event.target !== form) write(form);
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-keep-forget]");
  const form = button?.closest("form[data-keep]");
  if (!form) return;
  sessionStorage.removeItem(place(form.dataset.keep));
  form.reset();
  form.querySelector("[data-keep-note]").hidden = true;
});
