"use strict";
// Plays the playlist of this page, and shows where in the workout it is. Times are in seconds.

const data = JSON.parse(document.getElementById("data").textContent);
const { songs, stages, moments } = data;
const byId = (id) => document.getElementById(id);
const all = (selector) => Array.from(document.querySelectorAll(selector));
const SOON = 10; // Seconds before a change from which it is announced.
const OVERLAP = 0.25; // Seconds that a song rings out while the next one starts: no audible gap.

// ------------------------------------------------------------------- words

function clock(time) {
  const whole = Math.max(0, Math.round(time));
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = String(seconds).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

const nameOf = (song) => (song.artist ? `${song.artist} - ${song.title}` : song.title);
const bpmOf = (song) => (song.followed === null ? "-" : song.followed.toFixed(0));
const levels = { 0.5: "½", 2: "2" };

/** Write a text where it is not there yet, so that nothing is drawn in vain. */
function write(id, text) {
  const element = byId(id);
  if (element.textContent !== text) element.textContent = text;
}

/** Write a text as large as its box; how wide a letter is, the style sheet knows. */
function writeLarge(id, text) {
  write(id, text);
  byId(id).style.setProperty("--letters", String(Math.max(text.length - (text.split(":").length - 1) / 2, 2.5)));
}

// ------------------------------------------------------------------ player

const blobs = new Map();

/** Return where the sound of a song is, or nothing where it is not a file here. */
function sourceOf(index) {
  const song = songs[index];
  if (song.src || blobs.has(index)) return song.src || blobs.get(index);
  const packed = document.querySelector(`script.music[data-song="${index}"]`);
  if (!packed) return "";
  const bytes = Uint8Array.from(atob(packed.textContent), (letter) => letter.charCodeAt(0));
  blobs.set(index, URL.createObjectURL(new Blob([bytes], { type: packed.dataset.type })));
  return blobs.get(index);
}

// Two decks take turns, so that the next song is loaded before it is needed.
const decks = [new Audio(), new Audio()];
const player = { index: 0, deck: 0, playing: false, since: 0, silentAt: 0, lost: new Set() };

const silent = (index) => player.lost.has(index) || !sourceOf(index);

function load(deck, index) {
  const audio = decks[deck];
  if (audio.dataset.song === String(index)) return audio;
  audio.pause();
  audio.dataset.song = String(index);
  audio.preload = "auto";
  audio.src = sourceOf(index);
  return audio;
}

/** Return where in the song of now the music is. A song without sound runs by the clock. */
function within() {
  if (!silent(player.index)) return decks[player.deck].currentTime;
  return player.silentAt + (player.playing ? (performance.now() - player.since) / 1000 : 0);
}

const position = () => songs[player.index].start + Math.min(within(), songs[player.index].duration);

function go(index, at = 0, ringsOut = false) {
  if (!ringsOut) decks.forEach((deck) => deck.pause());
  const following = decks[1 - player.deck];
  if (following.dataset.song === String(index)) player.deck = 1 - player.deck;
  player.index = index;
  player.silentAt = at;
  player.since = performance.now();
  if (!silent(index)) {
    const audio = load(player.deck, index);
    if (Math.abs(audio.currentTime - at) > 0.05) audio.currentTime = at;
    if (player.playing) start(audio);
  }
  announce();
  render();
}

function start(audio) {
  const index = player.index;
  audio.play().catch((error) => {
    if (error.name === "NotAllowedError") stop();
    else if (error.name !== "AbortError") lose(index);
  });
}

/** Note that a song does not play here. */
function lose(index) {
  if (player.lost.has(index)) return;
  player.lost.add(index);
  if (index === player.index) [player.silentAt, player.since] = [0, performance.now()];
  const names = Array.from(player.lost, (each) => nameOf(songs[each])).join("; ");
  byId("missing").hidden = false;
  write("missing", [data.missing, `${names}: cannot be played here, so the display runs on in silence.`].join(" ").trim());
}

function play() {
  player.playing = true;
  player.since = performance.now();
  if (!silent(player.index)) start(load(player.deck, player.index));
  document.documentElement.classList.add("playing");
  stayAwake();
  announce();
  render();
}

function stop() {
  player.silentAt = within();
  player.playing = false;
  decks.forEach((deck) => deck.pause());
  document.documentElement.classList.remove("playing");
  stayAwake();
  render();
}

const toggle = () => (player.playing ? stop() : play());

function step(by, ringsOut = false) {
  // Back in the middle of a song leads to its start, as on every player.
  if (by < 0 && within() > 3) return go(player.index);
  const index = player.index + by;
  if (index >= songs.length) return finish();
  return go(Math.max(0, index), 0, ringsOut);
}

function finish() {
  stop();
  go(0);
}

function seek(time) {
  const wanted = Math.min(Math.max(time, 0), data.duration - 0.1);
  const index = Math.max(0, songs.findLastIndex((song) => song.start <= wanted));
  go(index, wanted - songs[index].start);
}

for (const deck of decks) {
  deck.addEventListener("ended", () => deck === decks[player.deck] && player.playing && step(1));
  deck.addEventListener("error", () => deck.dataset.song && lose(Number(deck.dataset.song)));
}

// -------------------------------------------------------- what the system does

let lock = null;

/** Keep the screen on while music plays, where the browser can. */
async function stayAwake() {
  if (!navigator.wakeLock) return;
  try {
    if (player.playing && !lock && document.visibilityState === "visible") {
      lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => { lock = null; });
    } else if (!player.playing && lock) {
      await lock.release();
    }
  } catch { /* the system needs its battery */ }
}
document.addEventListener("visibilitychange", stayAwake);

/** Tell the system, and those who listen to the screen, what plays now. */
function announce() {
  const song = songs[player.index];
  document.title = `${player.playing ? "▶ " : ""}${nameOf(song)} · ${data.title}`;
  if (player.playing) write("said", `${player.index + 1}: ${nameOf(song)}, ${bpmOf(song)} BPM`);
  if (navigator.mediaSession && window.MediaMetadata) {
    navigator.mediaSession.metadata = new MediaMetadata({ title: song.title, artist: song.artist, album: data.title });
  }
}
if (navigator.mediaSession) {
  const keys = { play, pause: stop, previoustrack: () => step(-1), nexttrack: () => step(1) };
  for (const [key, action] of Object.entries(keys)) navigator.mediaSession.setActionHandler(key, action);
}

// ------------------------------------------------------------------ display

const stageAt = (time) => Math.max(0, stages.findLastIndex((stage) => stage.start <= time));

function effortAt(stage, time) {
  const [first, last] = stage.intensity;
  const share = Math.min(Math.max((time - stage.start) / stage.duration, 0), 1);
  return `${(100 * (first + (last - first) * share)).toFixed(0)} %`;
}

const cueOf = (stage) => (stage.name ? `${stage.name}, ` : "") + effortAt(stage, stage.start);

function render() {
  const time = position();
  if (player.playing) advance();
  const song = songs[player.index];
  const end = data.target || data.duration;
  write("p-song", nameOf(song));
  write("p-at", clock(time));
  write("p-left", `${clock(end - time)} left`);
  const seekBar = byId("seek");
  if (document.activeElement !== seekBar || player.playing) seekBar.value = String(Math.round(time));
  seekBar.setAttribute("aria-valuetext", `${clock(time)} of ${clock(data.length)}`);
  for (const row of all("tbody tr")) row.classList.toggle("current", Number(row.dataset.row) === player.index);
  for (const button of all(".toggle")) button.setAttribute("aria-label", player.playing ? "Pause" : "Play");
  renderHead(time);
  renderFloor(time, song, end);
}

/** Go on to the next song at the end of this one; load it before. */
function advance() {
  const song = songs[player.index];
  const audio = decks[player.deck];
  const length = silent(player.index) || !Number.isFinite(audio.duration) ? song.duration : audio.duration;
  const isLast = player.index === songs.length - 1;
  const overlap = isLast || silent(player.index) ? 0 : OVERLAP;
  if (within() >= length - overlap) return step(1, true);
  if (!isLast && !silent(player.index + 1) && decks[1 - player.deck].paused) {
    load(1 - player.deck, player.index + 1);
  }
}

function renderFloor(time, song, end) {
  const stage = stages[stageAt(time)];
  const last = stage && stage.start + stage.duration;
  const left = stage ? last - time : song.start + song.duration - time;
  const over = time >= end;
  write("f-count", stage ? `${stageAt(time) + 1}/${stages.length}` : "");
  write("f-step", stage ? stage.name || effortAt(stage, time) : data.title);
  write("f-effort", stage && stage.name ? effortAt(stage, time) : "");
  writeLarge("f-bpm", bpmOf(song));
  byId("f-bpm").className = `t${song.ink}`;
  write("f-cadence", stage && stage.cadence ? `, ${stage.cadence.map((each) => each.toFixed(0)).join("-")} a minute` : "");
  writeLarge("f-left", over ? "0:00" : clock(left));
  write("f-left-of", `left in this ${stage ? "step" : "song"}${player.playing ? "" : ", paused"}`);
  const next = stage && stages[stageAt(time) + 1];
  const cue = next ? `then ${cueOf(next)}` : over ? "done" : stage ? "then done" : "";
  const soon = stage !== undefined && left <= SOON && !over;
  byId("f-left-box").classList.toggle("soon", soon && player.playing);
  byId("f-cue").classList.toggle("soon-cue", soon);
  write("f-cue", cue);
  const after = songs[player.index + 1];
  write("f-now", nameOf(song));
  write("f-next", after ? `${nameOf(after)}, ${bpmOf(after)} BPM` : "the end");
  write("f-total", clock(end - time));
  write("p-step", stage ? `${stage.name || effortAt(stage, time)}, ${clock(left)} left${next ? `; ${cue}` : ""}` : "");
  byId("f-head").style.left = `${(100 * time) / data.length}%`;
  const bars = byId("f-strip").children;
  stages.forEach((each, index) => {
    bars[index].classList.toggle("on", each === stage);
    bars[index].classList.toggle("done", each.start + each.duration <= time);
  });
}

function renderHead(time) {
  for (const head of all(".playhead")) {
    const { left, right } = head.ownerSVGElement.dataset;
    const x = Number(left) + ((right - left) * time) / data.length;
    head.setAttribute("transform", `translate(${x.toFixed(1)} 0)`);
  }
}

// ----------------------------------------------------------------- the arc

/** Show what is known of a song below the arc. */
function show(index) {
  const song = songs[index];
  write("d-number", String(index + 1));
  write("d-name", nameOf(song));
  write("d-when", `${clock(song.start)} to ${clock(song.start + song.duration)}${song.step ? `, ${song.step}` : ""}`);
  write("d-bpm", `${bpmOf(song)} BPM`);
  write("d-level", song.level === 1 || !song.bpm ? "" : `${levels[song.level] || song.level} × ${song.bpm.toFixed(1)}`);
  write("d-target", song.target === null ? "" : `wanted ${song.target.toFixed(0)}`);
  measure("d-energy", song.energy);
  write("d-energy-target", song.targetEnergy === null ? "" : `wanted ${song.targetEnergy.toFixed(2)}`);
  byId("d-energy-mark").hidden = song.targetEnergy === null;
  byId("d-energy-mark").style.left = `${100 * (song.targetEnergy || 0)}%`;
  byId("d-energy-bar").className = `c${song.ink}`;
  measure("d-sure", song.confidence);
  write("d-why", song.why);
  write("d-cues", song.cues && `cues, from the start of the song: ${song.cues}`);
  for (const each of all(".song")) each.classList.toggle("lit", Number(each.dataset.song) === index);
}

function measure(id, value) {
  write(id, value === null ? "-" : value.toFixed(2));
  byId(`${id}-bar`).style.width = `${100 * (value || 0)}%`;
}

function prepareArc(svg) {
  const marks = Array.from(svg.querySelectorAll("g.song"));
  const head = document.createElementNS(svg.namespaceURI, "line");
  head.setAttribute("class", "playhead");
  head.setAttribute("y2", String(svg.viewBox.baseVal.height - 24));
  svg.append(head);
  marks[0].setAttribute("tabindex", "0");
  const look = (on, index) => {
    svg.classList.toggle("arc-on", on);
    show(on ? index : player.index);
  };
  marks.forEach((mark, index) => {
    mark.addEventListener("pointerenter", () => look(true, index));
    mark.addEventListener("pointerleave", () => look(false, index));
    mark.addEventListener("focus", () => look(true, index));
    mark.addEventListener("blur", () => look(false, index));
    mark.addEventListener("click", () => { go(index); play(); });
    mark.addEventListener("keydown", (event) => {
      const aims = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: marks.length - 1 };
      const aim = aims[event.key];
      if (event.key === "Enter" || event.key === " ") { go(index); play(); }
      else if (event.shiftKey || marks[aim] === undefined) return;
      else {
        mark.setAttribute("tabindex", "-1");
        marks[aim].setAttribute("tabindex", "0");
        marks[aim].focus();
      }
      event.preventDefault();
      event.stopPropagation();
    });
  });
}

// ---------------------------------------------------------------- the floor

const floor = byId("floor");
const help = byId("help");

async function openFloor() {
  if (help.open) help.close();
  // In this order: what becomes full-screen later would hide a dialog that is open.
  if (document.fullscreenEnabled) await document.documentElement.requestFullscreen().catch(() => {});
  if (!floor.open) floor.showModal();
  stayAwake();
}

function closeFloor() {
  if (floor.open) floor.close();
}
floor.addEventListener("close", () => document.fullscreenElement && document.exitFullscreen());
document.addEventListener("fullscreenchange", () => document.fullscreenElement || closeFloor());

for (const stage of stages) {
  const bar = document.createElement("i");
  bar.style.flex = `${stage.duration} 1 0`;
  bar.style.height = `${Math.min(100, (100 * Math.max(...stage.intensity)) / 1.2)}%`;
  byId("f-strip").append(bar);
}

// ----------------------------------------------------------------- the page

function isDark() {
  const said = document.documentElement.dataset.theme;
  return said ? said === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function paint(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  write("theme", isDark() ? "Light" : "Dark");
}

function changeTheme() {
  paint(isDark() ? "light" : "dark");
  try { localStorage.setItem("tempo-theme", document.documentElement.dataset.theme); } catch { /* private */ }
}

function toggleHelp() {
  if (help.open) help.close();
  else if (!floor.open) help.showModal();
}

const keys = {
  " ": toggle,
  ArrowLeft: (event) => (event.shiftKey ? seek(position() - 10) : step(-1)),
  ArrowRight: (event) => (event.shiftKey ? seek(position() + 10) : step(1)),
  f: () => (floor.open ? closeFloor() : openFloor()),
  d: changeTheme,
  "?": toggleHelp,
};

document.addEventListener("keydown", (event) => {
  const onControl = event.target.closest("button, input, a");
  const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
  if (onControl && event.key === " " && onControl.tagName === "BUTTON") return; // it is pressed
  if (onControl && onControl.type === "range" && event.key.startsWith("Arrow")) return;
  event.preventDefault();
  action(event);
});

const actions = { previous: () => step(-1), toggle, next: () => step(1) };
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  // A pointer leaves no focus behind, or the space bar would press the same button again.
  if (button && event.detail) button.blur();
  const action = button && actions[button.dataset.do];
  if (action) action();
  const row = event.target.closest("tr[data-row]");
  if (row) { go(Number(row.dataset.row)); play(); }
});

byId("show-floor").addEventListener("click", openFloor);
byId("leave-floor").addEventListener("click", closeFloor);
byId("theme").addEventListener("click", changeTheme);
byId("ask").addEventListener("click", toggleHelp);
byId("seek").addEventListener("input", (event) => seek(Number(event.target.value)));
byId("seek").max = String(Math.floor(data.duration));

let kept = null;
try { kept = localStorage.getItem("tempo-theme"); } catch { /* private */ }
paint(kept === "light" || kept === "dark" ? kept : "");
all("svg.wide, svg.narrow").forEach(prepareArc);
for (const element of all("[data-live]")) element.hidden = false;
if (!silent(0)) load(0, 0);
show(0);
render();
setInterval(() => {
  render();
  if (!document.querySelector(".song:hover, .song:focus")) show(player.index);
}, 200);
