// A page with data-fresh="version" is read again while somebody looks at it, and becomes what it is now. What is being
// typed is left in peace, and so is a page whose version did not change.
const EVERY = 20000;
const version = (page) => page.querySelector("[data-fresh]")?.dataset.fresh;
let reading = false;

const status = document.createElement("p");
status.className = "vh";
status.setAttribute("role", "status");
document.body.append(status);

function typing() {
  const fields = document.querySelectorAll("main :is(input:not([type=hidden]), textarea)");
  return [...fields].some((field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked);
}

function become(page, { url = "", asked = false } = {}) {
  const main = document.querySelector("main");
  const now = page.querySelector("main");
  if (!now) return location.reload();
  const heading = () => main.querySelector("h1")?.textContent ?? "";
  const before = heading();
  main.replaceChildren(...now.childNodes);
  document.title = page.title;
  if (url) history.replaceState(null, "", url);
  if (asked) {
    scrollTo(0, 0);
    (main.querySelector("[data-first-focus], [role=alert]") ?? main).focus();
  } else if (heading() !== before) status.textContent = heading();
}

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
document.addEventListener("fresh:page", ({ detail }) => become(parsed(detail.html), detail));

async function read() {
  if (reading || document.hidden || typing()) return;
  reading = true;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  const page = answer?.ok ? parsed(await answer.text().catch(() => "")) : null;
  reading = false;
  if (page && version(page) && version(page) !== version(document) && !typing()) become(page);
}

if (version(document)) {
  setInterval(read, EVERY);
  document.addEventListener("visibilitychange", read);
  addEventListener("online", read);
}
