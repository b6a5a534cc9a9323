"""Makes `.venv`, and finds or installs a Chromium. Run by the Makefile before anything else exists.

    python3 -I sandbox/bootstrap.py venv       make or renew .venv from requirements/dev.txt
    python3 -I sandbox/bootstrap.py browser    make sure that the browser tests have a browser

Standard library only, and readable by an old Python too, so that it can say what is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
LOCK = CHECKOUT / "requirements" / "dev.txt"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def make_venv() -> None:
    """Make `.venv` if it is not there or not sound, then bring it in step with the lock."""
    if sys.version_info < OLDEST:
        version = ".".join(map(str, sys.version_info[:3]))
        fail(
            f"Giftshop needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {version}.",
            "Name a newer one like this: make demo PYTHON=/path/to/python3.12",
        )
    python = VENV / "bin" / "python"
    say("Installing what requirements/dev.txt names into .venv")
    if works("uv", "--version"):
        if not is_sound(python):
            run("uv", "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV))
        run("uv", "pip", "sync", "--quiet", "--require-hashes", "--python", str(python), str(LOCK))
        return
    make_plain_venv()
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    # The lock is complete: nothing is resolved, so nothing depends on what an index serves today.
    run(*pip, "install", "--no-deps", "--require-hashes", "--requirement", str(LOCK))
    run(*pip, "check", quiet=True)


def make_plain_venv() -> None:
    """A fresh `.venv` by Python's own means: pip removes nothing that has left the lock."""
    if not has_ensurepip():
        if not is_debian_root():
            fail(
                "This Python cannot make a virtual environment with pip in it.",
                "On Debian and Ubuntu: apt-get install python3-venv. Or install uv.",
            )
        apt_install(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    run(sys.executable, "-m", "venv", "--clear", str(VENV))


def find_or_install_browser() -> None:
    """Chromium for the browser journeys: the system's, Playwright's own, or Debian's package."""
    if any(shutil.which(name) for name in BROWSERS) or playwright_has_one():
        return
    if is_debian_root():
        say("Installing Chromium for the browser journeys (apt-get)")
        apt_install("chromium", "fonts-dejavu-core", "fonts-noto-color-emoji")
        return
    fail(
        "The browser journeys need Chromium, and there is none.",
        "Install it with your system's packages, or: .venv/bin/playwright install chromium",
        "All but the journeys: make test BROWSER=no ARGS='-m \"not journey and not stress\"'",
    )


def playwright_has_one() -> bool:
    """Whether `playwright install chromium` was run for this user."""
    caches = (
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""),
        "~/.cache/ms-playwright",
        "~/Library/Caches/ms-playwright",
    )
    folders = [Path(cache).expanduser() for cache in caches if cache]
    return any(list(folder.glob("chromium*")) for folder in folders)


def is_sound(python: Path) -> bool:
    """Whether this interpreter is there, starts, and is new enough."""
    return works(str(python), "-c", f"import sys; sys.exit(sys.version_info < {OLDEST})")


def has_ensurepip() -> bool:
    """Debian's Python comes without it until python3-venv is installed."""
    return works(sys.executable, "-c", "import ensurepip, venv")


def is_debian_root() -> bool:
    """Whether we may install a package ourselves."""
    return os.getuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> None:
    """Install packages of the system, quietly."""
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    run("apt-get", "update", "-qq", quiet=True)
    run("apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages, quiet=True)


def works(*command: str) -> bool:
    """Whether a command can be run and succeeds."""
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def run(*command: str, quiet: bool = False) -> None:
    """Run a command; if it fails, say which and stop with what it said."""
    output = subprocess.PIPE if quiet else None
    done = subprocess.run(
        command, stdout=output, stderr=subprocess.STDOUT if quiet else None, check=False
    )
    if done.returncode:
        said = (done.stdout or b"").decode(errors="replace")
        fail(f"{said}This failed: {' '.join(command)}")


def say(line: str) -> None:
    """Progress, at once."""
    print(f"  {line} …", flush=True)


def fail(*lines: str) -> None:
    """Stop with words about what to do."""
    sys.exit("\n".join(lines))


if __name__ == "__main__":
    {"venv": make_venv, "browser": find_or_install_browser}[sys.argv[1]]()
