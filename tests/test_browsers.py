"""The Chromium that a worker keeps: nothing of one test is left in it for the next."""

import ast
import asyncio

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
