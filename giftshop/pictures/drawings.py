"""Copies of our drawings, for what shows no SVG: mail programs, messengers, paper.

They stand beside the drawings (art/x/treat.svg -> art/x/mail/treat.png; cards, which are opaque and grainy,
as .jpg); draw_mail_art makes them.
"""

from functools import lru_cache
from pathlib import Path, PurePosixPath

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation


@lru_cache(maxsize=256)
def copy_of(path: str, name: str = "") -> str:
    """The copy's path below static/, under another name where it has one; empty where there is none."""
    drawing = PurePosixPath(path)
    copies = (f"{drawing.parent}/mail/{name or drawing.stem}.{kind}" for kind in ("png", "jpg"))
    return next((copy for copy in copies if content(copy) is not None), "") if path else ""


@lru_cache(maxsize=256)
def content(path: str) -> bytes | None:
    """Of a file below static/; None where there is no such file."""
    try:
        found = finders.find(path)
        return Path(str(found)).read_bytes() if found else None
    except (SuspiciousFileOperation, OSError, ValueError):
        return None
