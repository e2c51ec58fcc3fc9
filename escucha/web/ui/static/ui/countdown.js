// Keeps "en 18 min" true while the page is open: <time datetime data-countdown>, or "18 min" where it says "short". The server's words come first.
function span(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (days) return `${days} ${days === 1 ? "día" : "días"}${hours ? ` y ${hours} h` : ""}`;
  if (hours) return rest ? `${hours} h ${rest} min` : `${hours} h`;
  return rest ? `${rest} min` : "menos de un minuto";
}

function tick() {
  for (const time of document.querySelectorAll("time[data-countdown]")) {
    const left = (new Date(time.dateTime) - Date.now()) / 1000 + Number(document.body.dataset.clockSkew ?? 0);
    const short = time.dataset.countdown === "short";
    const length = short && Math.abs(left) < 60 ? "< 1 min" : span(left);
    const text = short ? `${left >= 0 ? "" : "−"}${length}` : `${left >= 0 ? "en" : "hace"} ${span(left)}`;
    if (time.textContent !== text) time.textContent = text;
    time.classList.toggle("is-late", left < 0);
  }
}

setInterval(tick, 15000);
