"""Is a request a person who follows a link, and may it be counted? Robots and pages fetched ahead are not.

Who is a robot says a list that others keep (crawler-user-agents). It is told apart here from what it does
not know: programs that do not even pose as a browser, and those below.
"""

import re

from crawleruseragents import is_crawler
from django.http import HttpRequest

from campaigns.models import Network

AGENT_LENGTH_MAX = 1000
"""Browsers inside apps write some 500 characters about themselves. More is no browser, and is not read."""

BROWSERS = ("Mozilla/", "Opera/")
"""So begins what every browser says of itself. Libraries, scanners and mail programs mostly do not."""

OTHER_ROBOTS = re.compile(
    "|".join(
        (
            r"[Bb]ot\b|[Cc]rawl|[Ss]pider|[Pp]review|[Mm]onitor",  # says itself what it is
            r"ms-office|MSOffice|Microsoft Office|Microsoft Outlook",  # look before the browser does
            r"Barracuda|Mimecast|Proofpoint|SafeLinks",  # mail gateways: open every link of a letter
            r"PowerShell|Cardyb",  # a script; pictures of links in posts
        )
    )
)
PREVIEWERS = re.compile(
    r"facebookexternalhit|Facebot|WhatsApp|TelegramBot|Twitterbot|Slackbot|LinkedInBot|Discordbot|Viber|Pinterest"
)
"""Networks and messengers that fetch a link to show its picture and title. Apple's Messages call themselves
by two of these names."""
FETCHES_FOR = {
    "WhatsApp": Network.WHATSAPP,
    "Instagram": Network.INSTAGRAM,
    "facebookexternalhit": Network.FACEBOOK,
    "Facebot": Network.FACEBOOK,
    "Twitterbot": Network.X,
}
FETCHED_AHEAD = ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")


def is_a_visit(request: HttpRequest) -> bool:
    """A GET by something that looks like a person's browser, made because the person asked to see the
    page, and by nobody who asked not to be followed."""
    return (
        request.method == "GET"
        and not asks_not_to_be_tracked(request)
        and not _is_fetched_ahead(request)
        and request.headers.get("Sec-Fetch-Dest", "document") == "document"
        and not is_robot(request.headers.get("User-Agent", ""))
    )


def asks_not_to_be_tracked(request: HttpRequest) -> bool:
    """Do Not Track, or its successor that has the force of law in places: Global Privacy Control."""
    return "1" in (request.headers.get("DNT"), request.headers.get("Sec-GPC"))


def makes_preview(request: HttpRequest) -> bool:
    """Whether a messenger or a network asks what to show beside the link, by what it says of itself."""
    return bool(PREVIEWERS.search(request.headers.get("User-Agent", "")[:AGENT_LENGTH_MAX]))


def network_of(request: HttpRequest) -> str:
    """The Network that asks what to show beside a link, by what it says of itself; empty for another."""
    agent = request.headers.get("User-Agent", "")[:AGENT_LENGTH_MAX]
    return next((network for word, network in FETCHES_FOR.items() if word in agent), "")


def is_robot(agent: str) -> bool:
    """By what it says of itself; takes time linear in its length, and that is bounded."""
    if len(agent) > AGENT_LENGTH_MAX or not agent.startswith(BROWSERS):
        return True
    return is_crawler(agent) or OTHER_ROBOTS.search(agent) is not None


def _is_fetched_ahead(request: HttpRequest) -> bool:
    return any(
        word in request.headers.get(name, "").lower()
        for name in FETCHED_AHEAD
        for word in ("prefetch", "preview", "prerender")
    )
