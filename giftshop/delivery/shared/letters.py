"""A letter that many people get is laid out, put into words and encoded once for all that are alike; what is
one person's own is put in afterwards.

The templates are filled with marks where a name, somebody's words, a link or a code stands. What is kept
holds marks alone: no person's own value is ever in it, so none can reach another. Marks are random, known to
this process only, and replaced in one pass: what is put in is not looked at again.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from html import escape
from threading import Lock
from typing import AnyStr, NamedTuple, Self

from giftshop.delivery.shared import mime

KEPT_MAX = 64


class Own(NamedTuple):
    """One person's value, as it stands in the text and, escaped, in the HTML."""

    text: str
    html: str


class Written(NamedTuple):
    """One person's letter, as text and as HTML."""

    text: str
    html: str
    quoted: Callable[[], tuple[list[bytes], list[bytes]]]
    """Both again, as mime.whole() takes them."""


def same(text: str) -> Own:
    """What stands in the HTML as in the text."""
    return Own(text=text, html=escape(text))


def alone(text: str, html: str) -> Written:
    """What nobody shares."""
    return Written(text, html, lambda: ([mime.quoted(text)], [mime.quoted(html)]))


_PREFIX = "own" + secrets.token_hex(12)
_MARK = re.compile(_PREFIX + "-([a-z0-9_]+)-")


class _Pieces(NamedTuple):
    """Words that are all people's, encoded too, and the names of what stands between them."""

    words: list[str]
    names: list[str]
    quoted_words: list[bytes]

    @classmethod
    def of(cls, marked: str) -> Self:
        words, names = (pieces := _MARK.split(marked))[::2], pieces[1::2]
        return cls(words, names, [mime.quoted(each) for each in words])

    def filled(self, own: Mapping[str, str]) -> str:
        return "".join(_in_turn(self.words, [own[name] for name in self.names]))

    def quoted(self, own: Mapping[str, str]) -> list[bytes]:
        values = {name: mime.quoted(own[name]) for name in set(self.names)}
        return _in_turn(self.quoted_words, [values[name] for name in self.names])


_kept: dict[Hashable, tuple[_Pieces, _Pieces]] = {}
"""Of the text and of the HTML."""
_lock = Lock()


def mark(name: str) -> str:
    """What stands in the template's place of this value, whose name is small letters, digits and lines."""
    return f"{_PREFIX}-{name}-"


def write(
    key: Hashable, own: Mapping[str, Own], fill: Callable[[Mapping[str, str]], tuple[str, str]]
) -> Written:
    """The letter for one person. `fill` writes it, as text and as HTML, with the marks of `own` in place of
    its values, and is asked once for each `key`, which says all that else differs."""
    pieces = _kept.get(key)
    if pieces is None:
        text, html = fill({name: mark(name) for name in own})
        pieces = _Pieces.of(text), _Pieces.of(html)
        _keep(key, pieces)
    return _written(*pieces, own)


def _written(text: _Pieces, html: _Pieces, own: Mapping[str, Own]) -> Written:
    as_text = {name: value.text for name, value in own.items()}
    as_html = {name: value.html for name, value in own.items()}

    def quoted() -> tuple[list[bytes], list[bytes]]:
        return text.quoted(as_text), html.quoted(as_html)

    return Written(text.filled(as_text), html.filled(as_html), quoted)


def _keep(key: Hashable, pieces: tuple[_Pieces, _Pieces]) -> None:
    with _lock:
        while len(_kept) >= KEPT_MAX:
            del _kept[next(iter(_kept))]
        _kept[key] = pieces


def _in_turn(words: list[AnyStr], values: list[AnyStr]) -> list[AnyStr]:
    """Of the words there is one more."""
    return [each for pair in zip(words, values, strict=False) for each in pair] + words[-1:]
