"""The letters of our faces, for what is drawn or printed here: which file of a face has which letter.

Pages leave that to the browser (static/css/fonts.css). A face is in several files, so that a page fetches
what it writes; whoever draws takes each run of letters from the file that has them.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Face:
    """A face of ours; of a letter in two files the first is taken."""

    name: str
    files: tuple[str, ...]
    """Below static/fonts/, without their ending."""
    weights: tuple[int, int] | None
    """From the lightest to the boldest; None: it has one."""


DISPLAY = Face(
    "display",
    tuple(
        f"bricolage-grotesque-{part}" for part in ("latin", "latin-rare", "latin-ext", "vietnamese")
    ),
    (600, 760),
)
TEXT = Face(
    "text",
    ("figtree-latin", "figtree-latin-rare", "figtree-latin-ext", "hanken-grotesk-vietnamese"),
    (400, 760),
)
LETTER = Face(
    "letter",
    tuple(f"fraunces-{part}" for part in ("latin", "latin-rare", "latin-ext", "vietnamese")),
    None,
)
"""The hand of a gift's card."""


def path(file: str) -> Path:
    """Of one file of a face."""
    return Path(settings.BASE_DIR) / "static" / "fonts" / f"{file}.woff2"


@lru_cache(maxsize=32)
def letters(file: str) -> frozenset[int]:
    """The code points that a file has."""
    from fontTools.ttLib import TTFont  # by whoever draws, as fpdf in printed_cards/card.py

    with TTFont(path(file)) as font:
        return frozenset(font.getBestCmap())


def has_all(face: Face, text: str) -> bool:
    """Whether every letter of a line can be written in the face. Emoji and most scripts can't."""
    return all(_file_of(face, letter) for letter in composed(text))


def runs(face: Face, text: str) -> Iterator[tuple[str, str]]:
    """A line as (file, letters), in its order; letters that no file has are left out."""
    for file, run in groupby(composed(text), key=lambda letter: _file_of(face, letter)):
        if file:
            yield file, "".join(run)


def composed(text: str) -> str:
    """As the files have it: ö is one letter."""
    return unicodedata.normalize("NFC", text)


def _file_of(face: Face, letter: str) -> str:
    return next((file for file in face.files if ord(letter) in letters(file)), "")
