"""A camera that shows what a test wants: a film of QR codes that Chromium plays as its own camera.

    camera = FakeCamera(tmp_path / "camera.y4m")
    camera.show("7Q4K9XWM2HTDP6VCR")
    browser = playwright.chromium.launch(args=[*camera.launch_args()])
    page = browser.new_context(permissions=["camera"]).new_page()
    camera.show("another")   # the next page that opens the camera sees this one

A .y4m for Chromium is one bare picture after another, so it takes no video tool, and says how many it
shows a second: each is painted anew, all the time a camera is open. The file is read anew each time a page
opens the camera. Chromium finds a secure context at http://127.0.0.1.
"""

import io
from pathlib import Path

from PIL import Image
from qrcode.main import QRCode

FRAME = (640, 480)
FRAMES = 2
A_SECOND = 5
GREY = (190, 190, 190)


class FakeCamera:
    def __init__(self, path: Path) -> None:
        self.path = path.resolve()  # Chromium wants it absolute
        self.show_nothing()

    def show(self, payload: str, *, rotate: float = 0) -> None:
        self._play([qr_frame(payload, rotate=rotate)] * FRAMES)

    def show_picture(self, png: bytes) -> None:
        """A picture that somebody holds up, such as the QR code of an e-mail."""
        self._play([framed(Image.open(io.BytesIO(png)).convert("RGB"))] * FRAMES)

    def show_nothing(self) -> None:
        self._play([Image.new("RGB", FRAME, GREY)] * FRAMES)

    def launch_args(self) -> list[str]:
        return [
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",  # the question for permission answers itself
            f"--use-file-for-fake-video-capture={self.path}",
        ]

    def _play(self, frames: list[Image.Image]) -> None:
        """Replaces the film in one step, so that no page reads half a file."""
        unfinished = self.path.with_suffix(".unfinished")
        with unfinished.open("wb") as film:
            film.write(b"YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420\n" % (*FRAME, A_SECOND))
            for frame in frames:
                film.write(b"FRAME\n")
                luma, *chroma = frame.convert("YCbCr").split()
                film.write(luma.tobytes())
                for plane in chroma:
                    film.write(plane.reduce(2).tobytes())
        unfinished.replace(self.path)


def qr_frame(payload: str, *, rotate: float = 0) -> Image.Image:
    """A QR code as on a phone that is held up."""
    symbol = QRCode(box_size=8)
    symbol.add_data(payload)
    code = symbol.make_image().convert("RGB")
    if rotate:
        code = code.rotate(rotate, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    return framed(code)


def framed(code: Image.Image) -> Image.Image:
    """In the middle of a grey picture."""
    code.thumbnail((FRAME[0] * 4 // 5, FRAME[1] * 4 // 5))
    frame = Image.new("RGB", FRAME, GREY)
    frame.paste(code, ((frame.width - code.width) // 2, (frame.height - code.height) // 2))
    return frame
