// Reads QR codes from a video: the browser's own detector where it has one, else the vendored decoder.
const WIDTH_MAX = 960; // enough for a code at arm's length, and quick to decode

// An async function (video) => text or null. Throws OutdatedError where the decoder of this page is gone, OfflineError
// where nobody knows, as the server can't be reached.
export async function makeReader() {
  if (await hasDetector()) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
  }
  const decode = await loadDecoder();
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, WIDTH_MAX / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    try {
      return decode(context.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return null; // the decoder throws when a frame holds no code
    }
  };
}

const ASKED_MS = 4000;

// A release takes the former decoder's file away: a page from before it asks in vain. So does one without a network.
async function loadDecoder() {
  try {
    return (await import("../../../vendor/qr/decode.js")).default;
  } catch (cause) {
    const name = await isReached() ? "OutdatedError" : "OfflineError";
    throw Object.assign(new Error("there is no decoder", { cause }), { name });
  }
}

async function isReached() {
  if (!navigator.onLine) return false;
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(ASKED_MS) })).ok;
  } catch {
    return false;
  }
}

async function hasDetector() {
  try {
    return "BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
  } catch {
    return false;
  }
}
