"""A letter that many people get is laid out, put into words and encoded once for all that are alike; what is
one person's own is put in afterwards.

The templates are filled with marks where a name, somebody's words, a link or a code stands. What is kept
holds marks alone: no person's own value is ever in it, so none can reach another. Marks are random, known to
this process only, and replaced in one pass: what is put in is not looked at again.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Iterable, Mapping
from html import escape
from threading import Lock
from typing import NamedTuple, Self

from giftshop.delivery.shared import mime

KEPT_MAX = 64


class Own(NamedTuple):
    """One person's value, as it stands in the text and, escaped, in the HTML."""

    text: str
    html: str


def same(text: str) -> Own:
    """What stands in the HTML as in the text."""
    return Own(text=text, html=escape(text))


_PREFIX = "own" + secrets.token_hex(12)
_MARK = re.compile(_PREFIX + "-([a-z0-9_]+)-")


class Pieces(NamedTuple):
    """Words that are all people's, encoded too, and the names of what stands between them: of the words there
    is one more."""

    words: list[str]
    names: list[str]
    quoted_words: list[bytes]

    @classmethod
    def of(cls, words: list[str], names: list[str]) -> Self:
        return cls(words, names, [mime.quoted(each) for each in words])

    @classmethod
    def parted(cls, marked: str) -> Self:
        """At its marks."""
        pieces = _MARK.split(marked)
        return cls.of(pieces[::2], pieces[1::2])

    def filled(self, values: Mapping[str, str]) -> str:
        parts = [""] * (2 * len(self.names) + 1)
        parts[::2], parts[1::2] = self.words, [values[name] for name in self.names]
        return "".join(parts)

    def quoted(self, values: Mapping[str, bytes]) -> list[bytes]:
        parts = [b""] * (2 * len(self.names) + 1)
        parts[::2], parts[1::2] = self.quoted_words, [values[name] for name in self.names]
        return parts


Laid = tuple[Pieces, Pieces]
"""The text and the HTML of letters that are alike."""


class Written:
    """One person's letter. It is put together as whoever takes it wants it."""

    def __init__(self, laid: Laid, own: Mapping[str, Own]) -> None:
        (self._text, self._html), self._own = laid, own

    @property
    def text(self) -> str:
        return self._text.filled({name: own.text for name, own in self._own.items()})

    @property
    def html(self) -> str:
        return self._html.filled({name: own.html for name, own in self._own.items()})

    def quoted(self) -> tuple[list[bytes], list[bytes]]:
        """Both again, as mime.whole() takes them."""
        text = {name: mime.quoted(own.text) for name, own in self._own.items()}
        html = {
            name: text[name] if own.html == own.text else mime.quoted(own.html)
            for name, own in self._own.items()
        }
        return self._text.quoted(text), self._html.quoted(html)


def alone(text: str, html: str) -> Written:
    """What nobody shares."""
    return Written((Pieces.of([text], []), Pieces.of([html], [])), {})


_kept: dict[Hashable, Laid] = {}
_lock = Lock()


def mark(name: str) -> str:
    """What stands in the template's place of this value, whose name is small letters, digits and lines."""
    return f"{_PREFIX}-{name}-"


def lay_out(
    key: Hashable, names: Iterable[str], fill: Callable[[Mapping[str, str]], tuple[str, str]]
) -> Laid:
    """What all of them read. `fill` writes it, as text and as HTML, with marks in place of the values of
    these names, and is asked once for each `key`, which says all that else differs."""
    laid = _kept.get(key)
    if laid is None:
        text, html = fill({name: mark(name) for name in names})
        laid = Pieces.parted(text), Pieces.parted(html)
        _keep(key, laid)
    return laid


def _keep(key: Hashable, laid: Laid) -> None:
    with _lock:
        while len(_kept) >= KEPT_MAX:
            del _kept[next(iter(_kept))]
        _kept[key] = laid
