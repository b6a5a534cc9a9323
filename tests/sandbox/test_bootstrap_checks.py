"""What bootstrap.py says before it makes anything: Python, machine, port, the shell, folders."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox import bootstrap
from sandbox.places import CHECKOUT, free_port

EARLY = ("bootstrap.py", "machine/browser.py", "machine/os_errors.py", "machine/shell.py")
"""What runs before anything is installed, or even looked at."""


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 15, 0)])
def test_a_python_without_wheels_is_told_which_ones_have_them(machine, monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    for act in (bootstrap.make_venv, bootstrap.check_demo):
        with pytest.raises(SystemExit, match=r"needs Python 3\.11 to 3\.14; this is 3\.1.*\nName"):
            act()


@pytest.mark.parametrize(
    ("system", "machine_name", "libc", "told"),
    [
        ("linux", "x86_64", "", "Linux without glibc on x86_64"),
        ("linux", "x86_64", "glibc 2.17", "Linux with glibc 2.17 on x86_64"),
        ("linux", "riscv64", "glibc 2.36", "Linux with glibc 2.36 on riscv64"),
        ("darwin", "x86_64", "", "darwin on x86_64"),
        ("freebsd14", "amd64", "", "freebsd14 on amd64"),
    ],
)
def test_a_machine_without_wheels_is_told(machine, monkeypatch, system, machine_name, libc, told):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr("platform.machine", lambda: machine_name)
    monkeypatch.setattr(os, "confstr", lambda _name: libc)
    with pytest.raises(SystemExit, match=f"not Alpine.*this is {re.escape(told)}"):
        bootstrap.make_venv()
    assert machine.ran() == []


def test_a_libc_that_does_not_tell_its_version_is_not_glibc(monkeypatch):
    def refuse(_name: str) -> str:
        raise OSError(22, "Invalid argument")  # as musl does

    assert bootstrap.glibc_version() >= (2, 28)
    monkeypatch.setattr(os, "confstr", refuse)
    assert bootstrap.glibc_version() == ()


def test_a_taken_port_is_told_before_anything_is_installed(machine, monkeypatch):
    monkeypatch.setenv("PORT", "no-port")
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "demo", "--external=no"])
    with pytest.raises(SystemExit, match=r"PORT=no-port is no port number\. Try: make demo PORT="):
        bootstrap.check_demo()


def test_an_address_of_another_machine_is_told_before_anything_is_installed(machine, monkeypatch):
    monkeypatch.setenv("PORT", str(free_port()))
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "demo", "--external=no", "--lan=127.0.0.1"])
    with pytest.raises(SystemExit, match=r"LAN=127\.0\.0\.1 is no address of a local network"):
        bootstrap.check_demo()


def test_a_user_for_whom_no_database_can_be_made_is_told_before(machine, monkeypatch):
    machine.have("unshare", "#!/bin/sh\nexit 1\n")
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "demo", "--external=no"])
    monkeypatch.setenv("PORT", str(free_port()))
    with pytest.raises(SystemExit, match=r"uid 54321\) has no name on this machine"):
        bootstrap.main("demo")
    bootstrap.VENV.mkdir()
    bootstrap.main("demo")


def test_services_of_the_shell_are_asked_about_before_anything_is_installed(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://hunter2@db/shop")
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "demo"])
    with pytest.raises(SystemExit, match=r"DATABASE_URL.* set in this shell.*") as caught:
        bootstrap.check_demo()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(("words", "answer"), [(["EXTERNAL=0"], "no"), (["EXTERNAL=1"], "yes")])
def test_make_looks_before_it_installs(words, answer):
    listed = steps_of("--always-make", "demo", *words)
    steps = [listed.index(f"bootstrap.py {act}") for act in ("demo", "venv")]
    assert steps == sorted(steps)
    assert listed.count(f"--external={answer}") == 2, "before and after installing"


def test_a_variable_of_the_shell_is_no_yes():
    assert "--external" not in steps_of("demo")


def steps_of(*words: str) -> str:
    """What make would do, in a shell that says EXTERNAL=1."""
    return subprocess.run(
        ["make", "--dry-run", *words, f"PYTHON={sys.executable}"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        env={**os.environ, "EXTERNAL": "1"},
        check=True,
    ).stdout


def test_bootstrap_can_be_read_by_an_old_python():
    """So that it can say what is missing."""
    for name in ("__init__.py", "machine/__init__.py", *EARLY):
        source = (CHECKOUT / "sandbox" / name).read_text()
        tree = ast.parse(source, feature_version=(3, 7))
        top = {
            getattr(node, "module", None) or alias.name
            for node in tree.body
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        modules = {word.partition(".")[0] for word in top} - {"sandbox"}
        assert modules <= sys.stdlib_module_names
        ours = {word for word in top if word.startswith("sandbox.")}
        assert ours <= {f"sandbox.{early.removesuffix('.py').replace('/', '.')}" for early in EARLY}


# --- Folders -------------------------------------------------------------------------------------


@pytest.mark.skipif(os.getuid() == 0, reason="root can write anywhere")
def test_a_checkout_that_cannot_be_written_is_told(machine):
    bootstrap.CHECKOUT.chmod(0o555)
    with pytest.raises(SystemExit, match=r"Nothing can be written to .*copy the checkout"):
        bootstrap.make_venv()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to somebody else")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "Nothing can be written to .*: copy the checkout"),
        (".venv", r"\.venv belongs to somebody else: have it removed"),
        (".local", r"\.local belongs to somebody else: have it removed"),
    ],
)
def test_a_folder_of_somebody_else_is_told_to_an_ordinary_user(machine, name, told):
    folder = bootstrap.CHECKOUT / name
    for each in (machine.folder, bootstrap.CHECKOUT):
        os.chown(each, 12345, 12345)
    folder.mkdir(exist_ok=True)
    os.chown(folder, 0, 0)
    folder.chmod(0o755)
    assert re.search(told, said_as(12345, bootstrap.check_folders))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to somebody else")
def test_state_of_somebody_else_is_told_to_root_too(machine):
    state = bootstrap.CHECKOUT / ".local"
    state.mkdir()
    os.chown(state, 12345, 12345)
    with pytest.raises(SystemExit, match=r"\.local belongs to somebody else"):
        bootstrap.make_venv()
    assert machine.ran() == []


def said_as(uid: int, act: Callable[[], None]) -> str:
    """What an act stops with when this user does it; in a child, since there is no way back."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        said = "nothing"
        try:
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            act()
        except SystemExit as leaving:
            said = str(leaving.code)
        except BaseException as error:
            said = repr(error)
        finally:
            os.write(theirs, said.encode())
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as stream:
        said = stream.read()
    os.waitpid(pid, 0)
    return said


def test_what_the_system_refuses_ends_in_a_sentence(monkeypatch):
    monkeypatch.setitem(bootstrap.ACTS, "venv", lambda: Path("/proc/version/here").mkdir())
    with pytest.raises(SystemExit, match=r"^/proc/version/here: Not a directory; .*\.$"):
        bootstrap.main("venv")
