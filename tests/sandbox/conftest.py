"""Tools to look at processes from outside, and a machine of stand-ins."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox import bootstrap
from sandbox.places import CHECKOUT, throwaway_folder
from tests.sandbox.demos import STAND_IN, Demo
from tests.sandbox.machine.programs import Machine


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


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """Its programs are found first, its checkout is bootstrap's; what is said
    in the environment is taken back."""
    made = Machine(throwaway_folder())  # which another user can reach
    monkeypatch.setattr(sys, "executable", str(made.python))
    monkeypatch.setattr(bootstrap, "CHECKOUT", made.checkout)
    monkeypatch.setattr(bootstrap, "VENV", made.checkout / ".venv")
    monkeypatch.setattr(bootstrap, "LOCK", made.checkout / "requirements" / "dev.txt")
    monkeypatch.setenv("PATH", f"{made.programs}:/usr/bin:/bin")
    for name in ("UV_CACHE_DIR", "UV_PYTHON_DOWNLOADS", "PIP_USER", "DEBIAN_FRONTEND", "CHROMIUM"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    yield made
    shutil.rmtree(made.folder)


@pytest.fixture
def checkout() -> Iterator[Path]:
    folder = throwaway_folder()
    shutil.copytree(STAND_IN, folder, dirs_exist_ok=True)
    leave_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "sandbox", folder / "sandbox", ignore=leave_out)
    shutil.copytree(CHECKOUT / "deploy", folder / "deploy")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def open_demo(checkout: Path) -> Iterator[Callable[..., Demo]]:
    demos: list[Demo] = []

    def start(*options: str, **settings: str) -> Demo:
        demos.append(Demo(checkout, *options, **settings))
        demos[-1].wait_until_open()
        return demos[-1]

    yield start
    for demo in demos:
        demo.stop()
