"""How much of the processors the tests of each folder took, beside the budget of that folder.

`pytest --seconds` (so says `make test`) ends with the table: the seconds of CPU of each worker and of all
that its tests started (servers, the browser), counted to the folder whose tests ran meanwhile; PostgreSQL,
which serves all workers, is not in it. Beside them is what the clock said of set-up, call and tear-down.

A folder above its budget is named in words and fails nothing: beside other work the same instructions take a
processor half as long again, so that no bound is both kept on a busy machine and of use on a quiet one.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SECONDS = 8 * 60
PROCESSORS = 2
"""What `make test` may take on two quiet cores."""

LOADING = "(loading)"
"""What each worker does before its first test."""

BUDGETS = {
    LOADING: 40,
    "tests/": 25,
    "tests/access/": 190,
    "tests/bench/": 10,
    "tests/brands/": 5,
    "tests/campaigns/": 65,
    "tests/contracts/": 5,
    "tests/core/": 10,
    "tests/demo/": 20,
    "tests/deploy/": 10,
    "tests/giftshop/": 300,
    "tests/journeys/": 90,
    "tests/races/": 50,
    "tests/redemption/": 100,
    "tests/sandbox/": 40,
}
"""Together no more than the processors have."""


def folder(nodeid: str) -> str:
    """Whose budget a test is counted to: that of the first folder below tests/, or of tests/ itself."""
    return "/".join(nodeid.split("::")[0].split("/")[:-1][:2]) + "/"


def used() -> float:
    """Seconds of CPU so far, of this process, of all that it started and of all that these started."""
    times = os.times()
    reaped = times.children_user + times.children_system
    return time.process_time() + reaped + sum(map(_of_process, _children("self")))


def _of_process(pid: str) -> float:
    """With those that ended and that it has waited for; where there is no /proc nothing is seen of them."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # it ended meanwhile
    own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return own + sum(map(_of_process, _children(pid)))


def _children(pid: str) -> Iterator[str]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            yield from task.read_text().split()
        except OSError:
            continue


class Meter:
    """Counts what this worker uses to the folder of its tests; looked at where another folder begins, since
    a look at a browser's processes takes as long as a small test."""

    def __init__(self) -> None:
        self.used: Counter[str] = Counter()
        self.where = LOADING
        self.last = 0.0

    def turn_to(self, where: str) -> None:
        now = used()
        # Less than before: what was killed and not waited for is seen no more.
        self.used[self.where] += max(0.0, now - self.last)  # type: ignore[assignment]
        self.where, self.last = where, now

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        if (where := folder(nodeid)) != self.where:
            self.turn_to(where)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self.turn_to("")
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["cpu"] = dict(self.used)


class Seconds:
    """Adds up what all workers took."""

    def __init__(self) -> None:
        self.cpu: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self.tests: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        where = folder(report.nodeid)
        self.taken[where] += report.duration  # type: ignore[assignment]
        self.tests[where] += report.when == "setup"  # the one part that every test has

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.cpu.update(getattr(node, "workeroutput", {}).get("cpu", {}))

    def table(self) -> Iterator[str]:
        """A line for each folder, the one that used most first, and one for all."""
        yield f"{'folder':<24}{'tests':>8}{'seconds':>10}{'CPU':>10}{'budget':>8}"
        for where, cpu in self.cpu.most_common():
            budget = BUDGETS.get(where, "none")
            tests, seconds = self.tests[where], self.taken[where]
            yield f"{where:<24}{tests:>8,}{seconds:>10,.1f}{cpu:>10,.1f}{budget:>8}"
        tests, seconds, cpu = self.tests.total(), self.taken.total(), self.cpu.total()
        yield f"{'all':<24}{tests:>8,}{seconds:>10,.1f}{cpu:>10,.1f}{sum(BUDGETS.values()):>8,}"

    def above(self) -> Iterator[str]:
        """A sentence for each folder that used more than it may, or of which nobody has said."""
        for where, cpu in self.cpu.most_common():
            if where not in BUDGETS:
                yield f"{where} has no budget yet: give it one in tests/seconds.py."
            elif cpu > BUDGETS[where]:
                over = cpu - BUDGETS[where]
                yield f"{where} took {over:,.0f} seconds of CPU more than its budget."


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--seconds", action="store_true", help="end with the seconds of each folder and its budget"
    )


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--seconds"):
        return
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        config.pluginmanager.register(Meter(), "meter")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Seconds(), "seconds")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    seconds = config.pluginmanager.get_plugin("seconds")
    if not isinstance(seconds, Seconds) or not seconds.tests:
        return
    if isinstance(meter := config.pluginmanager.get_plugin("meter"), Meter):
        seconds.cpu.update(meter.used)  # no workers: all was done here
    terminalreporter.section("seconds by folder, over all workers")
    for line in [*seconds.table(), *seconds.above()]:
        terminalreporter.write_line(line)
