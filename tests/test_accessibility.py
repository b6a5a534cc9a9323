"""docs/accessibility.md holds every criterion of WCAG 2.2 A and AA once, and names tests that exist."""

import ast
import re

import pytest

from giftshop.notices import wcag
from tests.server import ROOT

TABLE = (ROOT / "docs" / "accessibility.md").read_text()
ROWS = re.findall(r"^\| (\d\.\d\.\d+) [^|]+\| (\w+) \|([^|]*)\|(.*)\|$", TABLE, re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")

CRITERIA = re.findall(
    r"\S+",
    """
1.1.1 1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.3.3 1.3.4 1.3.5 1.4.1 1.4.2 1.4.3 1.4.4 1.4.5
1.4.10 1.4.11 1.4.12 1.4.13 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3 2.4.4 2.4.5 2.4.6
2.4.7 2.4.11 2.5.1 2.5.2 2.5.3 2.5.4 2.5.7 2.5.8 3.1.1 3.1.2 3.2.1 3.2.2 3.2.3 3.2.4 3.2.6 3.3.1
3.3.2 3.3.3 3.3.4 3.3.7 3.3.8 4.1.2 4.1.3
""",
)
"""Of levels A and AA, in their order. 4.1.1 is gone from 2.2."""


def test_the_statement_of_every_shop_says_the_same() -> None:
    told = {each: verdict for verdict, names in wcag.VERDICTS.items() for each in names}
    table = re.findall(r"^\| (\d\.\d\.\d+ [^|]+?) \| (\w+) \|", TABLE, re.MULTILINE)
    assert told == dict(table)
    assert set(wcag.VERDICTS) == {"holds", "read", "open", "none"}


def test_every_criterion_stands_there_once() -> None:
    assert [number for number, *_ in ROWS] == CRITERIA


@pytest.mark.parametrize(("number", "verdict", "pages", "how"), ROWS)
def test_what_holds_names_a_test_that_exists(
    number: str, verdict: str, pages: str, how: str
) -> None:
    assert verdict in {"holds", "read", "open", "none"}
    named = NAMED.findall(how)
    assert verdict != "holds" or (named and pages.strip()), f"{number} holds, by which test?"
    for file, function in named:
        tree = ast.parse((ROOT / file).read_text())
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert re.sub(NAMED, "", how).count("::") == 0, f"{number} names a test in another form"
