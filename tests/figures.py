"""What the proofs measured: shown when the tests end, and kept in a document's table on demand.

A test that proves something by numbers takes the fixture `figure` and tells it what it did. Zero in n
is given with its bound: at 95 % the true rate is below about 3/n.
"""

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

BEGIN, END = "<!-- figures -->", "<!-- /figures -->"
HEAD = ("Invariant", "What was done", "Size", "Result", "95 % bound", "Date")

Figure = Callable[..., None]


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """figure("I1", "one code, 32 tills at once", size="200 rounds", result="0 double", zero_in=200)

    `zero_in`: how often what must never happen could have happened; only when it never did.
    """

    def note(
        invariant: str, what: str, *, size: str, result: str, zero_in: int | None = None
    ) -> None:
        row = (invariant, what, size, result, bound(zero_in), f"{datetime.now(UTC):%Y-%m-%d}")
        request.node.user_properties.append(("figure", row))

    return note


def bound(zero_in: int | None) -> str:
    return f"< {300 / zero_in:.2g} %" if zero_in else ""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--keep-figures",
        metavar="FILE",
        type=Path,
        help="write the figures of tests that passed into the table of this document",
    )


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    rows = [
        tuple(row)
        for report in terminalreporter.getreports("passed")
        for name, row in report.user_properties
        if name == "figure" and report.when == "call"
    ]
    if not rows:
        return
    terminalreporter.section("figures")
    for invariant, what, size, result, bounded, _date in rows:
        words = f"{what} ({size}): {result}" + (f", {bounded} at 95 %" if bounded else "")
        terminalreporter.write_line(
            textwrap.fill(words, 110, initial_indent=f"{invariant:<4} ", subsequent_indent="     ")
        )
    document = config.getoption("--keep-figures")
    if document:
        keep(document, rows)


def keep(document: Path, rows: list[tuple[str, ...]]) -> None:
    """Put the rows into the table between the marks; those of tests that did not run stay."""
    before, old, after = re.split(f"{BEGIN}\n|{END}", document.read_text())
    known = {row[:2]: row for row in (*parse(old), *rows)}
    document.write_text(f"{before}{BEGIN}\n{table(known)}{END}{after}")


def parse(text: str) -> Iterator[tuple[str, ...]]:
    for line in text.splitlines()[2:]:
        cells = tuple(cell.strip() for cell in line.strip("| ").split(" | "))
        if len(cells) == len(HEAD):
            yield cells


def table(rows: Mapping[tuple[str, ...], tuple[str, ...]]) -> str:
    ordered = sorted(rows.values(), key=lambda row: int(row[0].strip("I").split(",")[0]))
    lines = [HEAD, ("---",) * len(HEAD), *ordered]
    return "".join(f"| {' | '.join(cell or '-' for cell in line)} |\n" for line in lines)
