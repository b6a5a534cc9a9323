"""Reads a gift code out of a picture of its QR symbol, without the library that drew it.

Only what a code needs: version 2 (25 modules, one block), alphanumeric mode, an undamaged picture.
"""

import re
from io import BytesIO

from PIL import Image

SIDE = 25
QUIET_ZONE = 4
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
DATA_CODEWORDS = {0b01: 34, 0b00: 28, 0b11: 22, 0b10: 16}  # by level L M Q H
FORMAT_MASK = 0b101010000010010
MASKS = [
    lambda y, x: (y + x) % 2 == 0,
    lambda y, x: y % 2 == 0,
    lambda y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
]

Modules = list[list[bool]]


def read_png(png: bytes) -> str:
    picture = Image.open(BytesIO(png)).convert("L")
    size = picture.width // (SIDE + 2 * QUIET_ZONE)
    return read_modules(
        [
            [picture.getpixel((middle(x, size), middle(y, size))) < 128 for x in range(SIDE)]
            for y in range(SIDE)
        ]
    )


def middle(module: int, size: int) -> int:
    return round((module + QUIET_ZONE + 0.5) * size)


def read_svg(svg: str) -> str:
    """From the runs of the dark path: M<x> <y>h<length>v1h-<length>z."""
    dark = re.search(r'fill="#000" d="([^"]+)"', svg)
    assert dark, "an SVG with a dark path"
    modules = [[False] * SIDE for _ in range(SIDE)]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)", dark.group(1)):
        for step in range(int(length)):
            modules[int(y) - QUIET_ZONE][int(x) - QUIET_ZONE + step] = True
    return read_modules(modules)


def read_modules(modules: Modules) -> str:
    level, mask = _format(modules)
    bits = [modules[y][x] ^ MASKS[mask](y, x) for y, x in _zigzag() if not _is_function(y, x)]
    codewords = [_number(bits[start : start + 8]) for start in range(0, len(bits) - 7, 8)]
    stream = "".join(f"{word:08b}" for word in codewords[: DATA_CODEWORDS[level]])
    return _alphanumeric(stream)


def _format(modules: Modules) -> tuple[int, int]:
    places = [*((8, x) for x in (0, 1, 2, 3, 4, 5, 7, 8)), *((y, 8) for y in (7, 5, 4, 3, 2, 1, 0))]
    value = _number([modules[y][x] for y, x in places]) ^ FORMAT_MASK
    return value >> 13, value >> 10 & 0b111


def _is_function(y: int, x: int) -> bool:
    finder = (y < 9 and x < 9) or (y < 9 and x >= SIDE - 8) or (y >= SIDE - 8 and x < 9)
    alignment = 16 <= y <= 20 and 16 <= x <= 20
    return finder or alignment or y == 6 or x == 6


def _zigzag() -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    upwards = True
    for right in [*range(SIDE - 1, 6, -2), 5, 3, 1]:
        rows = range(SIDE - 1, -1, -1) if upwards else range(SIDE)
        places += [(y, x) for y in rows for x in (right, right - 1)]
        upwards = not upwards
    return places


def _alphanumeric(stream: str) -> str:
    assert stream[:4] == "0010", "alphanumeric mode"
    length, at, text = int(stream[4:13], 2), 13, ""
    while len(text) + 1 < length:
        pair, at = int(stream[at : at + 11], 2), at + 11
        text += ALPHANUMERIC[pair // 45] + ALPHANUMERIC[pair % 45]
    if len(text) < length:
        text += ALPHANUMERIC[int(stream[at : at + 6], 2)]
    return text


def _number(bits: list[bool]) -> int:
    return int("".join("1" if bit else "0" for bit in bits), 2)
