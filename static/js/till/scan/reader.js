// Reads QR codes from a video: the browser's own detector where it has one, else the vendored decoder.
const WIDTH_MAX = 960; // enough for a code at arm's length, and quick to decode

// An async function (video) => text or null. Throws OutdatedError where the decoder of this page is gone, OfflineError
// where nobody knows, as the server can't be reached. `file`: the address of the decoder.
export async function makeReader(file) {
  if (await hasDetector()) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
  }
  const decode = await loadDecoder(file);
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

// A release takes the former decoder's file away: a page from before it asks in vain. So does one without a network,
// which may be back by the time we know: so it is asked for once more.
async function loadDecoder(file) {
  for (const again of [false, true]) {
    try {
      return await decoder(file);
    } catch (cause) {
      const name = again ? "OutdatedError" : "OfflineError";
      if (again || !await isReached()) throw Object.assign(new Error("there is no decoder", { cause }), { name });
    }
  }
}

let asked = 0;

// A browser keeps a module that could not be loaded as one that can't be: asked for once more it has another address.
async function decoder(file) {
  const address = `${file}?again=${asked}`;
  const found = asked++ ? import(address) : import("../../../vendor/qr/decode.js");
  return (await found).default;
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
