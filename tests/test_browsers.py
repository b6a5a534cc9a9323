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
JUDGES = {"judge", "faults", "screenshot", "look"}


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
    assert judged_early("for each in all:\n    each.click()\nlook(page)") == [3]


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
        if called(last(before)) in LEADS and called(after) in JUDGES
    ]


def last(statement: ast.stmt) -> ast.stmt:
    """What is done last in it, if it is a loop or has a context."""
    while isinstance(statement, ast.For | ast.With):
        statement = statement.body[-1]
    return statement


TOLD_OF = {"route", "on", "once"}


def test_no_list_is_read_before_what_fills_it_has_come() -> None:
    """A browser tells of what happened when it has the time. Held waits for a request that is to be held,
    page.expect_... for anything else; what is left is asked whether it is empty or what is in it."""
    early = [
        f"{path.relative_to(ROOT)}:{found}"
        for path in (ROOT / "tests").rglob("*.py")
        for found in read_early(path.read_text())
    ]
    assert early == []
    held = "page.route(here, lambda route: held.append(route))"
    assert read_early(f"{held}\npage.press()\nheld[0].abort()\n[route] = held") == [3, 4]
    assert read_early("page.on(what, heard.append)\nheard[-1]\nassert not heard") == [2]


def read_early(source: str) -> list[int]:
    """The lines that read a place of a list which an event of a page fills."""
    nodes = list(ast.walk(ast.parse(source)))
    filled = {name for node in nodes for name in filled_by(node)}
    places = [
        (node.lineno, node.value)
        for node in nodes
        if isinstance(node, ast.Subscript)
        or (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.List | ast.Tuple))
    ]
    return sorted(line for line, value in places if ast.unparse(value) in filled)


def filled_by(node: ast.AST) -> list[str]:
    """The lists that a handler appends to, if that is all that it does."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return []
    if node.func.attr not in TOLD_OF or len(node.args) < 2:
        return []
    handler = node.args[1]
    does = handler.body if isinstance(handler, ast.Lambda) else handler
    if isinstance(does, ast.IfExp):
        does = does.body
    if isinstance(does, ast.Call):
        does = does.func
    if isinstance(does, ast.Attribute) and does.attr == "append":
        return [ast.unparse(does.value)]
    return []


def called(statement: ast.stmt) -> str:
    """The name of what a statement does nothing but call."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return ""
    function = statement.value.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
