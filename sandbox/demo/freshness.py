"""Whether the collected static files are still those of the sources: collecting them takes seconds,
for each is compressed twice."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

# What else decides the outcome: the packages that collect and compress, how we do it, and the settings.
DECIDING = ("requirements", "giftshop/static_files", "giftshop/settings.py")
LEFT_OUT = {".git", ".local", ".venv", "node_modules", "tests", "docs", "__pycache__"}


def digest(checkout: Path) -> str:
    """Changes when any file below a `static` folder does, judged by name, size and time."""
    summed = hashlib.sha256()
    for path in sorted(_sources(checkout)):
        status = path.stat()
        summed.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return summed.hexdigest()


def is_fresh(stamp: Path, current: str) -> bool:
    """Whether the stamp of the last collection says the same."""
    return stamp.is_file() and stamp.read_text() == current


def _sources(checkout: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(checkout):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        here = Path(folder)
        if "static" in here.relative_to(checkout).parts:
            yield from (here / name for name in files)
    for name in DECIDING:
        path = checkout / name
        files = path.iterdir() if path.is_dir() else [path]
        yield from filter(Path.is_file, files)
