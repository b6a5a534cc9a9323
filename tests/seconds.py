"""How many seconds the tests of each folder took, beside the budget of that folder.

`pytest --seconds` (so says `make test`) ends with the table: set-up, call and tear-down of every test,
summed over all workers. A folder above its budget is named in words and fails nothing: a busy machine
takes longer than the quiet one with two cores for which the budgets hold.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

SECONDS = 8 * 60
WORKERS = 3
"""What `make test` may take on two quiet cores, and how many work there."""

BUDGETS = {
    "tests/": 25,
    "tests/access/": 150,
    "tests/bench/": 30,
    "tests/brands/": 5,
    "tests/campaigns/": 50,
    "tests/contracts/": 5,
    "tests/core/": 10,
    "tests/demo/": 15,
    "tests/deploy/": 30,
    "tests/giftshop/": 330,
    "tests/journeys/": 70,
    "tests/races/": 140,
    "tests/redemption/": 295,
    "tests/sandbox/": 170,
}
"""Together no more than all workers have."""


def folder(nodeid: str) -> str:
    """Whose budget a test is counted to: that of the first folder below tests/, or of tests/ itself."""
    return "/".join(nodeid.split("::")[0].split("/")[:-1][:2]) + "/"


class Seconds:
    """Adds up what every test took, whichever worker ran it."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.tests: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        where = folder(report.nodeid)
        self.taken[where] += report.duration  # type: ignore[assignment]
        self.tests[where] += report.when == "setup"  # the one part that every test has

    def table(self) -> Iterator[str]:
        """A line for each folder, the one with the most seconds first, and one for all."""
        yield f"{'folder':<24}{'tests':>8}{'seconds':>10}{'budget':>8}"
        for where, seconds in self.taken.most_common():
            budget = BUDGETS.get(where, "none")
            yield f"{where:<24}{self.tests[where]:>8,}{seconds:>10,.1f}{budget:>8}"
        tests, seconds, budget = self.tests.total(), self.taken.total(), sum(BUDGETS.values())
        yield f"{'all':<24}{tests:>8,}{seconds:>10,.1f}{budget:>8,}"

    def above(self) -> Iterator[str]:
        """A sentence for each folder that took longer than it may, or of which nobody has said."""
        for where, seconds in self.taken.most_common():
            if where not in BUDGETS:
                yield f"{where} has no budget yet: give it one in tests/seconds.py."
            elif seconds > BUDGETS[where]:
                over = seconds - BUDGETS[where]
                yield f"{where} took {over:,.0f} seconds more than its budget."


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--seconds", action="store_true", help="end with the seconds of each folder and its budget"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--seconds") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Seconds(), "seconds")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    seconds = config.pluginmanager.get_plugin("seconds")
    if not isinstance(seconds, Seconds) or not seconds.tests:
        return
    terminalreporter.section("seconds by folder, over all workers")
    for line in [*seconds.table(), *seconds.above()]:
        terminalreporter.write_line(line)
