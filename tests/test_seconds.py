"""The seconds of each folder are added up over all workers, and what is above its budget is said."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.product import PRODUCT
from tests.seconds import BUDGETS, LOADING, PROCESSORS, SECONDS, Seconds, used

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


def added_up(**used: float) -> Seconds:
    """Of two workers that used as much each; every folder has a test of nine seconds."""
    seconds = Seconds()
    for name, cpu in used.items():
        where = f"tests/{name}/" if name != "top" else "tests/"
        for when, share in {"setup": 0.5, "call": 0.4, "teardown": 0.1}.items():
            seconds.pytest_runtest_logreport(report(f"{where}test_it.py::test", when, 9 * share))
        for _worker in range(2):
            seconds.pytest_testnodedown(SimpleNamespace(workeroutput={"cpu": {where: cpu / 2}}))
    return seconds


def test_a_folder_counts_with_all_that_its_workers_used() -> None:
    seconds = added_up(races=7.0, top=1.0)
    head, races, top, total = [line.split() for line in seconds.table()]
    assert head == ["folder", "tests", "seconds", "CPU", "budget"]
    assert races == ["tests/races/", "1", "9.0", "7.0", str(BUDGETS["tests/races/"])]
    assert top == ["tests/", "1", "9.0", "1.0", str(BUDGETS["tests/"])]
    assert total[:4] == ["all", "2", "18.0", "8.0"]
    assert not list(seconds.above())


def test_what_is_above_its_budget_is_said_in_words() -> None:
    seconds = added_up(
        races=BUDGETS["tests/races/"] + 31.0, moon=1.0, access=BUDGETS["tests/access/"] - 1.0
    )
    assert list(seconds.above()) == [
        "tests/races/ took 31 seconds of CPU more than its budget.",
        "tests/moon/ has no budget yet: give it one in tests/seconds.py.",
    ]


def test_the_budgets_fit_into_eight_minutes() -> None:
    assert sum(BUDGETS.values()) <= SECONDS * PROCESSORS


BUSY = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass\n"


@pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="only Linux tells of a child's children"
)
def test_what_was_started_counts_while_it_runs_and_when_it_has_ended() -> None:
    """Also what a child has started, as a browser does."""
    before = used()
    inner = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}]); input()"
    with subprocess.Popen(
        [sys.executable, "-c", f"{inner}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        deadline = time.monotonic() + 60
        while used() - before < 0.3:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        running = used() - before
        child.communicate(b"\n")
    assert used() - before >= running - 0.05  # ticks


DEAR = ("schemathesis", "openapi_spec_validator")
"""A third of a second and more, in every worker."""
DEAR_TO_START = ("openpyxl", "fpdf", "fontTools")
"""Together a tenth of what a process of the product takes to start, and tests start a hundred."""


def test_what_is_dear_is_imported_where_it_is_used() -> None:
    """Every worker imports every file of tests."""
    assert importing_at_once(DEAR, "tests") == []


def test_what_is_dear_to_start_is_imported_by_who_needs_it() -> None:
    assert importing_at_once(DEAR_TO_START, *PRODUCT) == []
    assert importing_at_once(("django",), *PRODUCT), "the control"


WITH_A_CODEC = re.compile(r"\btext\((?:max_size|min_size|\))|codec=")


def test_texts_are_drawn_without_a_codec() -> None:
    """Hypothesis would encode each character there is, some seconds in each worker; all but surrogates is
    the same, st.characters(exclude_categories=["Cs"])."""
    files = [path for path in sorted((ROOT / "tests").rglob("*.py")) if path != Path(__file__)]
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in files}
    using = {name: text for name, text in texts.items() if "from hypothesis" in text}
    assert len(using) > 10
    assert [name for name, text in using.items() if WITH_A_CODEC.search(text)] == []
    assert WITH_A_CODEC.search("st.text(max_size=9)"), "the control"


def importing_at_once(packages: tuple[str, ...], *folders: str) -> list[str]:
    """The files that import one of them as soon as they are loaded themselves."""
    wanted = re.compile(rf"^(?:from|import) (?:{'|'.join(packages)})\b", re.MULTILINE)
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [str(path.relative_to(ROOT)) for path in files if wanted.search(path.read_text())]


def run(tests: Path, *words: str, workers: int = 2) -> str:
    """What pytest says of them at the end, with no plugin but this one."""
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
            str(workers),
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
        (folder / f"test_{name}.py").write_text(f"def test_it():\n    exec({BUSY!r})\n")
    told = run(folder.parent, "--seconds")
    lines = [line.split() for line in told.splitlines()]
    [races] = [line for line in lines if line[:1] == ["tests/races/"]]
    assert races[1] == "2"
    [loading] = [line for line in lines if line[:1] == [LOADING]]
    assert loading[1] == "0"
    assert float(races[3]) > 0.55
    assert float(loading[3]) > 0
    assert "2 passed" in told
    assert "seconds by folder" not in run(folder.parent, workers=0)


def test_without_workers_it_is_told_too(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "races"
    folder.mkdir(parents=True)
    (folder / "test_one.py").write_text(f"def test_it():\n    exec({BUSY!r})\n")
    [races] = [
        line.split()
        for line in run(folder.parent, "--seconds", workers=0).splitlines()
        if line.startswith("tests/races/")
    ]
    assert races[1] == "1"
