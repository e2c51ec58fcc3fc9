// The panel of calls while a page is open: read again when a call is told of. What is focused keeps its focus.
const WAIT = 150;
let waiting;

async function renew(panel) {
  const answer = await fetch(panel.dataset.calls, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-calls]");
  if (!fresh) return;
  const call = document.activeElement?.closest?.("[data-call]")?.dataset.call;
  panel.replaceChildren(...fresh.childNodes);
  if (call) panel.querySelector(`[data-call="${CSS.escape(call)}"] :is(button, a)`)?.focus();
}

function soon(panel) {
  clearTimeout(waiting);
  waiting = setTimeout(() => renew(panel), WAIT);
}

for (const panel of document.querySelectorAll("[data-calls]")) {
  for (const news of ["live:news", "live:missed"]) panel.addEventListener(news, () => soon(panel));
}
