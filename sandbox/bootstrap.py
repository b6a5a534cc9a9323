"""Makes `.venv`, and finds or installs a Chromium. Run by the Makefile before anything else exists.

    python3 -I sandbox/bootstrap.py venv       make or renew .venv from requirements/dev.txt
    python3 -I sandbox/bootstrap.py demo       look whether a demo could start: PORT, the shell
    python3 -I sandbox/bootstrap.py browser    make sure that the browser tests have a browser

Standard library only, and readable by an old Python too, so that it can say what is missing.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))  # -I leaves it out

from sandbox.machine.browser import find_or_install_browser  # noqa: E402
from sandbox.machine.os_errors import sentence  # noqa: E402
from sandbox.machine.shell import apt_install, attempt, fail, is_debian_root, say, works  # noqa: E402

VENV = CHECKOUT / ".venv"
LOCK = CHECKOUT / "requirements" / "dev.txt"

# What the wheels of the lock are made for.
OLDEST, NEWEST = (3, 11), (3, 14)
OLDEST_GLIBC = (2, 28)
ROOM_MIB = 800  # .venv and the demo's data
MACHINES = {"linux": ("x86_64", "aarch64"), "darwin": ("arm64",)}

# The lock is complete: nothing is looked up beside it, so nothing depends on what an index serves
# today. That holds for builds too: what they need is in no lock, so only wheels are taken.
WHEELS_OF_THE_LOCK = ("--require-hashes", "--only-binary=:all:")


def make_venv() -> None:
    """Make `.venv` if it is not there or not sound, then bring it in step with the lock."""
    check_python()
    check_machine()
    check_folders()
    say("Installing what requirements/dev.txt names into .venv")
    if works("uv", "--version"):
        failure = install_with_uv()
        if not failure:
            return
        say(f"uv did not do it ({failure}); pip does")
    install_with_pip()


def check_demo() -> None:
    """Stop with words if a demo could not start: what is seen at once is not told a minute later."""
    check_python()
    check_machine()
    from sandbox.external import ExternalServiceError, given_services  # no old Python reads these
    from sandbox.machine.identity import server_identity
    from sandbox.machine.lan_address import LanAddressError, lan_address
    from sandbox.machine.ports import PortTakenError, web_port

    options = dict(word.split("=", 1) for word in sys.argv[2:] if "=" in word)
    try:
        given_services(os.environ, options.get("--external"))
        web_port(os.environ, lan_address(options.get("--lan")))
        if not VENV.exists():  # a database that was made already needs no name
            server_identity().named()
    except (ExternalServiceError, LanAddressError, PortTakenError) as error:
        fail(str(error))


# --- What must hold before anything is made ------------------------------------------------------


def check_python() -> None:
    """Stop with words if there are no wheels for this Python."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        oldest, newest, this = (
            ".".join(map(str, v[:3])) for v in (OLDEST, NEWEST, sys.version_info)
        )
        fail(
            f"Giftshop needs Python {oldest} to {newest}; this is {this}.",
            "Name another one like this: make demo PYTHON=/path/to/python3.12",
        )


def check_machine() -> None:
    """Stop with words if there are no wheels for this machine."""
    known = platform.machine() in MACHINES.get(sys.platform, ())
    system = sys.platform
    if sys.platform == "linux":
        libc = glibc_version()
        known = known and libc >= OLDEST_GLIBC
        system = f"Linux with glibc {libc[0]}.{libc[1]}" if libc else "Linux without glibc"
    if not known:
        fail(
            f"Giftshop's sandbox runs on Linux (x86_64, aarch64; glibc 2.28 or newer, so not Alpine) "
            f"and on macOS (Apple silicon); this is {system} on {platform.machine()}.",
            "A container of Debian, Ubuntu or Fedora can run it, and so can docker compose.",
        )


def glibc_version() -> tuple[int, ...]:
    """Of the C library that this Python runs on; empty if it is another one, such as musl."""
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    except (AttributeError, OSError, ValueError):
        return ()
    return tuple(int(part) for part in version.split(".")[:2]) if name == "glibc" else ()


def check_folders() -> None:
    """Stop with words where we could not write, before anything is half made."""
    if not is_ours(CHECKOUT):
        fail(f"Nothing can be written to {CHECKOUT}: copy the checkout to a folder of your own.")
    state = CHECKOUT / ".local"
    for folder in (VENV, state):
        # The state's owner must be us even if we are root: the servers run as somebody else.
        foreign = folder == state and folder.exists() and folder.lstat().st_uid != os.getuid()
        if foreign or (folder.exists() and not is_ours(folder)):
            fail(f"{folder} belongs to somebody else: have it removed, or copy the checkout.")


def is_ours(folder: Path) -> bool:
    """Whether we can make and remove files there."""
    return os.access(str(folder), os.W_OK | os.X_OK)


# --- Installing ----------------------------------------------------------------------------------


def install_with_uv() -> str:
    """Gives what went wrong in one line, or nothing."""
    python = str(VENV / "bin" / "python")
    os.environ["UV_PYTHON_DOWNLOADS"] = "never"
    if not uv_cache_is_ours():
        os.environ["UV_CACHE_DIR"] = str(CHECKOUT / ".local" / "uv")
    steps = [
        ("uv", "pip", "sync", "--quiet", *WHEELS_OF_THE_LOCK, "--python", python, str(LOCK)),
        ("uv", "pip", "check", "--quiet", "--python", python),
    ]
    if not is_sound(python):
        steps.insert(0, ("uv", "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)))
    for step in steps:
        status, said = attempt(*step)
        if status:
            return next(iter(said.split("\n")), "") or f"{' '.join(step[:3])}: status {status}"
    return ""


def uv_cache_is_ours() -> bool:
    """Whether uv can write to its cache; tried, since the permissions do not tell all."""
    status, said = attempt("uv", "cache", "dir")
    folder = Path(said.split("\n")[0])
    if status or not folder.is_absolute():
        return False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=str(folder)):
            return True
    except OSError:
        return False


def install_with_pip() -> None:
    """By Python's own means, into a fresh `.venv`: pip removes nothing that has left the lock."""
    if not works(sys.executable, "-I", "-c", "import ensurepip, venv"):
        install_ensurepip()
    run(sys.executable, "-I", "-m", "venv", "--clear", str(VENV))
    os.environ["PIP_USER"] = "0"  # for all that a pip.conf may say
    pip = (str(VENV / "bin" / "python"), "-I", "-m", "pip", "--disable-pip-version-check")
    run(*pip, "--quiet", "install", "--no-deps", *WHEELS_OF_THE_LOCK, "--requirement", str(LOCK))
    status, said = attempt(*pip, "check")
    if status:
        fail(f"The lock does not fit together: {said}")


def install_ensurepip() -> None:
    """Debian's Python comes without it until python3-venv is installed."""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    said = apt_install(package) if is_debian_root() else ""
    if said or not is_debian_root():
        fail(
            f"This Python cannot make a virtual environment with pip in it{said and f' ({said})'}.",
            f"On Debian and Ubuntu: apt-get install {package}. Or install uv.",
        )


def is_sound(python: str) -> bool:
    """Whether this interpreter is there, starts, is one that we have wheels for, and was put into
    this very folder: the programs beside it name their place."""
    ready = VENV / ".ready"
    if ready.is_file() and ready.read_text().strip() not in ("", str(CHECKOUT)):
        return False
    return works(
        python,
        "-I",
        "-c",
        f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})",
    )


def run(*command: str) -> None:
    """Run a command in view; if it fails, say which, what may be lacking, and stop."""
    if subprocess.run(command, check=False).returncode == 0:
        return
    free = shutil.disk_usage(str(CHECKOUT)).free // 2**20
    if free < ROOM_MIB:
        lacking = f"Only {free} MiB are free on the disk, and it needs {ROOM_MIB}: make room."
    else:
        lacking = "Is an index or a mirror within reach, as pip is set up here? It said why, above."
    fail(f"This failed: {' '.join(command)}", lacking)


ACTS = {"venv": make_venv, "demo": check_demo, "browser": find_or_install_browser}


def main(act: str) -> None:
    """Do one of these; what the system refuses ends in a sentence."""
    try:
        ACTS[act]()
    except OSError as error:
        fail(sentence(error))


if __name__ == "__main__":
    main(sys.argv[1])
