"""Who runs the servers, and what that user can reach.

PostgreSQL refuses to run as root. On a machine where we are root (a container, a CI runner) both
servers run as `nobody`, so no account has to be made and none is left behind.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNPRIVILEGED_USER = "nobody"


@dataclass(frozen=True)
class Identity:
    """The user a server runs as. `uid` and `gid` are None when it is simply ourselves."""

    uid: int | None = None
    gid: int | None = None

    def popen_options(self) -> dict[str, Any]:
        """What `subprocess` needs to become this user; empty when nothing changes."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, folder: Path) -> None:
        """Give a folder to this user."""
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)

    def can(self, test: str, path: Path) -> bool:
        """Ask as this user whether `path` can be read (-r), written (-w) or run (-x)."""
        return self.can_all(test, [path])

    def can_all(self, test: str, paths: list[Path]) -> bool:
        """The same for several paths at once."""
        if self.uid is None:
            modes = {"-r": os.R_OK, "-w": os.W_OK, "-x": os.X_OK}
            return all(os.access(path, modes[test]) for path in paths)
        script = f'for path do test {test} "$path" || exit 1; done'
        words = ["/bin/sh", "-c", script, "sh", *map(str, paths)]
        return subprocess.run(words, cwd="/", **self.popen_options()).returncode == 0

    def named(self) -> list[str]:
        """Words before a command that looks up its user's name, as initdb does. A uid without an
        entry, as containers like to give, gets one in a user namespace of that command's own;
        raises PermissionError where the system has none to give."""
        uid = os.getuid() if self.uid is None else self.uid
        if has_name(uid):
            return []
        words = ["unshare", "--user", f"--map-user={unprivileged_user().pw_uid}", "--"]
        if shutil.which(words[0]):
            tried = subprocess.run(
                [*words, "true"], cwd="/", capture_output=True, **self.popen_options()
            )
            if tried.returncode == 0:
                return words
        raise PermissionError(
            f"The user who runs this (uid {uid}) has no name on this machine, and PostgreSQL makes "
            "no database for such a one: start as another user, or give it a name as root with "
            f"`useradd --uid {uid} giftshop`."
        )


def server_identity() -> Identity:
    """Ourselves, or `nobody` when we are root."""
    if os.getuid() != 0:
        return Identity()
    user = unprivileged_user()
    return Identity(user.pw_uid, user.pw_gid)


def unprivileged_user() -> pwd.struct_passwd:
    """`nobody`; raises PermissionError where there is none."""
    try:
        return pwd.getpwnam(UNPRIVILEGED_USER)
    except KeyError:
        raise PermissionError(
            f"PostgreSQL does not run as root, and this machine has no user `{UNPRIVILEGED_USER}`: "
            "start as an ordinary user."
        ) from None


def has_name(uid: int) -> bool:
    """Whether this user has an entry in the system's list of users."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
