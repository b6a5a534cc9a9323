"""Files as owners upload them, made here."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any

from PIL import Image

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 30), (30, 30, 200), (255, 255, 255)


def quarters(width: int = 800, height: int = 600, mode: str = "RGB") -> Image.Image:
    """Red top left, green top right, blue bottom left, white bottom right."""
    image = Image.new("RGB", (width, height), WHITE)
    for colour, left, top in [(RED, 0, 0), (GREEN, width // 2, 0), (BLUE, 0, height // 2)]:
        image.paste(colour, (left, top, left + width // 2, top + height // 2))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    found = BytesIO()
    image.save(found, kind, **options)
    return found.getvalue()


def photo(width: int = 800, height: int = 600, **options: Any) -> bytes:
    return encoded(quarters(width, height), **options)


@contextmanager
def on_disk(content: bytes) -> Iterator[IO[bytes]]:
    """An open file of the system's."""
    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        yield file


def near(found: Any, wanted: tuple[int, ...], by: int = 28) -> bool:
    """Whether a pixel has about this colour."""
    return all(abs(a - b) <= by for a, b in zip(found, wanted, strict=False))


def promising(width: int, height: int) -> bytes:
    """The beginning of a PNG of that size: its header says so and nothing follows that would be drawn."""
    small = bytearray(encoded(Image.new("L", (1, 1)), "PNG"))
    small[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    small[29:33] = zlib.crc32(bytes(small[12:29])).to_bytes(4, "big")
    return bytes(small)
