"""What is heard of a page, and what is not: the ear of the tests that count what is said."""

import pytest
from playwright.sync_api import Page

from tests.browsers import chromium
from tests.giftshop.listening import LISTEN, said
from tests.pages import served

pytestmark = pytest.mark.journey

PAGE = """<!doctype html><title>Heard</title><body>
<p id="status" role="status"><span id="part" hidden>Part</span></p>
<p id="alert" role="alert" hidden>Alert</p>
<p id="late" role="status" hidden>Late</p>
<div id="aside" hidden>Aside<p role="status">Inside</p></div>
<p id="plain" hidden>Plain</p>"""


def test_what_loses_hidden_is_heard_where_a_reader_would_tell_it() -> None:
    with served({"/": PAGE}) as host, chromium() as browser:
        page = browser.new_page()
        page.add_init_script(LISTEN)
        page.goto(host)
        assert shown(page, "part") == ["Part"]
        assert shown(page, "part") == ["Part"], "it went and came again"
        assert shown(page, "alert") == ["Alert"]
        assert shown(page, "late") == ["not heard: Late"]
        assert shown(page, "aside") == ["not heard: Inside"]
        assert shown(page, "plain") == []
        page.evaluate("document.getElementById('status').textContent = 'Words'")
        assert said(page) == ["Words"]


def shown(page: Page, name: str) -> list[str]:
    """What is said as this part is hidden, and shown in the next moment."""
    page.evaluate(
        """async (name) => {
            const part = document.getElementById(name);
            part.hidden = true;
            await new Promise(requestAnimationFrame);
            part.hidden = false;
        }""",
        name,
    )
    return said(page)
