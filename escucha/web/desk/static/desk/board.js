// The board while it is open: what changes is marked on its row, which never moves; what is elsewhere is offered.
const news = document.querySelector("[data-board-news]");
const board = news?.closest('[data-live="assistance"]');
const elsewhere = new Set();

function offer(name) {
  elsewhere.add(name);
  const text = news.querySelector("[data-board-news-text]");
  text.textContent = elsewhere.size === 1 ? text.dataset.one : text.dataset.many.replace("{n}", elsewhere.size);
  news.hidden = false;
}

async function renew(row) {
  const answer = await fetch(`${row.dataset.liveUrl}`, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(`<table>${await answer.text()}</table>`, "text/html");
  const fresh = page.querySelector("tr");
  if (!fresh) return;
  const focused = row.contains(document.activeElement);
  fresh.classList.add("is-new");
  row.replaceWith(fresh);
  if (focused) fresh.querySelector("a")?.focus();
}

const waiting = new Map();

function soon(row) {
  clearTimeout(waiting.get(row));
  waiting.set(row, setTimeout(() => renew(row), 150));
}

board?.addEventListener("live:news", ({ detail }) => {
  const name = detail.position ? `${detail.file}/${detail.position}` : String(detail.file);
  const row = board.querySelector(`[data-live-row="${CSS.escape(name)}"]`);
  if (row) soon(row);
  else if (news) offer(name);
});
board?.addEventListener("live:missed", () => {
  for (const row of board.querySelectorAll("[data-live-row]")) soon(row);
});
