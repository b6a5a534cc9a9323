"""Workers begin with different files, and each still loads all of them, once."""

from pathlib import Path

from tests.loading import share
from tests.test_seconds import run

SAYS = """
import os
with open({log!r}, "a") as log:
    log.write(os.environ["PYTEST_XDIST_WORKER"] + " {name}\\n")
def test_it(): pass
"""


def test_shares_are_all_there_is() -> None:
    paths = [Path(f"test_{n}.py") for n in range(10)]
    shares = [share(paths, number, 3) for number in range(3)]
    assert sorted(path for each in shares for path in each) == paths


def test_each_worker_begins_with_its_share(tmp_path: Path) -> None:
    folder, log = tmp_path / "tests", tmp_path / "log"
    folder.mkdir()
    names = [f"test_{n}" for n in range(8)]
    for name in names:
        (folder / f"{name}.py").write_text(SAYS.format(log=str(log), name=name))
    told = run(folder, "-p", "tests.loading", "--import-mode=importlib", "tests")
    assert "8 passed" in told
    loaded: dict[str, list[str]] = {}
    for worker, name in map(str.split, log.read_text().splitlines()):
        loaded.setdefault(worker, []).append(name)
    assert [sorted(each) for each in loaded.values()] == [names, names]
    assert sorted([*loaded["gw0"][:4], *loaded["gw1"][:4]]) == names


def test_a_file_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_broken.py").write_text("raise LookupError('nothing there')\n")
    (folder / "test_left_out.py").write_text(
        "import pytest\npytest.skip('not here', allow_module_level=True)\n"
    )
    told = run(folder, "-p", "tests.loading", "--import-mode=importlib", "tests")
    assert "nothing there" in told
    assert "1 error" in told
    assert "1 skipped" in told
