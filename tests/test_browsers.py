"""The Chromium that a worker keeps: nothing of one test is left in it for the next."""

import ast
import asyncio
from itertools import pairwise

import pytest

from tests.browsers import chromium
from tests.server import ROOT

pytestmark = pytest.mark.journey


def test_what_was_opened_is_closed_and_this_thread_is_free_again() -> None:
    with chromium() as browser:
        browser.new_page()
        assert len(browser.contexts) == 1
        assert asyncio.get_running_loop()
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()
    with chromium() as again:
        assert again is browser
        assert again.contexts == []


def test_one_that_was_left_or_has_ended_serves_no_other() -> None:
    with pytest.raises(ZeroDivisionError), chromium() as left:
        _ = 1 / 0
    with chromium() as ended:
        assert ended is not left
        ended.close()
    with chromium() as fresh:
        assert fresh is not ended
        assert fresh.new_page().title() == ""


def test_no_file_has_a_site_of_its_own() -> None:
    """A fixture that is imported is another one, and starts another server."""
    fixtures = {"film", "camera", "site", "paying_site"}
    importing = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and node.module == "tests.browsers"
        and fixtures & {each.name for each in node.names}
    ]
    assert importing == []


LEADS = {"click", "tap", "press"}
JUDGES = {"judge", "faults", "screenshot"}


def test_no_page_is_judged_before_it_is_there() -> None:
    """What a click leads to comes when it comes: a test first expects something of it. Else now and then the
    page before it is judged, or one that is half there."""
    early = [
        f"{path.relative_to(ROOT)}:{found}"
        for path in (ROOT / "tests").rglob("*.py")
        for found in judged_early(path.read_text())
    ]
    assert early == []
    assert judged_early("page.click()\njudge(page)\nexpect(page)\njudge(page)") == [2]


def judged_early(source: str) -> list[int]:
    """The lines of judgements that follow right on a click."""
    bodies = [
        body
        for node in ast.walk(ast.parse(source))
        for body in (getattr(node, "body", None), getattr(node, "orelse", None))
        if isinstance(body, list)
    ]
    return [
        after.lineno
        for body in bodies
        for before, after in pairwise(body)
        if called(before) in LEADS and called(after) in JUDGES
    ]


def called(statement: ast.stmt) -> str:
    """The name of what a statement does nothing but call."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return ""
    function = statement.value.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
