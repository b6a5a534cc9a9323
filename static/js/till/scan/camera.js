// <div data-camera>: the device's camera reads codes, says plainly why when it can't, remembers which camera was
// chosen, offers its light, and rests while the page is hidden or told to.
import { announce } from "../../announce.js";
import { makeReader } from "./reader.js";

const EVERY_MS = 90;
const OFFLINE_MS = 3000;
const KEPT = "till:camera";
const WORDS = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "taken",
  AbortError: "taken",
  OutdatedError: "outdated",
  OfflineError: "offline",
};

// onText(text) is called for every frame that holds a code.
export function openCamera(root, onText) {
  const video = root.querySelector("video");
  const torch = root.querySelector("[data-camera-torch]");
  const other = root.querySelector("[data-camera-switch]");
  let reader, stream, timer, resting = false, attempt = 0;

  // What does not work is said aloud, too, once.
  function say(state) {
    if (root.dataset.state === state) return;
    root.dataset.state = state;
    if (state === "on" || state === "starting") return;
    announce([...root.querySelectorAll(`[data-when="${state}"] p`)].map((words) => words.textContent.trim()).join(". "));
  }

  async function start() {
    const mine = ++attempt;
    if (resting || document.hidden) return;
    if (!navigator.mediaDevices?.getUserMedia) return say(isSecureContext ? "none" : "insecure");
    if (root.dataset.state !== "offline") say("starting");
    try {
      reader ??= await makeReader(root.dataset.decoder);
      const opened = await open();
      if (mine !== attempt) return close(opened);
      stream = opened;
      video.srcObject = stream;
      await video.play();
      stream.getVideoTracks()[0].addEventListener("ended", start);
      say("on");
      offer();
      tick(mine);
    } catch (error) {
      if (mine !== attempt) return;
      say(WORDS[error.name] ?? "none");
      if (root.dataset.state === "offline") timer = setTimeout(start, OFFLINE_MS);
    }
  }

  function stop() {
    attempt += 1;
    clearTimeout(timer);
    if (stream) close(stream);
    stream = video.srcObject = null;
  }

  async function tick(mine) {
    if (mine !== attempt) return;
    if (video.readyState >= video.HAVE_CURRENT_DATA && video.videoWidth) {
      const text = await reader(video).catch(() => null);
      if (text && mine === attempt) onText(text);
    }
    timer = setTimeout(tick, EVERY_MS, mine);
  }

  // What this camera can do, and whether there is another one.
  async function offer() {
    const track = stream.getVideoTracks()[0];
    torch.hidden = !track.getCapabilities?.().torch;
    torch.setAttribute("aria-pressed", "false");
    other.hidden = (await cameras()).length < 2;
  }

  torch?.addEventListener("click", async () => {
    const on = torch.getAttribute("aria-pressed") !== "true";
    try {
      await stream?.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
      torch.setAttribute("aria-pressed", String(on));
    } catch { root.focus(); torch.hidden = true; }
  });
  other?.addEventListener("click", async () => {
    const all = await cameras();
    const current = stream?.getVideoTracks()[0].getSettings().deviceId;
    const next = all[(all.findIndex((camera) => camera.deviceId === current) + 1) % all.length];
    localStorage.setItem(KEPT, next.deviceId);
    stop();
    start();
  });
  root.querySelector("[data-camera-retry]")?.addEventListener("click", () => { root.focus(); start(); }); // the button goes
  root.querySelector("[data-camera-reload]")?.addEventListener("click", () => location.reload());
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  // Allowed in the settings, or plugged in, meanwhile.
  navigator.permissions?.query({ name: "camera" }).then((permission) => { permission.onchange = () => { if (!stream) start(); }; }, () => {});
  navigator.mediaDevices?.addEventListener("devicechange", () => (stream ? offer() : start()));
  start();
  return {
    rest() { resting = true; stop(); },
    wake() { resting = false; if (!stream) start(); },
  };
}

async function open() {
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  const kept = localStorage.getItem(KEPT);
  if (kept) {
    try {
      return await navigator.mediaDevices.getUserMedia({ video: { deviceId: { exact: kept }, ...size } });
    } catch (error) {
      if (error.name !== "OverconstrainedError" && error.name !== "NotFoundError") throw error;
      localStorage.removeItem(KEPT); // that camera is gone
    }
  }
  return navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", ...size } });
}

const close = (stream) => stream.getTracks().forEach((track) => track.stop());
const cameras = async () => (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput");
