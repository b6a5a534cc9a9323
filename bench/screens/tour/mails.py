"""Each kind of letter that lies in the tray, as it is shown there, and its text."""

from __future__ import annotations

import re

from bench.screens.album import Album
from bench.screens.demo import Demo
from bench.screens.tour.sender import RECIPIENTS


def walk(album: Album, demo: Demo) -> None:
    """The first of each kind: letters whose subjects are alike but for names and figures."""
    with album.chapter("letters"), album.person() as page:
        taken = set[str]()
        for each in sorted(
            demo.letters(), key=lambda letter: (str(letter["to"]), letter["subject"])
        ):
            address = str(each["to"]).strip("[]'")
            name = f"mail-{address.partition('@')[0]}-{_kind(each['subject'])}"
            if name not in taken:
                taken.add(name)
                page.goto(f"{demo.tray}/messages/{each['id']}/html")
                album.take(page, name)
    with album.chapter("no more letters"), album.person() as page:
        found = re.search(r"http\S+/mail/stop/\S+", demo.letter(RECIPIENTS[0])["text"])
        assert found, "a letter to a recipient says how to get no more"
        page.goto(found[0])
        album.take(page, "recipient-stop-mail", languages=True)


def _kind(subject: str) -> str:
    return re.sub(r"\W+", "-", subject.lower()).strip("-")[:40]
