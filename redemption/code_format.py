"""What a gift code looks like: 16 symbols that carry 80 random bits, and one check symbol.

The alphabet is Crockford's base 32: no I, L, O or U. The check symbol is a weighted sum over the field
GF(32): each place has its own weight, so any single wrong symbol and any swap of neighbours is found
before a database is asked. It adds no entropy.
"""

import os
import re
import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DATA_SYMBOLS = 16
CODE_SYMBOLS = DATA_SYMBOLS + 1
TEXT_LENGTH_MAX = 300
"""Of what is pasted or scanned: a message's line with the code, or a link that ends with it."""

_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = str.maketrans("", "", " -")
_SYMBOLOGY = re.compile(r"\s*\][A-Za-z][0-9A-Za-z]", re.ASCII)
"""What some scanners put before a text to say which kind of code it was in: ]Q1 is a QR symbol."""
_RUN = re.compile("[0-9A-Z]+")


class MalformedCode(ValueError):
    """The text cannot be a code: wrong length, a foreign symbol, or a check symbol that disagrees."""


def generate() -> str:
    """A new code, 17 symbols, no separators."""
    number = secrets.randbits(5 * DATA_SYMBOLS)
    data = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(DATA_SYMBOLS)))
    return data + check_symbol(data)


def generate_many(count: int) -> list[str]:
    """As many new codes, as generate() makes one: each step is done for all of them at once.

    A byte gives five random bits; the check symbols are summed place by place, as one long number.
    """
    data = os.urandom(DATA_SYMBOLS * count)
    total = 0
    for place, product in enumerate(_PRODUCTS):
        total ^= int.from_bytes(data[place::DATA_SYMBOLS].translate(product), "big")
    checks = total.to_bytes(count, "big").translate(_SYMBOLS).decode()
    text = data.translate(_SYMBOLS).decode()
    starts = range(0, len(text), DATA_SYMBOLS)
    return [
        text[start : start + DATA_SYMBOLS] + check
        for start, check in zip(starts, checks, strict=True)
    ]


def check_symbol(data: str) -> str:
    """The symbol that completes 16 data symbols."""
    total = 0
    for product, symbol in zip(_PRODUCTS, data, strict=True):
        total ^= product[_VALUE[symbol]]
    return ALPHABET[total]


def normalise(text: str) -> str:
    """What a person typed or pasted, or a camera or scanner read -> the 17 symbols. Raises MalformedCode.

    Lower case, O for 0 and I or L for 1 are forgiven, and whatever parts the symbols or stands around
    them: dashes, dots and blanks of every script, words, a link, a scanner's own signs.
    """
    if len(text) > TEXT_LENGTH_MAX:
        raise MalformedCode
    plain = text.translate(_SEPARATORS).upper().translate(_FORGIVEN)
    if _is_code(plain):
        return plain
    found = _codes_in(unicodedata.normalize("NFKC", text))
    if len(found) != 1:
        raise MalformedCode
    return found.pop()


def last_four(text: str) -> str:
    """What is said of a code whose rest nobody tells: …5h4f -> 5H4F; an empty text for anything else."""
    said = text.strip(" .\u2026").upper().translate(_FORGIVEN)
    return said if len(said) == 4 and _VALUE.keys() >= set(said) else ""


def _codes_in(text: str) -> set[str]:
    """Runs of letters and digits that stand side by side and make a code together, wherever they begin.
    Of several, those in one piece or parted as they are printed: words beside a code may make another."""
    runs = _RUN.findall(_SYMBOLOGY.sub("", text, count=1).upper().translate(_FORGIVEN))
    found, as_printed = set(), set()
    for start in range(len(runs)):
        end, code = start, ""
        while end < len(runs) and len(code) < CODE_SYMBOLS:
            code += runs[end]
            end += 1
        if _is_code(code):
            found.add(code)
            if "-".join(runs[start:end]) in {code, grouped(code)}:
                as_printed.add(code)
    return as_printed or found


def _is_code(text: str) -> bool:
    return (
        len(text) == CODE_SYMBOLS
        and _VALUE.keys() >= set(text)
        and check_symbol(text[:-1]) == text[-1]
    )


def grouped(code: str) -> str:
    """7Q4K9XWM2HTDP6VCR -> 7Q4K-9XWM-2HTD-P6VC-R, as it is printed and read aloud."""
    return f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:16]}-{code[16:]}"


def _multiply(a: int, b: int) -> int:
    """Multiplication in GF(32) with the primitive polynomial x^5 + x^2 + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        b >>= 1
        a <<= 1
        if a & 32:
            a ^= 0b100101
    return product


def _powers(count: int) -> list[int]:
    """1, g, g^2 ... for the generator g = 2: all different for fewer than 31 places."""
    powers = [1]
    for _ in range(count):
        powers.append(_multiply(powers[-1], 2))
    return powers


_WEIGHTS = _powers(DATA_SYMBOLS)

# By byte, of which the last five bits count: its symbol, and its product with the weight of each place.
_SYMBOLS = bytes(ord(ALPHABET[byte & 31]) for byte in range(256))
_PRODUCTS = [
    bytes(_multiply(byte & 31, _WEIGHTS[place]) for byte in range(256))
    for place in range(1, DATA_SYMBOLS + 1)
]
