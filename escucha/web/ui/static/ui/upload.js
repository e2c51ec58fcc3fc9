// Files chosen in a form: listed, taken out one by one, and sent while it is seen how much has gone.
// [data-upload] is the input; a form with data-upload-form is sent from here, and without this script as any other.
const size = (bytes) =>
  bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1).replace(".", ",").replace(",0", "")} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
const parts = (input) => {
  const place = input.closest("[data-upload-place]");
  const find = (name) => place.querySelector(`[data-upload-${name}]`);
  return { list: find("list"), problem: find("problem"), progress: find("progress"), says: find("says"), words: find("words").dataset };
};

function wrong(input) {
  const { uploadFiles, uploadBytes, uploadTotal } = input.dataset;
  const { words } = parts(input);
  const files = [...input.files];
  const big = files.find((file) => file.size > Number(uploadBytes));
  if (big) return filled(words.big, { name: big.name, limit: size(Number(uploadBytes)) });
  if (files.length > Number(uploadFiles)) return filled(words.many, { most: uploadFiles });
  const total = files.reduce((sum, file) => sum + file.size, 0);
  return total > Number(uploadTotal) ? filled(words.heavy, { limit: size(Number(uploadTotal)) }) : "";
}

function say(input, problem) {
  const place = parts(input).problem;
  place.textContent = problem;
  place.hidden = !problem;
}

function without(input, left) {
  const kept = new DataTransfer();
  for (const file of input.files) if (file !== left) kept.items.add(file);
  input.files = kept.files;
  show(input);
  input.focus();
}

function row(input, file) {
  const { words } = parts(input);
  const line = document.createElement("li");
  const name = document.createElement("span");
  const about = document.createElement("span");
  const button = document.createElement("button");
  name.textContent = file.name;
  about.textContent = size(file.size);
  Object.assign(button, { type: "button", className: "button button--quiet button--small", textContent: words.remove });
  button.setAttribute("aria-label", `${words.remove} ${file.name}`);
  button.addEventListener("click", () => without(input, file));
  line.append(name, about, button);
  return line;
}

function show(input) {
  const { list } = parts(input);
  list.replaceChildren(...[...input.files].map((file) => row(input, file)));
  list.hidden = !input.files.length;
  say(input, wrong(input));
}

function go(address) {
  const to = new URL(address, location.href);
  const here = to.pathname + to.search === location.pathname + location.search;
  location.assign(to);
  if (here) location.reload(); // only another place of this page would be gone to otherwise
}

function arrived(request, form, input) {
  if (request.getResponseHeader("Content-Type")?.startsWith("application/json")) return go(JSON.parse(request.responseText).url);
  if (request.status < 400 && request.responseURL !== form.action) return go(request.responseURL);
  // The page came back with what must be corrected: it takes the place of this one, and the files stay chosen.
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const fresh = page.querySelector("main");
  if (!fresh) return undefined;
  document.title = page.title;
  document.querySelector("main").replaceWith(fresh);
  const again = fresh.querySelector(`[data-upload][name="${input.name}"]`);
  if (again) {
    const held = fresh.querySelector(`[data-upload-held="${input.name}"]`);
    if (!held && !again.matches("[aria-invalid=true]")) again.files = input.files;
    show(again);
  }
  (fresh.querySelector("[data-first-focus]") ?? fresh).focus();
}

function send(form, input, button) {
  const { progress, says, words } = parts(input);
  const body = new FormData(form, button ?? undefined);
  const request = new XMLHttpRequest();
  const rest = (busy) => {
    progress.hidden = !busy;
    for (const one of form.querySelectorAll("button[type=submit]")) one.disabled = busy;
  };
  request.upload.addEventListener("progress", (event) => {
    const done = Math.round((100 * event.loaded) / event.total);
    progress.querySelector("progress").value = done;
    if (done % 10 === 0) says.textContent = filled(words.sending, { done });
  });
  request.addEventListener("load", () => (rest(false), arrived(request, form, input)));
  request.addEventListener("error", () => (rest(false), say(input, words.lost)));
  request.open("POST", form.action);
  request.setRequestHeader("X-Upload", "1");
  request.send(body);
  rest(true);
}

document.addEventListener("change", (event) => event.target.matches?.("[data-upload]") && show(event.target));
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-upload-form]");
  const chosen = [...(form?.querySelectorAll("[data-upload]") ?? [])].filter((input) => input.files.length);
  if (!chosen.length) return;
  event.preventDefault();
  for (const input of chosen) say(input, wrong(input));
  const bad = chosen.find((input) => wrong(input));
  if (bad) return bad.focus();
  send(form, chosen[0], event.submitter);
});
