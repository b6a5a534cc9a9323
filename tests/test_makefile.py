"""The Makefile explains itself, and the documents name only targets that exist."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^\.PHONY: ([a-z][a-z-]*)$", MAKEFILE, re.MULTILINE))
CONTRACT = {"demo", "test", "check", "stress", "bench", "screens", "lock", "clean", "help"}


def test_make_alone_lists_every_target():
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make ([a-z-]+) +\S", shown, re.MULTILINE)) == TARGETS


def test_the_promised_targets_are_there():
    assert TARGETS >= CONTRACT


@pytest.mark.parametrize("document", sorted(ROOT.glob("*.md")), ids=lambda path: path.name)
def test_a_document_names_only_targets_that_exist(document: Path):
    named = set(re.findall(r"`make ([a-z-]+)", document.read_text()))
    assert named - TARGETS == set()


def test_the_build_runs_the_checks_the_tests_and_a_short_soak():
    steps = re.findall(r"^step make (.+)$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert steps[-3:] == ["check", "test", "soak MINUTES=4"]


def test_whatever_reads_settings_runs_with_services_of_its_own():
    """So that a DATABASE_URL of the shell is never what tests and benches fill and clear."""
    recipes = re.findall(r"^([a-z_-]+)(?:[^:\n]*):.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    reading = {
        target: steps
        for target, steps in recipes
        if re.search(r"pytest\b|PYTEST|manage\.py|bench\.|\(MAKE\) _checks", steps)
    }
    assert reading.keys() >= {"test", "coverage", "check", "_checks", "stress", "docs-screens"}
    del reading["_checks"]  # which check calls
    for opens_a_demo in (
        "soak",
        "screens",
        "bench-pages",
    ):  # which takes no service from the shell (test_external)
        del reading[opens_a_demo]
    del reading["screens-compare"]  # it reads pictures alone
    for target, steps in reading.items():
        assert re.search(r"\$\(WITH_(DURABLE_)?SERVICES\)", steps), target


def test_what_was_compiled_is_kept_whatever_the_shell_says():
    """Else each worker, and each server that a test starts, compiles the product anew."""
    words = ["make", "--eval=_environment:; @env", "_environment"]
    told = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "TOLD": "by the shell"}
    done = subprocess.run(words, cwd=ROOT, env=told, capture_output=True, text=True, check=True)
    assert "TOLD=by the shell" in done.stdout
    assert "PYTHONDONTWRITEBYTECODE" not in done.stdout


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A checkout with a .venv that was made there."""
    (tmp_path / "Makefile").write_text(MAKEFILE)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "dev.txt").touch()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / ".venv" / ".ready").write_text(f"{tmp_path}\n")
    return tmp_path


def would_install(checkout: Path) -> bool:
    words = ["make", "--dry-run", "install", "PYTHON=python3"]
    done = subprocess.run(words, cwd=checkout, capture_output=True, text=True, check=True)
    return "bootstrap.py venv" in done.stdout


def test_a_venv_is_made_anew_when_it_no_longer_fits(installed):
    assert not would_install(installed)
    moved = installed.rename(installed.with_name("moved elsewhere"))
    assert would_install(moved)
    (moved / ".venv" / ".ready").write_text(f"{moved}\n")
    assert not would_install(moved)
    (moved / ".venv" / "bin" / "python").unlink()
    (moved / ".venv" / "bin" / "python").symlink_to("/no/python/any/more")
    assert would_install(moved)


def test_the_demo_is_opened_to_others_by_the_command_line_alone(installed):
    def shown(*words: str) -> str:
        told = {**os.environ, "LAN": "1"}
        made = ["make", "--dry-run", "demo", "PYTHON=python3", *words]
        return subprocess.run(
            made, cwd=installed, env=told, capture_output=True, text=True, check=True
        ).stdout

    assert "--lan" not in shown()
    said = shown("LAN=192.168.1.20")
    assert said.count("'--lan=192.168.1.20'") == 2  # looked at before installing, and done


@pytest.mark.parametrize("name", ["RESET", "EXTERNAL"])
@pytest.mark.parametrize("word", ["false", "off", "n", "maybe"])
def test_what_is_no_answer_is_not_taken_for_a_yes(installed, name, word):
    words = ["make", "--dry-run", "demo", "PYTHON=python3", f"{name}={word}"]
    done = subprocess.run(words, cwd=installed, capture_output=True, text=True)
    assert done.returncode
    assert f"{name}={word} is no answer: say {name}=1 for yes, {name}=0 for no" in done.stderr
    assert "sandbox" not in done.stdout


def test_data_is_thrown_away_by_the_command_line_alone(installed):
    """RESET is a common name: shells keep the code that ends a colour in it."""

    def shown(*words: str) -> str:
        told = {**os.environ, "RESET": "\x1b[0m"}
        made = ["make", "--dry-run", "demo", "PYTHON=python3", *words]
        return subprocess.run(
            made, cwd=installed, env=told, capture_output=True, text=True, check=True
        ).stdout

    assert "--reset" not in shown()
    assert "--reset" not in shown("RESET=0")
    assert "--reset" in shown("RESET=1")


def test_no_file_of_the_build_names_a_package_index():
    files = ("Makefile", ".ci/run", "Dockerfile", "pyproject.toml")
    texts = [(ROOT / name).read_text() for name in files]
    texts += [path.read_text() for path in (ROOT / "requirements").glob("*.txt")]
    for text in texts:
        assert not re.search(r"index-url [^\s-]|https?://\S*(pypi|simple|registry)", text)


def test_every_pinned_package_has_its_hashes():
    for lock in (ROOT / "requirements").glob("*.txt"):
        pins = re.split(r"^(?=[a-z0-9])", lock.read_text(), flags=re.MULTILINE)[1:]
        assert len(pins) > 20
        assert [pin.split("==")[0] for pin in pins if "--hash=sha256:" not in pin] == []
