"""Who is counted when a link is followed."""

import pytest
from django.test import RequestFactory

from campaigns.visitors import is_a_visit

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit Safari/604.1"
INSTAGRAM = PHONE + " Instagram 350.0"


@pytest.mark.parametrize("agent", [PHONE, INSTAGRAM, "Mozilla/5.0 (X11) HeadlessChrome/140.0"])
def test_a_browser_is_a_visit(agent: str) -> None:
    assert is_a_visit(RequestFactory().get("/", headers={"User-Agent": agent}))


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Googlebot/2.1 (+http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0)",
        "facebookexternalhit/1.1",
        "WhatsApp/2.23",
        "Slackbot-LinkExpanding 1.0",
        "TelegramBot (like TwitterBot)",
        "curl/8.5.0",
        "python-requests/2.32",
    ],
)
def test_a_robot_is_not(agent: str) -> None:
    assert not is_a_visit(RequestFactory().get("/", headers={"User-Agent": agent}))


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Sec-Purpose", "prefetch"),
        ("Sec-Purpose", "prefetch;prerender"),
        ("Purpose", "prefetch"),
        ("X-Purpose", "preview"),
        ("X-Moz", "prefetch"),
    ],
)
def test_a_page_fetched_ahead_is_not(header: str, value: str) -> None:
    request = RequestFactory().get("/", headers={"User-Agent": PHONE, header: value})
    assert not is_a_visit(request)


def test_a_head_request_is_not() -> None:
    assert not is_a_visit(RequestFactory().head("/", headers={"User-Agent": PHONE}))
