// The page of an assistance while it is open: when somebody else acts on it, it says so; nothing moves by itself.
const head = document.querySelector("[data-assistance]");
const news = document.querySelector("[data-assistance-news]");

head?.addEventListener("live:news", ({ detail }) => {
  const name = `${detail.file}/${detail.position}`;
  if (name === head.dataset.assistance && Number(detail.version) > Number(head.dataset.version)) news.hidden = false;
});

// What is far is folded: an address that names it opens it, also where the browser does not do so itself.
function unfold() {
  const folded = document.getElementById(location.hash.slice(1))?.closest("[data-unfold]");
  if (!folded) return;
  folded.open = true;
  folded.scrollIntoView();
  folded.querySelector("summary").focus({ preventScroll: true });
}

addEventListener("hashchange", unfold);
unfold();
