"""What bootstrap.py runs and says, with stand-ins for Python, uv and apt-get that note their calls."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox import bootstrap
from sandbox.places import CHECKOUT, throwaway_folder

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

    def have(self, name: str, script: str = NOTES) -> Path:
        path = self.programs / name
        path.write_text(script.replace("{calls}", str(self.calls)))
        path.chmod(0o755)
        return path

    def ran(self, *words: str) -> list[str]:
        """The calls that contain all these words."""
        lines = self.calls.read_text().splitlines()
        return [line for line in lines if all(f" {word} " in f" {line} " for word in words)]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    folder = throwaway_folder()  # which another user can reach
    made = Machine(folder)
    checkout = folder / "checkout"
    (checkout / "requirements").mkdir(parents=True)
    monkeypatch.setattr(bootstrap, "CHECKOUT", checkout)
    monkeypatch.setattr(bootstrap, "VENV", checkout / ".venv")
    monkeypatch.setattr(bootstrap, "LOCK", checkout / "requirements" / "dev.txt")
    monkeypatch.setattr(sys, "executable", str(made.python))
    monkeypatch.setenv("PATH", f"{made.programs}:/usr/bin:/bin")
    for name in ("UV_CACHE_DIR", "UV_PYTHON_DOWNLOADS", "PIP_USER", "DEBIAN_FRONTEND", "CHROMIUM"):
        monkeypatch.setenv(name, "")  # so that what bootstrap says is taken back
        monkeypatch.delenv(name)
    yield made
    shutil.rmtree(folder)


# --- Nothing is looked up beside the lock --------------------------------------------------------


def installs(calls: list[str]) -> list[str]:
    return [
        line for line in calls if re.search(r"\b(pip|pip3) (.* )?(install|sync|download)\b", line)
    ]


def test_pip_installs_the_lock_and_nothing_else(machine):
    bootstrap.make_venv()
    (install,) = installs(machine.ran())
    words = set(install.split())
    assert words >= {"--no-deps", "--require-hashes", "--only-binary=:all:", str(bootstrap.LOCK)}
    assert machine.ran("pip", "check")
    assert machine.ran("-m", "venv", "--clear")


def test_uv_installs_the_lock_and_nothing_else(machine):
    machine.have("uv", NOTES + 'test "$1" != cache || echo /var/cache\n')
    bootstrap.make_venv()
    (install,) = installs(machine.ran())
    assert install.startswith("uv pip sync ")  # which resolves nothing
    assert set(install.split()) >= {"--require-hashes", "--only-binary=:all:", str(bootstrap.LOCK)}
    assert machine.ran("uv", "pip", "check")
    assert machine.ran("uv", "venv", "--python", str(machine.python))
    assert os.environ["UV_PYTHON_DOWNLOADS"] == "never"


def test_every_install_of_the_tree_takes_the_lock_as_it_is():
    """Dockerfile, build, Makefile and documents; the commands above are made of these words too."""
    found = 0
    names = ["Dockerfile", "Makefile", ".ci/run", "docker-compose.yml"]
    names += [str(path.relative_to(CHECKOUT)) for path in CHECKOUT.glob("*.md")]
    names += [str(path.relative_to(CHECKOUT)) for path in CHECKOUT.glob("docs/**/*.md")]
    for name in names:
        text = (CHECKOUT / name).read_text().replace("\\\n", " ")
        for command in re.findall(r"\bpip3? (?:install|sync|download)\b[^&|;\n]*", text):
            found += 1
            assert "--no-deps" in command, (name, command)
            assert "--require-hashes" in command, (name, command)
            assert "--only-binary=:all:" in command, (name, command)
            assert re.search(r"-r \S*base\.txt", command), (name, command)
    assert found == 1, "the Dockerfile's"
    assert "pip check" in (CHECKOUT / "Dockerfile").read_text()


def test_a_venv_of_another_place_is_made_anew_by_uv_too(machine):
    machine.have("uv", NOTES + 'test "$1" != cache || echo /var/cache\n')
    python = bootstrap.VENV / "bin" / "python"
    python.parent.mkdir(parents=True)
    shutil.copy(machine.python, python)
    (bootstrap.VENV / ".ready").write_text(f"{bootstrap.CHECKOUT}\n")
    bootstrap.make_venv()
    assert not machine.ran("uv", "venv")
    (bootstrap.VENV / ".ready").write_text("/somewhere/else\n")
    bootstrap.make_venv()
    assert machine.ran("uv", "venv", "--clear")


def test_a_lock_that_does_not_fit_together_is_said(machine):
    machine.have("python", PYTHON + 'case "$*" in *check) echo "a 1 needs b"; exit 1;; esac\n')
    with pytest.raises(SystemExit, match="The lock does not fit together: a 1 needs b"):
        bootstrap.make_venv()


# --- uv, when it can't ---------------------------------------------------------------------------


@pytest.mark.parametrize("cache", ["/proc/nobody/can/write/here", "not-absolute", ""])
def test_a_cache_that_uv_cannot_write_is_replaced_by_one_of_our_own(machine, cache):
    own = bootstrap.CHECKOUT / ".local" / "uv"
    machine.have(
        "uv",
        NOTES
        + f'case "$1" in cache) echo "{cache}";; venv|pip) test "$UV_CACHE_DIR" = "{own}";; esac\n',
    )
    bootstrap.make_venv()
    assert machine.ran("uv", "pip", "sync")
    assert not machine.ran("-m", "pip")


@pytest.mark.parametrize("step", ["venv", "sync", "check"])
def test_a_uv_that_fails_leaves_it_to_pip_with_a_word(machine, step, capsys):
    """An offline one, one told to use its own Pythons only, one of another libc."""
    machine.have(
        "uv",
        NOTES
        + f'case "$1$2" in *{step}*) echo "error: no such Python"; exit 2;; cache*) echo /;; esac\n',
    )
    bootstrap.make_venv()
    assert "uv did not do it (error: no such Python); pip does" in capsys.readouterr().out
    assert len(machine.ran("-m", "pip", "install")) == 1


def test_a_uv_that_does_not_even_start_is_no_uv(machine):
    machine.have("uv", "#!/no/such/interpreter\n")
    bootstrap.make_venv()
    assert len(machine.ran("-m", "pip", "install")) == 1


# --- What is told before anything is made --------------------------------------------------------


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
    for name in ("__init__.py", "bootstrap.py", "os_errors.py"):
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
        assert {word for word in top if word.startswith("sandbox")} <= {"sandbox.os_errors"}


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
    with pytest.raises(SystemExit, match=r"^/proc/version/here: Not a directory\.$"):
        bootstrap.main("venv")


# --- The browser, and Debian's packages ----------------------------------------------------------


APT = NOTES + 'case "$*" in *{fails}*) echo "Reading lists"; echo "E: {why}"; exit 100;; esac\n'


def debian(machine: Machine, monkeypatch: pytest.MonkeyPatch, fails: str, why: str = "") -> None:
    machine.have("apt-get", APT.replace("{fails}", fails).replace("{why}", why))
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.setattr(bootstrap, "playwright_has_one", lambda: False)
    monkeypatch.setattr(bootstrap, "BROWSERS", ("chromium-of-no-machine",))


def test_debians_chromium_is_installed_for_root_even_with_old_lists(machine, monkeypatch):
    debian(machine, monkeypatch, fails="update", why="Failed to fetch")
    bootstrap.find_or_install_browser()
    (install,) = machine.ran("install")
    assert "chromium" in install.split()
    assert "DPkg::Lock::Timeout=120" in install.split()


def test_a_chromium_that_apt_get_cannot_install_ends_in_words(machine, monkeypatch):
    debian(machine, monkeypatch, fails="install", why="Package 'chromium' has no candidate")
    with pytest.raises(SystemExit) as caught:
        bootstrap.find_or_install_browser()
    first, *rest = str(caught.value).splitlines()
    assert first == "apt-get could not install Chromium: Package 'chromium' has no candidate"
    assert "playwright install chromium" in rest[0]
    assert "BROWSER=no" in rest[1]


def test_nobody_but_root_is_asked_to_install_it(machine, monkeypatch):
    debian(machine, monkeypatch, fails="nothing")
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(SystemExit, match="need Chromium, and there is none"):
        bootstrap.find_or_install_browser()
    assert machine.ran("install") == []


def test_a_browser_that_does_not_start_is_none(machine, monkeypatch):
    """Ubuntu's package is a stub that asks for another one."""
    monkeypatch.setattr(bootstrap, "BROWSERS", ("stub-of-chromium", "real-chromium"))
    machine.have("stub-of-chromium", "#!/bin/sh\nexit 1\n")
    assert bootstrap.browser() == ""
    machine.have("real-chromium")
    assert bootstrap.browser() == "real-chromium"
    monkeypatch.setenv("CHROMIUM", str(machine.have("my-own")))
    assert bootstrap.browser() == str(machine.programs / "my-own")


def test_without_home_nothing_breaks(monkeypatch):
    """A uid without an entry has no home that could be looked up either."""
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", lambda _uid: (_ for _ in ()).throw(KeyError()))
    assert bootstrap.playwright_has_one() in {True, False}


NO_ENSUREPIP = PYTHON + 'case "$*" in *ensurepip*) exit 1;; esac\n'


def test_a_python_without_ensurepip_is_completed_by_debian_or_told(machine, monkeypatch):
    machine.have("python", NO_ENSUREPIP)
    debian(machine, monkeypatch, fails="nothing")
    bootstrap.install_with_pip()
    assert re.search(r"python3\.\d+-venv", machine.ran("install")[0])
    debian(machine, monkeypatch, fails="install", why="No space left")
    with pytest.raises(SystemExit, match=r"with pip in it \(No space left\)\.\nOn Debian"):
        bootstrap.install_with_pip()
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(SystemExit, match=r"with pip in it\.\nOn Debian.*Or install uv"):
        bootstrap.install_with_pip()
