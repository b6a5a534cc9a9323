"""The seconds of each folder are added up over all workers, and what is above its budget is said."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.seconds import BUDGETS, SECONDS, WORKERS, Seconds

ROOT = Path(__file__).resolve().parent.parent


def report(nodeid: str, when: str, seconds: float) -> pytest.TestReport:
    where = (nodeid, None, "")
    return pytest.TestReport(
        nodeid,
        where,
        {},
        "passed",
        None,
        when,
        duration=seconds,  # type: ignore[arg-type]
    )


def added_up(*tests: tuple[str, float]) -> Seconds:
    """Of tests that take that long, the half of it to set up."""
    seconds = Seconds()
    for nodeid, took in tests:
        for when, share in {"setup": 0.5, "call": 0.4, "teardown": 0.1}.items():
            seconds.pytest_runtest_logreport(report(nodeid, when, took * share))
    return seconds


def test_a_test_counts_once_with_all_that_it_took() -> None:
    seconds = added_up(
        ("tests/races/test_one.py::test_one", 7.0),
        ("tests/races/deep/test_other.py::test_other[a/b]", 2.0),
        ("tests/test_makefile.py::test_one", 1.0),
    )
    head, races, top, total = [line.split() for line in seconds.table()]
    assert head == ["folder", "tests", "seconds", "budget"]
    assert races == ["tests/races/", "2", "9.0", str(BUDGETS["tests/races/"])]
    assert top == ["tests/", "1", "1.0", str(BUDGETS["tests/"])]
    assert total[:3] == ["all", "3", "10.0"]
    assert not list(seconds.above())


def test_what_is_above_its_budget_is_said_in_words() -> None:
    seconds = added_up(
        ("tests/races/test_one.py::test_one", BUDGETS["tests/races/"] + 31.0),
        ("tests/moon/test_one.py::test_one", 1.0),
        ("tests/access/test_one.py::test_one", BUDGETS["tests/access/"] - 1.0),
    )
    assert list(seconds.above()) == [
        "tests/races/ took 31 seconds more than its budget.",
        "tests/moon/ has no budget yet: give it one in tests/seconds.py.",
    ]


def test_the_budgets_fit_into_eight_minutes() -> None:
    assert sum(BUDGETS.values()) <= SECONDS * WORKERS


DEAR = {"schemathesis", "openapi_spec_validator"}
"""A third of a second and more, in every worker."""


def test_what_is_dear_is_imported_where_it_is_used() -> None:
    """Every worker imports every file of tests."""
    heads = {
        path.relative_to(ROOT).as_posix(): {
            name.split(".")[0]
            for statement in ast.parse(path.read_text()).body
            for name in imported(statement)
        }
        for path in ROOT.glob("tests/**/*.py")
    }
    assert len(heads) > 100
    assert {file for file, names in heads.items() if names & DEAR} == set()


def imported(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.ImportFrom):
        return [statement.module or ""]
    return [each.name for each in statement.names] if isinstance(statement, ast.Import) else []


def run(tests: Path, *words: str) -> str:
    """What pytest says of them at the end, with two workers and no plugin but this one."""
    own = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "xdist",
            "-n",
            "2",
            "-p",
            "tests.seconds",
            *words,
        ],
        cwd=tests.parent,
        env={**own, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout


def test_two_workers_are_added_up(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "races"
    folder.mkdir(parents=True)
    for name in ("one", "other"):
        (folder / f"test_{name}.py").write_text("def test_it():\n    pass\n")
    told = run(folder.parent, "--seconds")
    [line] = [line.split() for line in told.splitlines() if line.startswith("tests/races/")]
    assert line[1] == "2"
    assert "2 passed" in told
    assert "seconds by folder" not in run(folder.parent)
