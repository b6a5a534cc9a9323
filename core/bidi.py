"""Unicode's direction controls in what people type: they turn round the text that stands after it."""

from unicodedata import bidirectional

_MARKS = "\u200e\u200f\u061c"
_EMBEDDINGS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CONTROLS = "".join(
    each for each in map(chr, (*range(1, 32), *range(127, 160))) if not each.isspace()
)
"""But NUL, which a form refuses in words."""
_UNSEEN = "\u200b\u2060\ufeff\u00ad" + _CONTROLS
_ALL = dict.fromkeys(map(ord, _MARKS + _EMBEDDINGS + _UNSEEN), None)
_TURNING = dict.fromkeys(map(ord, _EMBEDDINGS), None)


def without_direction_marks(text: str) -> str:
    """For a name, a subject, any single line: also without what takes no room and joins nothing."""
    is_plain = text.isascii() and text.isprintable()
    return text if is_plain else text.translate(_ALL)


def in_one_line(text: str) -> str:
    """One line with single spaces, without direction marks and characters that nobody sees."""
    return " ".join(without_direction_marks(text).split())


def without_turning(text: str) -> str:
    """For words in several lines: marks stay, which right-to-left writing needs beside its punctuation."""
    return text if text.isascii() else text.translate(_TURNING)


def is_right_to_left(text: str) -> bool:
    """Whether some of its letters are written from right to left, as Arabic and Hebrew are."""
    return not text.isascii() and any(bidirectional(each) in ("R", "AL") for each in text)


def isolated(name: str) -> str:
    """For a sentence in plain text, where there is no <bdi>: a name in Arabic or Hebrew turns nothing
    round that stands beside it. Any other name stays as it is. No name ends its isolation by itself."""
    plain = without_turning(name)
    return f"\u2068{plain}\u2069" if is_right_to_left(plain) else plain


def left_to_right(sign: str) -> str:
    """For a sentence in plain text: a share or a sum that begins with a sign is read from the left."""
    return f"\u2066{sign}\u2069"
