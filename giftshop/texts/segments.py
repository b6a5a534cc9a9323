"""How many messages a text is charged as: 3GPP TS 23.038 for the letters, TS 23.040 for the parts.

A text in the alphabet of GSM has 160 letters, one with any other letter 70 (UCS-2); in several parts each
part has 153 or 67, since it also says where it belongs. Letters of the second table count twice, and what
takes two places is never parted.
"""

from dataclasses import dataclass

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€\f")
LONGEST = {"gsm": (160, 153), "ucs2": (70, 67)}


@dataclass(frozen=True)
class Segments:
    """`places`: septets or 16-bit units in all; `foreign`: the letters that GSM's alphabet lacks."""

    count: int
    places: int
    is_gsm: bool
    foreign: str


def count(text: str) -> Segments:
    """As carriers charge it; an empty text is none."""
    foreign = "".join(dict.fromkeys(each for each in text if each not in GSM | GSM_TWICE))
    sizes = [_size(each, is_gsm=not foreign) for each in text]
    whole, part = LONGEST["ucs2" if foreign else "gsm"]
    places = sum(sizes)
    if places <= whole:
        return Segments(min(places, 1), places, not foreign, foreign)
    parts, left = 1, part
    for size in sizes:
        if size > left:
            parts, left = parts + 1, part
        left -= size
    return Segments(parts, places, not foreign, foreign)


def _size(letter: str, *, is_gsm: bool) -> int:
    if is_gsm:
        return 2 if letter in GSM_TWICE else 1
    return len(letter.encode("utf-16-be")) // 2
