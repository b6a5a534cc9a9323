"""Codes by number: what the loader writes and the driver shows, so that neither keeps a list.

Code number n is the same in every process: 80 bits of a keyed BLAKE2 of n, in the product's alphabet
with its check symbol. Ten bits are looked up at a time; check symbols add up by parts (GF(32)).
"""

import hashlib
from collections.abc import Iterator

from redemption.code_format import ALPHABET, DATA_SYMBOLS, check_symbol

SEED = b"redeem bench"
PAIRS = DATA_SYMBOLS // 2
ZERO = ALPHABET[0]


def _tables() -> list[list[tuple[str, int]]]:
    """For each pair of places: the two symbols of ten bits, and what they add to the check."""

    def check(place: int, pair: str) -> int:
        data = (ZERO * (2 * place) + pair).ljust(DATA_SYMBOLS, ZERO)
        return ALPHABET.index(check_symbol(data))

    pairs = [a + b for a in ALPHABET for b in ALPHABET]
    return [[(pair, check(place, pair)) for pair in pairs] for place in range(PAIRS)]


def codes(first: int, last: int, step: int = 1, total: int = 0, base: int = 0) -> Iterator[str]:
    """Codes number first, first + 1 ... before last; with total, base + n * step % total instead."""
    tables = _tables()
    (t0, t1, t2, t3, t4, t5, t6, t7) = tables
    for place in range(first, last):
        number = base + place * step % total if total else place
        drawn = hashlib.blake2b(number.to_bytes(8, "big"), digest_size=10, key=SEED).digest()
        bits = int.from_bytes(drawn, "big")
        p0, c0 = t0[bits & 1023]
        p1, c1 = t1[bits >> 10 & 1023]
        p2, c2 = t2[bits >> 20 & 1023]
        p3, c3 = t3[bits >> 30 & 1023]
        p4, c4 = t4[bits >> 40 & 1023]
        p5, c5 = t5[bits >> 50 & 1023]
        p6, c6 = t6[bits >> 60 & 1023]
        p7, c7 = t7[bits >> 70]
        check = ALPHABET[c0 ^ c1 ^ c2 ^ c3 ^ c4 ^ c5 ^ c6 ^ c7]
        yield f"{p0}{p1}{p2}{p3}{p4}{p5}{p6}{p7}{check}"
