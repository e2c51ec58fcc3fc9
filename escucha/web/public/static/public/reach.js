// Says, while the person types, which contact the answer will use. Without it the sentence tells the rule.
const line = document.querySelector("[data-reach]");
const form = line?.closest("form");
const said = (name) => form.elements[name]?.value.trim() ?? "";
const before = line?.querySelector("span").textContent;

function way() {
  const phone = [said("phone"), said("other_phone")].find((number) => /\d/.test(number));
  if (said("email")) return line.dataset.email.replace("{contact}", said("email"));
  if (phone) return line.dataset.phone.replace("{contact}", phone);
  return said("name") || said("document_number") ? line.dataset.none : before;
}

// On each letter, not on leaving the field: a line that grew on the way to the button would move it from under the finger.
form?.addEventListener("input", () => {
  line.querySelector("span").textContent = way();
});
