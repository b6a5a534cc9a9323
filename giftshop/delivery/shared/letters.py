"""A letter that many people get is laid out and put into words once for all that are alike; what is one
person's own is put in afterwards.

The templates are filled with marks where a name, somebody's words, a link or a code stands. What is kept
holds marks alone: no person's own value is ever in it, so none can reach another. Marks are random, known to
this process only, and replaced in one pass: what is put in is not looked at again.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import NamedTuple

from django.utils.html import escape

KEPT_MAX = 64

Written = tuple[str, str]
"""The plain text and the HTML."""


class Own(NamedTuple):
    """One person's value, as it stands in the text and, escaped, in the HTML."""

    text: str
    html: str


def same(text: str) -> Own:
    """What stands in the HTML as in the text."""
    return Own(text=text, html=escape(text))


class _Pieces(NamedTuple):
    """Words that are all people's, and between them the names of what is one's own."""

    text: list[str]
    html: list[str]


_PREFIX = "own" + secrets.token_hex(12)
_MARK = re.compile(_PREFIX + "-([a-z0-9_]+)-")
_kept: dict[Hashable, _Pieces] = {}
_lock = Lock()


def mark(name: str) -> str:
    """What stands in the template's place of this value, whose name is small letters, digits and lines."""
    return f"{_PREFIX}-{name}-"


def write(
    key: Hashable, own: Mapping[str, Own], fill: Callable[[Mapping[str, str]], Written]
) -> Written:
    """The letter for one person. `fill` writes it with the marks of `own` in place of its values, and is
    asked once for each `key`, which says all that else differs."""
    pieces = _kept.get(key)
    if pieces is None:
        text, html = fill({name: mark(name) for name in own})
        pieces = _Pieces(_MARK.split(text), _MARK.split(html))
        _keep(key, pieces)
    return (
        _joined(pieces.text, lambda name: own[name].text),
        _joined(pieces.html, lambda name: own[name].html),
    )


def _keep(key: Hashable, pieces: _Pieces) -> None:
    with _lock:
        while len(_kept) >= KEPT_MAX:
            del _kept[next(iter(_kept))]
        _kept[key] = pieces


def _joined(pieces: list[str], value: Callable[[str], str]) -> str:
    return "".join(value(piece) if number % 2 else piece for number, piece in enumerate(pieces))
