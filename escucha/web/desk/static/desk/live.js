// Tells a page what changed while it is open. `data-live` on an element names the topic it follows, and
// `data-live-pass` on the body where a pass is asked for. Each piece of news becomes a `live:news` event on it;
// `data-live-open` stands on the body while they can come.
// Without news, or without this script, a page is as it was read: nothing depends on it.

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;

const followers = () => document.querySelectorAll("[data-live]");
const source = document.querySelector("[data-live-pass]");

let wait = FIRST_WAIT;

function tell(said) {
  for (const follower of followers()) {
    if (follower.dataset.live === said.topic) {
      follower.dispatchEvent(new CustomEvent("live:news", { detail: said }));
    }
  }
}

function missed() {
  for (const follower of followers()) follower.dispatchEvent(new CustomEvent("live:missed"));
}

async function open(again) {
  try {
    const answer = await fetch(source.dataset.livePass, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const stream = new EventSource((await answer.json()).url);
    stream.onopen = () => {
      wait = FIRST_WAIT;
      source.dataset.liveOpen = "";
      if (again) missed();
    };
    stream.onmessage = (event) => tell(JSON.parse(event.data));
    stream.onerror = () => {
      stream.close();
      delete source.dataset.liveOpen;
      later();
    };
  } catch {
    later();
  }
}

function later() {
  setTimeout(() => open(true), wait);
  wait = Math.min(wait * 2, LONGEST_WAIT);
}

if (source && followers().length) open(false);
