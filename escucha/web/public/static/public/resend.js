// A form with data-resend is sent without leaving its page: where there is no network it waits here, and it goes once when
// there is. `ago` says how many seconds before it was pressed. What is answered becomes the page (fresh.js).
const AGAIN = 4000;
const LONGEST = 60000;
let pressed = 0;

function say(form, word) {
  const place = form.querySelector("[data-resend-says]");
  if (place) place.textContent = word ? (place.dataset[word] ?? "") : "";
}

const later = () =>
  new Promise((done) => {
    const timer = setTimeout(back, AGAIN);
    function back() {
      clearTimeout(timer);
      removeEventListener("online", back);
      done();
    }
    addEventListener("online", back);
  });

async function told(form, body) {
  for (;;) {
    body.set("ago", Math.round((Date.now() - pressed) / 1000));
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(LONGEST) });
      if (answer.status < 500) return { html: await answer.text(), url: answer.redirected ? answer.url : "" };
    } catch {
      // Nothing arrived, or it cannot be known: said again, it is done once.
    }
    say(form, "waiting");
    await later();
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("form[data-resend]");
  if (!form) return;
  event.preventDefault();
  if (pressed) return;
  pressed = Date.now();
  say(form, "sending");
  const answer = await told(form, new FormData(form, event.submitter));
  pressed = 0;
  say(form, "");
  document.dispatchEvent(new CustomEvent("fresh:page", { detail: { ...answer, asked: true } }));
});

addEventListener("beforeunload", (event) => {
  if (pressed) event.preventDefault();
});
