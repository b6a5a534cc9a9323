"""Every page that links lead to, below one address: a room is seen whole without a list of its pages."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page

from bench.screens.album import Album

ALIKE = 2
"""Of pages that differ by an id alone, such as those of stores, so many are taken."""
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def take_all(album: Album, page: Page, start: str, name: str, *, languages: bool = True) -> None:
    """A picture of `start` and of all pages below it, named by their paths, without queries and files."""
    waiting, seen, counted = [start], {start}, dict[str, int]()
    below = urlsplit(start).path
    while waiting:
        url = waiting.pop(0)
        path = urlsplit(url).path.removeprefix(below)
        kind = ID.sub("-", path)
        counted[kind] = counted.get(kind, 0) + 1
        if counted[kind] > ALIKE or not _open(page, url):
            continue
        words = [name, *ID.sub(str(counted[kind]), path).strip("/").split("/")]
        # Found in the order of the page, so that the same links are followed each time.
        found: list[str] = page.evaluate("() => [...document.links].map((link) => link.href)")
        album.take(page, "-".join(filter(None, words)), languages=languages and len(words) <= 2)
        for address in found:
            clean = address.partition("#")[0].partition("?")[0]
            if clean.startswith(start) and clean not in seen:
                seen.add(clean)
                waiting.append(clean)


def _open(page: Page, url: str) -> bool:
    """False for what is no page: a file to keep."""
    try:
        answer = page.goto(url)
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    return answer is not None and "text/html" in answer.headers.get("content-type", "")
