"""Who is counted when a link is followed."""

import time

import pytest
from django.test import RequestFactory

from campaigns.links.visitors import AGENT_LENGTH_MAX, is_a_visit, is_robot

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
IN_APP = PHONE.replace("Version/18.0 ", "").replace(" Safari/604.1", " ")
ANDROID = "Mozilla/5.0 (Linux; Android 14; {}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0"


@pytest.mark.parametrize(
    "agent",
    [
        PHONE,
        DESK + "Chrome/140.0.0.0 Safari/537.36",
        DESK + "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1/28.3492; U; en) Presto/2.8.119 Version/11.10",
        IN_APP + "Instagram 350.0.0.30.92 (iPhone16,1; iOS 18_0; de_DE; scale=3.00; 1179x2556)",
        IN_APP + "[FBAN/FBIOS;FBAV/470.0.0.40.106;FBDV/iPhone14,7;FBSN/iOS;FBLC/de_DE;FBOP/5]",
        IN_APP + "[Pinterest/iOS]",
        IN_APP + "[LinkedInApp]/9.29",
        IN_APP + "Snapchat/12.79.0.40 (like Safari/8617.2.4.10.7, panda)",
        ANDROID.format("SM-A536B; wv") + " Mobile Safari/537.36 trill_320303 AppName/musical_ly",
        ANDROID.format("CUBOT P80") + " Mobile Safari/537.36",
    ],
)
def test_a_browser_is_a_visit(agent: str) -> None:
    assert is_a_visit(RequestFactory().get("/", headers={"User-Agent": agent}))


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Googlebot/2.1 (+http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0)",
        "facebookexternalhit/1.1",
        "meta-externalfetcher/1.1",
        "WhatsApp/2.23",
        "Viber/13.3.0",
        "Mozilla/5.0 (compatible; Viber/20.0)",
        "Iframely/1.3.1 (+https://iframely.com/docs/about)",
        "Pinterest/0.2 (+https://www.pinterest.com/bot.html)",
        "Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)",
        "Slackbot-LinkExpanding 1.0",
        "TelegramBot (like TwitterBot)",
        "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
        "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.12026; Pro)",
        "Microsoft Office Existence Discovery",
        "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
        "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Microsoft Outlook 16.0.4266)",
        "Outlook-Express/7.0 (MSIE 7.0; Windows NT 6.1)",
        "Mozilla/5.0 (compatible; BarracudaCentral)",
        "Barracuda Sentinel (EE)",
        "Mozilla/5.0 (Proofpoint URLDefense)",
        "ELB-HealthChecker/2.0",
        "kube-probe/1.29",
        DESK + "HeadlessChrome/140.0.0.0 Safari/537.36",
        "axios/1.7.2",
        "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
        "node",
        "undici",
        "curl/8.5.0",
        "python-requests/2.32",
        "okhttp/4.12",
        "Java/17.0.1",
        "PostmanRuntime/7.37",
        "Shop/1 CFNetwork/1408 Darwin/22",
        "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041",
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
        ("Sec-Fetch-Dest", "image"),
        ("Sec-Fetch-Dest", "empty"),
        ("Sec-Fetch-Dest", "iframe"),
        ("DNT", "1"),
        ("Sec-GPC", "1"),
    ],
)
def test_what_nobody_asked_to_see_is_not_and_who_minds_is_not(header: str, value: str) -> None:
    request = RequestFactory().get("/", headers={"User-Agent": PHONE, header: value})
    assert not is_a_visit(request)


@pytest.mark.parametrize(("header", "value"), [("Sec-Fetch-Dest", "document"), ("DNT", "0")])
def test_who_asked_to_see_it_and_minds_nothing_is(header: str, value: str) -> None:
    assert is_a_visit(RequestFactory().get("/", headers={"User-Agent": PHONE, header: value}))


def test_a_head_request_is_not() -> None:
    assert not is_a_visit(RequestFactory().head("/", headers={"User-Agent": PHONE}))


@pytest.mark.parametrize("piece", ["a", " ", "bo", "/1.0 ", "(compatible; ", "Bot", "Feed-Fetche"])
def test_what_says_too_much_of_itself_is_not_read(piece: str) -> None:
    """A megabyte costs nothing; and what is read, however it repeats itself, costs next to nothing."""
    started = time.process_time()
    assert is_robot("Mozilla/5.0 " + piece * 1_000_000)
    is_robot(("Mozilla/5.0 " + piece * AGENT_LENGTH_MAX)[:AGENT_LENGTH_MAX])
    assert time.process_time() - started < 0.25
