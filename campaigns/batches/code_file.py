"""A file of codes: whole under its name, or not there; and nobody sees one that does not count.

A batch cannot be committed and its file named in one stroke, so the steps have an order. The codes
go into a draft: hidden, beside the file, named for its batch, and locked by the process that writes
it. First the draft is on the disk, then the batch is committed, and only then the draft takes the
file's name. A process killed before the commit has issued nothing. Killed after it, it leaves a draft
that is whole, and whoever asks for the same file next gets that one (deliver_earlier).
"""

import fcntl
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from uuid import UUID

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class BeingWritten(Exception):
    """Another process writes this very file now."""


class NotNamed(Exception):
    """The batch is issued and its codes are in `draft`, which could not be given the file's name."""

    def __init__(self, draft: Path, reason: str) -> None:
        super().__init__(reason)
        self.draft = draft


@dataclass
class Draft:
    """`text`: where the codes are written; only its owner can read it."""

    path: Path
    place: Path
    text: TextIO
    is_kept: bool = False

    def keep(self) -> None:
        """On the disk, name and all: from here on the batch may be committed."""
        self.text.flush()
        os.fsync(self.text.fileno())
        _settle(self.path.parent)
        self.is_kept = True

    def publish(self) -> None:
        """The batch is committed: the draft takes the file's name. Raises NotNamed."""
        _take_name(self.place, self.path)


@contextmanager
def draft(path: Path, batch_id: UUID) -> Iterator[Draft]:
    """A draft that goes away unless it was kept. Raises FileExistsError, BeingWritten, OSError."""
    if path.exists() or path.is_symlink():
        raise FileExistsError(path)
    place = hidden(path, batch_id)
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as text:
        _lock(handle, place)
        made = Draft(path, place, text)
        try:
            yield made
        finally:
            if not made.is_kept:
                os.unlink(place)


def hidden(path: Path, batch_id: UUID) -> Path:
    """Where the draft of this file lies."""
    return path.with_name(f".{path.name}.{batch_id}.draft")


def deliver_earlier(path: Path, *, is_issued: Callable[[UUID], bool]) -> bool:
    """Name the draft of a batch that was issued by a process that died; forget those that were not.

    Whether there is such a file now. Raises BeingWritten, NotNamed.
    """
    delivered = False
    for place, batch_id in _drafts(path):
        with place.open("rb") as text:
            _lock(text.fileno(), place)
            if not is_issued(batch_id) or (path.exists() and path.samefile(place)):
                os.unlink(place)
            else:
                _take_name(place, path)
                delivered = True
    return delivered


@contextmanager
def undisturbed() -> Iterator[None]:
    """Whoever politely wants this process to end waits for the end of the block."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are heard by the main thread only
        return
    heard: list[int] = []
    before = {
        ending: signal.signal(ending, lambda number, _frame: heard.append(number))
        for ending in ENDINGS
    }
    try:
        yield
    finally:
        for ending, handler in before.items():
            signal.signal(ending, handler)
        for number in heard:
            signal.raise_signal(number)


def _drafts(path: Path) -> list[tuple[Path, UUID]]:
    if not path.parent.is_dir():
        return []
    shape = re.compile(re.escape(f".{path.name}.") + r"([0-9a-f-]{36})\.draft")
    found = ((place, shape.fullmatch(place.name)) for place in path.parent.iterdir())
    return [(place, UUID(match[1])) for place, match in found if match]


def _lock(handle: int, place: Path) -> None:
    """The lock goes with its process, however that ends."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(handle), os.stat(place)):
            raise BeingWritten
    except (BlockingIOError, FileNotFoundError):
        raise BeingWritten from None


def _take_name(place: Path, path: Path) -> None:
    """Never takes another file's place."""
    try:
        try:
            os.link(place, path)  # unlike a rename, it fails where somebody was faster
        except FileExistsError:
            raise
        except OSError:  # file systems without links
            if path.exists():
                raise FileExistsError(path) from None
            os.rename(place, path)
        else:
            os.unlink(place)
        _settle(path.parent)
    except OSError as error:
        raise NotNamed(place, error.strerror or "it is there already") from error


def _settle(folder: Path) -> None:
    """Names in it reach the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
