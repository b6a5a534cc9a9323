"""What is known of histories already: the same, heard of in the same place, need not be lived through again.

A place is all that counts of what is written down (outcome.py), and what Stripe answers just then. Ids and
times are others in each history: their order alone counts.
"""

import re
from functools import lru_cache

NAME = re.compile(
    r"\b(?:re|du|ch|pi|txn|issfr|prv)_\w+"
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00"
)
PLAIN = re.compile(r"<\d{3}>")


class Names:
    """Of one history: ids and times by which came first. Ids are told in their order (stage.py)."""

    def __init__(self, *texts: str) -> None:
        found = sorted({name for text in texts for name in NAME.findall(text)})
        self._plain = {name: f"<{at:03}>" for at, name in enumerate(found)}
        self._own = {plain: name for name, plain in self._plain.items()}

    def plain(self, text: str) -> str:
        """Without them: equal for histories that differ in names alone."""
        return NAME.sub(lambda found: self._plain.get(found[0], found[0]), text)

    def own(self, plain: str) -> str:
        """With them again."""
        return PLAIN.sub(lambda found: self._own[found[0]], plain)


@lru_cache
def plain(text: str) -> str:
    """Of a text that stands alone."""
    return Names(text).plain(text)


Key = tuple[str, ...]


class Known:
    """Texts in it are plain."""

    def __init__(self) -> None:
        self.after: dict[Key, str | None] = {}
        """How it stands after something was heard; None: that waits for its payment."""
        self.refused: set[Key] = set()
        """Acts of people, and where they were refused."""
        self.owed: dict[str, list[str]] = {}
        """What is owed where the books were proved right."""
