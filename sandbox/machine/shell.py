"""Programs of the system, run before anything is installed, and words to a person.

Standard library only, and readable by an old Python too, as bootstrap.py is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from sandbox.machine.os_errors import sentence


def attempt(*command: str) -> tuple[int, str]:
    """Run a command; gives its status and what it said."""
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
    except OSError as error:
        return 127, sentence(error)
    return done.returncode, done.stdout.decode(errors="replace").strip()


def works(*command: str) -> bool:
    """Whether a command can be run and succeeds."""
    return attempt(*command)[0] == 0


def say(line: str) -> None:
    """Progress, at once."""
    print(f"  {line} …", flush=True)


def fail(*lines: str) -> None:
    """Stop with words about what to do."""
    sys.exit("\n".join(lines))


def is_debian_root() -> bool:
    """Whether we may install a package ourselves."""
    return os.getuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> str:
    """Install packages of the system, waiting a while for another apt-get. Gives what went wrong in
    one line, or nothing."""
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    apt = ("apt-get", "-qq", "-y", "--option", "DPkg::Lock::Timeout=120")
    attempt(*apt, "update")  # old lists may do: whether they did is seen next
    status, said = attempt(*apt, "install", "--no-install-recommends", *packages)
    errors = [line[3:] for line in said.split("\n") if line.startswith("E: ")]
    return (errors or [said or f"status {status}"])[0] if status else ""
