// Says, while the person types, which contact the answer will use. Without it the sentence tells the rule.
const said = (form, name) => form.elements[name]?.value.trim() ?? "";

function way(form, line) {
  const { email, phone, none, before } = line.dataset;
  const called = [said(form, "phone"), said(form, "other_phone")].find((number) => /\d/.test(number));
  if (said(form, "who") === "anonymous") return none;
  if (said(form, "email")) return email.replace("{contact}", said(form, "email"));
  if (called) return phone.replace("{contact}", called);
  return said(form, "name") || said(form, "document_number") ? none : before;
}

// On each letter, not on leaving the field: a line that grew on the way to the button would move it from under the finger.
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form") ?? event.target;
  const line = form.querySelector?.("[data-reach]");
  if (!line) return;
  const text = line.querySelector("span");
  line.dataset.before ??= text.textContent;
  text.textContent = way(form, line);
});
