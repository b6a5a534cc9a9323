"""Tools to look at processes from outside."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest


def _is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not collected yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def _processes_naming(text: str) -> list[int]:
    """The living processes whose command line or folder contains the text, but for ourselves."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if text in words and _is_alive(int(folder.name)):
            found.append(int(folder.name))
    return found


@pytest.fixture
def is_alive() -> Callable[[int], bool]:
    return _is_alive


@pytest.fixture
def processes_naming() -> Callable[[str], list[int]]:
    return _processes_naming


def _processes_of(checkout: Path) -> list[int]:
    """The living processes that name this checkout or work in it."""
    found = set(_processes_naming(str(checkout)))
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and _is_alive(int(folder.name)):
            try:
                working = (folder / "cwd").readlink()
            except OSError:
                continue
            if working.is_relative_to(checkout):
                found.add(int(folder.name))
    return sorted(found)


@pytest.fixture
def processes_of() -> Callable[[Path], list[int]]:
    return _processes_of


@pytest.fixture
def eventually() -> Callable[..., None]:
    def wait(holds: Callable[[], bool], *, seconds: float = 15.0) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, "it did not come to pass in time"
            time.sleep(0.05)

    return wait
