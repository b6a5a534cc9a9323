"""Is a request a person who follows a link? Robots that say so and pages fetched ahead are not."""

import re

from django.http import HttpRequest

ROBOTS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|embedly|monitor|pingdom|"
    r"curl/|wget/|python-|httpx|go-http|okhttp|java/|libwww|scrapy|lighthouse|validator",
    re.IGNORECASE,
)
FETCHED_AHEAD = ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")


def is_a_visit(request: HttpRequest) -> bool:
    """A GET by something that looks like a person's browser, made because the person asked."""
    agent = request.headers.get("User-Agent", "")
    ahead = any(
        word in request.headers.get(name, "").lower()
        for name in FETCHED_AHEAD
        for word in ("prefetch", "preview", "prerender")
    )
    return request.method == "GET" and bool(agent) and not ROBOTS.search(agent) and not ahead
