"""The static files of a release: collected, joined and hashed as they are deployed."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.demo.freshness import digest
from tests.server import ROOT


@pytest.fixture(scope="session")
def collected() -> Path:
    """The folder that the real collectstatic filled from the sources as they are now. All workers, and
    later runs, share it until a source changes."""
    folder = ROOT / ".local" / "collected"
    folder.mkdir(parents=True, exist_ok=True)
    root = folder / digest(ROOT)[:16]
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not root.is_dir():
            for old in folder.iterdir():
                shutil.rmtree(old) if old.is_dir() else None
            unfinished = folder / "unfinished"
            collect(unfinished)
            unfinished.rename(root)
    return root


def collect(folder: Path) -> None:
    """Run collectstatic into this folder, as the image and the demo do."""
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"],
        cwd=ROOT,
        env={**os.environ, "DEBUG": "0", "STATIC_ROOT": str(folder)},
        check=True,
    )
