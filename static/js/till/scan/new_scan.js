// When a code before the camera is a new scan: it is read once while it stays there, and again after it was gone for a
// moment or somebody tapped the picture. A yes is left on screen long enough to be seen.
const FORGET_MS = 2500;
const FORGET_AFTER_YES_MS = 8000;
const LOOK_AT_YES_MS = 1200;

let last = { text: "", at: 0, forget: FORGET_MS };
let restUntil = 0;

// `stays`: it is the code whose gift is on screen, waiting to be handed over. `free`: a new one can be taken now.
export function isNewScan(text, { stays, free }) {
  const now = performance.now();
  const same = text === last.text && (stays || now - last.at < last.forget);
  if (same) last.at = now;
  if (same || !free || now < restUntil) return false;
  last = { text, at: now, forget: FORGET_MS };
  return true;
}

export function noteYes() {
  last.forget = FORGET_AFTER_YES_MS;
  restUntil = performance.now() + LOOK_AT_YES_MS;
}

// Whoever undid it reads that first; the code that still lies before the camera is no new scan.
export function noteReversed() {
  last = { ...last, at: performance.now(), forget: FORGET_MS };
  restUntil = performance.now() + LOOK_AT_YES_MS;
}

export const forget = () => { last = { text: "", at: 0, forget: FORGET_MS }; };
