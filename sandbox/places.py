"""Where things lie: state that stays, folders for one run, sockets, and free ports.

A server that runs as `nobody` must be able to walk down to its folder. Below root's home, or below
a temporary folder of mode 0700, it cannot; then the state lies under /var/tmp and we say so.
"""

from __future__ import annotations

import hashlib
import os
import re
import socket
import stat
import sys
import tempfile
from pathlib import Path

from sandbox.machine.identity import Identity, server_identity

CHECKOUT = Path(__file__).resolve().parent.parent

# sun_path holds 108 bytes on Linux and 104 on macOS, the closing NUL among them.
SOCKET_PATH_BYTES_MAX = 107 if sys.platform == "linux" else 103
LONGEST_SOCKET_NAME = "postgres/.s.PGSQL.5432.lock"

PLAIN_PATH = re.compile(r"[A-Za-z0-9/._+-]+")

# Others may pass through to the one folder that is theirs and list nothing on the way.
PASSAGE = 0o711


def state_folder(checkout: Path = CHECKOUT) -> Path:
    """The folder for state that outlives a run: `.local` in the checkout, where possible."""
    local = checkout / ".local"
    make_passage(local)
    if reaches(server_identity(), local):
        return local
    digest = hashlib.sha256(os.fsencode(checkout)).hexdigest()[:12]
    elsewhere = Path("/var/tmp") / f"giftshop-{digest}"  # nosec B108  # ours alone: checked below
    make_passage(elsewhere)
    return elsewhere


def throwaway_folder(*, on_disk: bool = False) -> Path:
    """A new folder for one run, reachable by the servers' user and short enough for sockets.

    On disk: /tmp is memory on many systems, where no write ever waits; /var/tmp survives a boot.
    """
    identity = server_identity()
    bases = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]  # nosec B108
    if on_disk:
        bases.reverse()
    for base in dict.fromkeys(bases):
        if not base.is_dir() or not os.access(base, os.W_OK):
            continue
        folder = Path(tempfile.mkdtemp(prefix="giftshop-", dir=base)).resolve()
        folder.chmod(PASSAGE)
        if reaches(identity, folder) and fits_sockets(folder / "run"):
            return folder
        folder.rmdir()
    # No place for sockets: the servers then listen on free ports of 127.0.0.1.
    folder = Path(tempfile.mkdtemp(prefix="giftshop-"))
    folder.chmod(PASSAGE)
    return folder


def make_passage(folder: Path) -> None:
    """Make a folder that we own and others can only pass through; refuse somebody else's."""
    folder.mkdir(mode=PASSAGE, parents=True, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise PermissionError(
            f"{folder} belongs to somebody else: have it removed, or copy the checkout."
        )
    folder.chmod(PASSAGE)


def reaches(identity: Identity, folder: Path) -> bool:
    """Whether the servers' user can walk down to this folder."""
    return identity.can("-x", folder)


def fits_sockets(folder: Path) -> bool:
    """Whether a unix socket below this folder has a path that the system can hold and that reads
    the same in every URL."""
    return (
        bool(PLAIN_PATH.fullmatch(str(folder)))
        and len(os.fsencode(folder / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX
    )


def make_private(folder: Path, owner: Identity) -> Path:
    """A folder that only the servers' user can open."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner.own(folder)
    return folder


def free_port() -> int:
    """A port of 127.0.0.1 that is free now. Who takes it first wins; a lost race fails loudly."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
