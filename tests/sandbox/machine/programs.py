"""A machine with stand-ins for Python, uv and apt-get that note how they are called."""

import os
from pathlib import Path

import pytest

NOTES = """#!/bin/sh
echo "$(basename "$0") $*" >> {calls}
"""
PYTHON = NOTES + (
    'case "$*" in *"-m venv"*) for folder in "$@"; do :; done;'
    ' mkdir -p "$folder/bin"; cp "$0" "$folder/bin/python";; esac\n'
)


class Machine:
    """A folder of stand-in programs, and what was run of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = folder / "calls"
        self.calls.touch()
        self.programs = folder / "bin"
        self.programs.mkdir()
        self.python = self.have("python", PYTHON)
        self.checkout = folder / "checkout"
        (self.checkout / "requirements").mkdir(parents=True)

    def have(self, name: str, script: str = NOTES) -> Path:
        path = self.programs / name
        path.write_text(script.replace("{calls}", str(self.calls)))
        path.chmod(0o755)
        return path

    def ran(self, *words: str) -> list[str]:
        """The calls that contain all these words."""
        lines = self.calls.read_text().splitlines()
        return [line for line in lines if all(f" {word} " in f" {line} " for word in words)]


APT = NOTES + 'case "$*" in *{fails}*) echo "Reading lists"; echo "E: {why}"; exit 100;; esac\n'


def debian(machine: Machine, monkeypatch: pytest.MonkeyPatch, fails: str, why: str = "") -> None:
    """An apt-get that fails at a word, and root who may call it."""
    machine.have("apt-get", APT.replace("{fails}", fails).replace("{why}", why))
    monkeypatch.setattr(os, "getuid", lambda: 0)
