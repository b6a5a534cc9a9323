"""What bootstrap.py installs, and what it says instead of failing halfway."""

import os
import re
import shutil

import pytest

from sandbox import bootstrap
from sandbox.places import CHECKOUT
from tests.sandbox.machine.programs import NOTES, PYTHON, debian

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
            assert re.search(r"(-r|--requirement) \S*(base|audit)\.txt", command), (name, command)
    assert found == 3, "the Dockerfile's, make audit's and the guide's"
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


@pytest.mark.parametrize(
    ("free", "told"), [(20, "Only 20 MiB are free on the disk"), (9999, "Is an index or a mirror")]
)
def test_an_install_that_fails_is_said_with_what_may_be_lacking(machine, monkeypatch, free, told):
    machine.have("python", PYTHON + 'case "$*" in *install*) exit 1;; esac\n')
    usage = shutil.disk_usage("/")._replace(free=free * 2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(SystemExit, match=rf"This failed: .* install .*\n{told}"):
        bootstrap.make_venv()


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
