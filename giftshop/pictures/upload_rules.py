"""What an upload is, told by what is in it and never by its name or by what the browser says of it.

Nothing is decoded here: a picture whose header promises 50,000 x 50,000 pixels is refused by that promise.
"""

import re
import zipfile
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from giftshop.pictures import child
from giftshop.pictures.models import Picture

BYTES_MAX = 20_000_000
PIXELS_MAX = {"JPEG": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
"""A JPEG is opened smaller than it is, the others are not: a phone's 48 megapixels are JPEG."""
SIDE_MIN = {
    Picture.Purpose.TREAT: 240,
    Picture.Purpose.NEWS: 240,
    Picture.Purpose.LOGO: 64,
    Picture.Purpose.HERO: 480,
    Picture.Purpose.CAMPAIGN: 480,
}
MAGIC = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"RIFF": "WEBP"}
ANOTHER = re.compile(rb"<script|<!doctype|<html[\s>]|<\?php|<iframe|javascript:", re.IGNORECASE)
"""Words of a page or a program: a file that is a picture and this as well was made by somebody who means ill.
Five letters or more, so that a picture's own bytes do not happen to say them."""
CHUNK = 1_000_000
OVERLAP = 16


def judge(file: IO[bytes], purpose: str) -> str:
    """The format: JPEG, PNG or WEBP. Raises ValidationError with words for the owner. Leaves the file at its
    beginning. `file` is one of the system's."""
    try:
        kind = _kind_of(file)
        if kind is None:
            raise ValidationError(
                _("This is no JPEG, PNG or WebP picture. Save it as one of these and try again.")
            )
        if _is_something_else_too(file):
            raise ValidationError(
                _("There is more in this file than a picture. Save it anew and try again.")
            )
        _check_size(file, kind, purpose)
    finally:
        file.seek(0)
    return kind


def _kind_of(file: IO[bytes]) -> str | None:
    file.seek(0)
    beginning = file.read(12)
    kind = next((kind for magic, kind in MAGIC.items() if beginning.startswith(magic)), None)
    return None if kind == "WEBP" and beginning[8:] != b"WEBP" else kind


def _check_size(file: IO[bytes], kind: str, purpose: str) -> None:
    told = child.ask(file)
    if "size" not in told:
        raise ValidationError(
            _("This picture is damaged and can't be opened. Save it anew and try again.")
        )
    width, height = told["size"]
    most, least = PIXELS_MAX[kind], SIDE_MIN[Picture.Purpose(purpose)]
    if width * height > most:
        raise ValidationError(
            _(
                "This picture has %(pixels)d million pixels, and %(most)d are the most. "
                "Make it smaller and try again."
            ),
            params={"pixels": -(-width * height // 1_000_000), "most": most // 1_000_000},
        )
    if min(width, height) < least:
        raise ValidationError(
            _(
                "This picture has %(width)d by %(height)d pixels and would look blurred: "
                "%(least)d on its shorter side are the least."
            ),
            params={"width": width, "height": height, "least": least},
        )


def _is_something_else_too(file: IO[bytes]) -> bool:
    """Whether a browser, a server or an archive program could be led to read it as theirs."""
    file.seek(0)
    before, is_first = b"", True
    while chunk := file.read(CHUNK):
        if ANOTHER.search(before + chunk) or (is_first and b"%PDF-" in chunk[:1024]):
            return True
        before, is_first = chunk[-OVERLAP:], False
    file.seek(0)
    return zipfile.is_zipfile(file)
