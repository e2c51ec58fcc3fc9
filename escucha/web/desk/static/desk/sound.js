// Says, and sounds where the person switched it on, that a life is at risk, that an hour of theirs came, or that the
// time of something runs out. [data-alerts] holds the words and [data-sound] the switch, remembered on the device.
// The word is always said: the sound repeats it. A browser only sounds after somebody touched the page.
const KEY = "desk-sound";
const NOTES = { vital: [880, 1175, 880, 1175], due: [659, 523], share: [587] };
const LENGTH = 0.16;

const alerts = document.querySelector("[data-alerts]");
const button = alerts?.querySelector("[data-sound]");
const word = alerts?.querySelector("[data-alerts-word]");
let player = null;

function remembered() {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}

function remember(on) {
  try {
    localStorage.setItem(KEY, on ? "on" : "off");
  } catch {
    // Not kept: it lasts as long as the page.
  }
}

const isOn = () => button.getAttribute("aria-checked") === "true";

function show(on) {
  button.setAttribute("aria-checked", String(on));
  const state = button.querySelector("[data-on]");
  state.textContent = on ? state.dataset.on : state.dataset.off;
}

async function wake() {
  if (!isOn() || !window.AudioContext) return;
  player ??= new AudioContext();
  if (player.state === "suspended") await player.resume().catch(() => {});
}

async function sound(kind) {
  if (!isOn() || player?.state !== "running") return;
  NOTES[kind].forEach((pitch, place) => {
    const begin = player.currentTime + place * LENGTH;
    const loud = player.createGain();
    const tone = player.createOscillator();
    loud.gain.setValueAtTime(0.0001, begin);
    loud.gain.exponentialRampToValueAtTime(0.2, begin + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.0001, begin + LENGTH);
    tone.frequency.value = pitch;
    tone.connect(loud).connect(player.destination);
    tone.start(begin);
    tone.stop(begin + LENGTH);
  });
  button.dataset.sounded = String(Number(button.dataset.sounded ?? 0) + 1);
}

function tell(kind, name, share = 0) {
  const text = kind === "share" && share >= 100 ? word.dataset.late : word.dataset[kind];
  word.textContent = text.replace("{n}", name).replace("{share}", share);
  sound(kind);
}

const nameOf = (said) => (said.position ? `${said.file}/${said.position}` : String(said.file));
const now = () => Date.now() - 1000 * Number(document.body.dataset.clockSkew ?? 0);
let looked = now();

function look() {
  const moment = now();
  for (const time of document.querySelectorAll("[data-mine] time[data-countdown]")) {
    const due = new Date(time.dateTime).getTime();
    const about = time.closest("[data-mine]");
    if (looked < due && due <= moment) tell("due", about.dataset.mine || about.dataset.liveRow);
  }
  looked = moment;
}

function hear({ detail }) {
  const { member, roles } = alerts.dataset;
  const mine = detail.member === null || String(detail.member) === member || roles.split(" ").includes(detail.role);
  if (mine) tell("share", nameOf(detail), detail.share);
}

function begin() {
  button.hidden = false;
  show(remembered());
  button.addEventListener("click", async () => {
    show(!isOn());
    remember(isOn());
    await wake();
    sound("share");
  });
  for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, wake, { passive: true });
  wake();
  word.addEventListener("live:news", hear);
  alerts.addEventListener("live:news", ({ detail }) => {
    if (detail.vital && alerts.dataset.lines.split(" ").includes(detail.line)) tell("vital", nameOf(detail));
  });
  setInterval(look, 1000);
}

if (button && word) begin();
