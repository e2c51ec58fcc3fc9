// Ctrl+Enter, or Cmd+Enter, sends a form with data-send from any of its fields, with its own first button: but never with
// the one that says that it is meant to be blank.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("form[data-send]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button[type=submit]:not([name=as_is])"));
});
