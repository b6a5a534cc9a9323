// Three sounds that can be told apart across a noisy counter, made by the browser, and a buzz where the device can.
// play("ok" | "look" | "refused" | "wait")
const KEPT = "till:sound";
const TUNES = { // [hertz, start, length] in seconds
  ok: { wave: "triangle", notes: [[660, 0, 0.12], [990, 0.13, 0.28]], buzz: [80] },
  look: { wave: "sine", notes: [[740, 0, 0.09]], buzz: [30] },
  wait: { wave: "sine", notes: [[520, 0, 0.1], [390, 0.12, 0.16]], buzz: [40] },
  refused: { wave: "sawtooth", notes: [[170, 0, 0.2], [140, 0.26, 0.34]], buzz: [180, 90, 180] },
};
let context;

export function play(name) {
  const tune = TUNES[name];
  if (!tune || isMuted()) return;
  navigator.vibrate?.(tune.buzz);
  if (context?.state === "running") tune.notes.forEach((note) => sing(tune.wave, ...note));
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

const isMuted = () => localStorage.getItem(KEPT) === "off";

export function bindSound(button) {
  const show = () => button.setAttribute("aria-pressed", String(!isMuted()));
  button.addEventListener("click", () => {
    localStorage.setItem(KEPT, isMuted() ? "on" : "off");
    show();
    play("look");
  });
  show();
  // A browser lets a page sound only once somebody has touched it.
  const allow = () => { context ??= new AudioContext(); context.resume(); };
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, allow, { capture: true, passive: true });
}
