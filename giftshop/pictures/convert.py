"""Makes the sizes of one picture. Run as a program of its own, for it opens what a stranger may have made.

It knows nothing of the product: no setting, no key, no database. It takes one JSON object on stdin and says
what it found or made on stdout. Memory and time are bounded by the system, so that a picture made to burst
only ends this process. child.py starts it.
"""

import json
import resource
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MEMORY_MAX = 1_000_000_000
"""Bytes of address space."""
CPU_SECONDS_MAX = 30
DRAFT = (2600, 2600)
"""A JPEG is opened no larger than the half of it that is above this: the sizes below need no more."""
BROKEN, TOO_HEAVY = "broken", "too_heavy"


class Refused(Exception):
    """One of the two words above."""


def main() -> None:
    """Reads what is asked, answers {"size": [...]}, {"files": [...]} or {"refused": "broken"}. `source` is
    the number of an open file."""
    if sys.platform == "linux":  # others count address space otherwise
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_MAX, CPU_SECONDS_MAX))
    asked = json.load(sys.stdin)
    try:
        with open(int(asked["source"]), "rb") as source:
            source.seek(0)
            answer = (
                {"files": convert(source, asked)} if "shapes" in asked else {"size": size(source)}
            )
    except Refused as refused:
        answer = {"refused": str(refused)}
    sys.stdout.write(json.dumps(answer))


def size(source: BinaryIO) -> Any:
    """Width and height as its header says; the other way round where it stands on its side."""
    Image.MAX_IMAGE_PIXELS = None  # whoever asks judges
    with _telling(), Image.open(source, formats=FORMATS) as image:
        return image.size


def convert(source: BinaryIO, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """`folder`, `focus` in percent, `pixels_max`, and `shapes`: each with a name, a ratio (None: as it is),
    widths, whether it is cut to the ratio or set into it, and a format. Raises Refused."""
    image = upright(source, int(asked["pixels_max"]))
    made = []
    for shape in asked["shapes"]:
        part = _shaped(image, shape, asked["focus"])
        for width in _widths(part, shape):
            height = max(1, round(part.height * width / part.width))
            name = f"{shape['name']}-{width}"
            size = part.resize((width, height), Image.Resampling.LANCZOS)
            (Path(asked["folder"]) / name).write_bytes(_encoded(size, shape["format"]))
            made.append({"shape": shape["name"], "file": name, "width": width, "height": height})
    return made


def upright(source: BinaryIO, pixels_max: int) -> Image.Image:
    """The first frame as RGB or RGBA in sRGB, turned as its camera was held; nothing else of the file."""
    Image.MAX_IMAGE_PIXELS = pixels_max
    with _telling(), Image.open(source, formats=FORMATS) as image:
        if image.width * image.height > pixels_max:
            raise Refused(TOO_HEAVY)
        image.draft(None, DRAFT)
        plain = _in_srgb(ImageOps.exif_transpose(image))
    plain.info.clear()
    return plain


@contextmanager
def _telling() -> Iterator[None]:
    """What Pillow raises, in one of our two words."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(TOO_HEAVY) from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError):
        raise Refused(BROKEN) from None


def _in_srgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    profile = image.info.get("icc_profile")
    alpha = None
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
    if profile and (image.mode in {"RGB", "CMYK", "L"} or alpha is not None):
        image = _by_profile(image if alpha is None else image.convert("RGB"), profile)
    plain = image.convert("RGB")
    if alpha is not None and alpha.getextrema()[0] < 255:  # type: ignore[operator]
        plain.putalpha(alpha)
    return plain


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image:
    """Its colours as sRGB has them; as they are where the profile is not to be understood."""
    try:
        own = ImageCms.getOpenProfile(BytesIO(profile))
        found = ImageCms.profileToProfile(
            image, own, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return found or image


def _shaped(image: Image.Image, shape: dict[str, Any], focus: list[int]) -> Image.Image:
    ratio = shape["ratio"]
    if ratio is None:
        return image
    across, down = ratio
    if shape.get("is_set_in"):
        return _set_in(image, across / down)
    width = min(image.width, image.height * across / down)
    height = width * down / across
    left = min(max(0.0, image.width * focus[0] / 100 - width / 2), image.width - width)
    top = min(max(0.0, image.height * focus[1] / 100 - height / 2), image.height - height)
    box = (round(left), round(top), round(left + width), round(top + height))
    return image.crop(box)


def _set_in(image: Image.Image, ratio: float) -> Image.Image:
    """All of it in the middle of a clear ground: a logo is never cut."""
    width = max(image.width, round(image.height * ratio))
    height = max(image.height, round(image.width / ratio))
    ground = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    ground.paste(image, ((width - image.width) // 2, (height - image.height) // 2))
    return ground


def _widths(part: Image.Image, shape: dict[str, Any]) -> list[int]:
    """Those asked for, none larger than there are pixels for. Uncut, they count the longer side."""
    longer = part.width if shape["ratio"] else max(part.width, part.height)
    wanted = sorted({min(int(width), longer) for width in shape["widths"]})
    return sorted({max(1, round(part.width * each / longer)) for each in wanted})


def _encoded(image: Image.Image, kind: str) -> bytes:
    found = BytesIO()
    if kind == "JPEG":
        _on_white(image).save(found, "JPEG", quality=84, optimize=True, progressive=True)
    elif kind == "PNG":
        image.save(found, "PNG", optimize=True)
    else:
        image.save(found, "WEBP", quality=82, method=4)
    return found.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


if __name__ == "__main__":
    main()
