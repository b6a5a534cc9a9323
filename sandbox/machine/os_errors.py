"""An error of the operating system, told in one sentence with what to do.

Standard library only: bootstrap.py uses it before anything is installed.
"""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

ROOM_MIB = 64
"""With less, one of the servers has most likely failed for lack of it: PostgreSQL writes 16 MiB at once."""

REMEDIES = {
    errno.EACCES: "it belongs to somebody else or is closed to you: give it to the user who runs "
    "this (chown), or remove it",
    errno.EPERM: "it belongs to somebody else or is closed to you: give it to the user who runs "
    "this (chown), or remove it",
    errno.EROFS: "nothing can be written there: copy the checkout to a folder that is yours",
    errno.ENOSPC: "the disk is full: make room and start again",
    errno.EDQUOT: "your share of the disk is full: make room and start again",
    errno.EEXIST: "something else is in its way: move that and start again",
    errno.ENOTDIR: "something else is in its way: move that and start again",
    errno.ENOENT: "it is not there: `make install` puts back what belongs to .venv",
    errno.EMFILE: "too many files are open: raise the limit (ulimit -n 1024) and start again",
    errno.EADDRINUSE: "that address is taken: stop the other program, or choose another PORT",
}


def sentence(error: OSError) -> str:
    """Which path, what is wrong with it, and what to do."""
    if error.errno is None:  # one of ours, which says all of it
        return str(error)
    where = f"{error.filename}: " if error.filename is not None else ""
    remedy = REMEDIES.get(error.errno)
    return f"{where}{error.strerror}{f'; {remedy}' if remedy else ''}."


def lack_of_room(folder: Path) -> str:
    """A sentence when the disk is full, of which those who fail by it seldom speak; else empty."""
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free // 2**20
    if free >= ROOM_MIB:
        return ""
    return f"Only {free} MiB are free in {folder}: make room and start again."
