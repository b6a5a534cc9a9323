"""A letter as SMTP carries it: ASCII in short lines that end in CRLF, dots at their beginning doubled
(RFC 5321, 4.5.2). It is a multipart/related of the words, as text and as HTML, and the pictures in these.

The library would write the same, going through all of it line by line for each letter. Here words that many
letters share are encoded once: encoded words can be joined, because each of them ends in a soft line break.
"""

import binascii
import re
import time
from collections.abc import Iterable
from email import policy
from email.header import Header
from email.utils import formatdate
from functools import lru_cache

from django.core.mail.message import BadHeaderError, sanitize_address

HEADER_LENGTH_MAX = 990
"""No header is folded at a blank: some servers read a folded List-Unsubscribe or Message-ID as an empty one,
and what a relay folds anew breaks a signature over it. Lines stay below the 998 characters of RFC 5322."""
LINE_LENGTH_MAX = 76
"""Of words (RFC 2045, 6.7)."""
KEPT_FROM_BYTES = 2000
"""A drawing or an uploaded picture, which many mails carry. A QR is smaller, and kept nowhere."""

_FOLDED = policy.compat32.clone(max_line_length=HEADER_LENGTH_MAX, linesep="\r\n")
_PLAIN_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+", re.ASCII)
_AS_IT_IS = re.compile(r"[!-\-/-<>-~](?:[ -<>-~]{,72}[!-<>-~])?")
"""One line, no dot at its beginning, no blank at its end, no sign that is encoded."""
_LINE_ENDS = re.compile(r"\r\n?")
_TOO_LONG = re.compile(rb"[^\n]{%d,}" % (LINE_LENGTH_MAX + 1))
_LETTER, _WORDS = b"=_letter", b"=_words"
"""Boundaries that stand in no part: neither quoted-printable nor base64 ever writes "=_"."""

_HEAD = b"\r\n".join(
    [
        b'Content-Type: multipart/related; boundary="%s"' % _LETTER,
        b"MIME-Version: 1.0\r\n\r\n--%s" % _LETTER,
        b'Content-Type: multipart/alternative; boundary="%s"' % _WORDS,
        b"MIME-Version: 1.0\r\n\r\n",
    ]
)
_WORDS_END = b"\r\n--%s--\r\n" % _WORDS
_END = b"\r\n--%s--\r\n" % _LETTER


def whole(
    headers: Iterable[tuple[str, str]],
    text: Iterable[bytes],
    html: Iterable[bytes],
    pictures: Iterable[bytes],
) -> bytes:
    """The letter. `text` and `html` as `quoted` makes them, `pictures` as `picture` does."""
    return b"".join(
        [
            *(_header(name, value) for name, value in headers),
            _HEAD,
            *(_words_head(b"plain"), *text),
            b"\r\n",
            *(_words_head(b"html"), *html),
            _WORDS_END,
            *pictures,
            _END,
        ]
    )


def quoted(words: str) -> bytes:
    """In quoted-printable (RFC 2045, 6.7), with a soft line break after it."""
    if _AS_IT_IS.fullmatch(words):
        return words.encode() + b"=\r\n"
    if "\r" in words:
        words = _LINE_ENDS.sub("\n", words)
    lines = binascii.b2a_qp(words.encode(), istext=True) + b"=\n"
    if len(lines) > LINE_LENGTH_MAX:
        lines = _TOO_LONG.sub(_in_two, lines)
    first = b"." if lines.startswith(b".") else b""
    return first + lines.replace(b"\n.", b"\n..").replace(b"\n", b"\r\n")


def _in_two(line: re.Match[bytes]) -> bytes:
    """The library's lines are up to 78 characters long where they end in a blank, which it encodes, and one
    more with our soft line break."""
    whole = line[0]
    at = whole.find(b"=", 73, 75)  # "=09" stays whole
    at = 75 if at < 0 else at
    return whole[:at] + b"=\n" + whole[at:]


def picture(content_id: str, content: bytes, kind: str) -> bytes:
    """A part of its own."""
    make = _picture if len(content) >= KEPT_FROM_BYTES else _picture.__wrapped__
    return make(content_id, content, kind)


@lru_cache(maxsize=64)
def _picture(content_id: str, content: bytes, kind: str) -> bytes:
    lines = [
        f"\r\n--{_LETTER.decode()}",
        f"Content-Type: image/{kind}",
        "MIME-Version: 1.0",
        "Content-Transfer-Encoding: base64",
        f"Content-ID: <{content_id}>",
        f'Content-Disposition: inline; filename="{content_id}.{kind}"',
        "\r\n",
    ]
    encoded = binascii.b2a_base64(content, newline=False)
    # 76 characters are 57 bytes: a line's length divides what they were made of.
    rows = [encoded[at : at + 76] for at in range(0, len(encoded), 76)]
    return "\r\n".join(lines).encode() + b"\r\n".join(rows)


def date() -> str:
    """Now, as the header of that name says it."""
    return _date(int(time.time()))


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second)


def _words_head(kind: bytes) -> bytes:
    return (
        b'--%s\r\nContent-Type: text/%s; charset="utf-8"\r\nMIME-Version: 1.0\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" % (_WORDS, kind)
    )


def address(plain: str) -> str:
    """As it stands in headers and commands. Raises ValueError for what is none."""
    return plain if is_plain(plain) else sanitize_address(plain, "utf-8")


def is_plain(address: str) -> bool:
    """It can stand in a header or a command as it is, and nothing in it is anything else there."""
    return bool(_PLAIN_ADDRESS.fullmatch(address))


def in_words(header: str) -> str:
    """Of a header that isn't ASCII: encoded words of 75 characters at most (RFC 2047)."""
    return Header(header, "utf-8").encode(maxlinelen=75, linesep="")


def looks_encoded(text: str) -> bool:
    """It would be read as encoded words, though somebody typed it so."""
    return "=?" in text


def as_typed(text: str) -> str:
    """A header that whoever reads it sees as it is here."""
    return in_words(text) if looks_encoded(text) else text


def _header(name: str, value: str) -> bytes:
    if "\n" in value or "\r" in value:
        raise BadHeaderError(f"{name}: headers have no newlines")
    line = f"{name}: {value if value.isascii() else in_words(value)}\r\n"
    if len(line) > HEADER_LENGTH_MAX:
        line = _FOLDED.fold(*line.rstrip().split(": ", 1))
    return line.encode("ascii")
