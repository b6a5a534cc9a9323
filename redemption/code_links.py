"""Texts that lead to a code without holding it, such as the address of a gift's page.

Whoever has such links says at start how one is read; here nobody knows what they look like.
"""

from collections.abc import Callable

Reader = Callable[[str], str | None]
"""A text as it was scanned or pasted -> the code's symbols, or None if it is no link of theirs. Of old ones:
words by which it is found among what was replaced (models/retired_code.py), which are no code's."""

_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """Called once by each app that has links, when it is ready."""
    if reader not in _readers:
        _readers.append(reader)


def code_behind(text: str) -> str | None:
    """The symbols of the code that a link leads to. As many queries as its reader needs, for links only."""
    return next((symbols for reader in _readers if (symbols := reader(text))), None)
