// Sounds that can be told apart across a noisy counter, made by the browser, and a buzz where the device can.
// play("ok" | "look" | "refused" | "wait")
const KEPT = "till:sound";
const TUNES = { // [hertz, start, length] in seconds
  ok: { wave: "triangle", notes: [[660, 0, 0.12], [990, 0.13, 0.28]], buzz: [80] },
  look: { wave: "sine", notes: [[740, 0, 0.09]], buzz: [30] },
  wait: { wave: "sine", notes: [[520, 0, 0.1], [390, 0.12, 0.16]], buzz: [40, 60, 40] },
  refused: { wave: "sawtooth", notes: [[170, 0, 0.2], [140, 0.26, 0.34]], buzz: [180, 90, 180] },
};
const STALE_MS = 400; // a sound that comes later belongs to something else
let context;

export function play(name) {
  const tune = TUNES[name];
  navigator.vibrate?.(tune.buzz); // also when it is mute: a buzz disturbs nobody
  if (isMuted()) return;
  const asked = performance.now();
  awake().then(() => {
    if (performance.now() - asked < STALE_MS) tune.notes.forEach((note) => sing(tune.wave, ...note));
  }, () => {});
}

function sing(wave, hertz, start, length) {
  const at = context.currentTime + start;
  const tone = new OscillatorNode(context, { type: wave, frequency: hertz });
  const loud = new GainNode(context, { gain: 0 });
  loud.gain.setValueAtTime(0, at);
  loud.gain.linearRampToValueAtTime(wave === "sawtooth" ? 0.22 : 0.4, at + 0.015);
  loud.gain.exponentialRampToValueAtTime(0.001, at + length);
  tone.connect(loud).connect(context.destination);
  tone.start(at);
  tone.stop(at + length);
}

// A browser lets a page sound only once somebody has touched it; also an hour later a phone may have put it to sleep.
async function awake() {
  context ??= new AudioContext();
  if (context.state !== "running") await context.resume();
}

const isMuted = () => localStorage.getItem(KEPT) === "off";

export function bindSound(button) {
  const show = () => button.setAttribute("aria-pressed", String(!isMuted()));
  button.addEventListener("click", () => {
    localStorage.setItem(KEPT, isMuted() ? "on" : "off");
    show();
    play("look");
  });
  show();
  // Not within the event: to open the loudspeaker takes a while, and a key must not wait.
  const unlock = () => setTimeout(() => awake().catch(() => {}));
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, unlock, { once: true, capture: true, passive: true });
}
