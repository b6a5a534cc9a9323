"""Everything that is drawn as a QR symbol: crisp SVG for pages and print, PNG for e-mail.

A code is 17 symbols of the alphanumeric set, which fits version 2 at level H: 25 modules a side, and a
third of them may be scratched or glare away. The mask is fixed: looking for the best of eight takes most
of the time it costs to make a symbol, and a decoder is told which one was used. Two codes' symbols differ by
the sum of what their differing bits turn over, so those are worked out once a process.
"""

import struct
import zlib
from functools import cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_Q
from qrcode.main import QRCode

from redemption import code_format

QUIET_ZONE = 4
"""Modules of white around the symbol (ISO/IEC 18004 asks for four)."""

_SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
"""The alphanumeric set, in its order."""
_ALPHANUMERIC = frozenset(_SYMBOLS)
_NUMBERS = {symbol: number for number, symbol in enumerate(_SYMBOLS)}
_FIRST_PAIR, _FIRST_LAST = 10 * 45 + 10, 10
"""AA and A: with any one bit turned over they are values of the set again."""

_MASK = 4
_BYTES_PER_MODULE = 2  # of a PNG's one-bit pixels: 16 pixels a module
_PIXELS_PER_MODULE = 8  # of an SVG that says its size


def modules(text: str) -> list[list[bool]]:
    """The symbol without its quiet zone, row by row; True is dark. Level Q stands a crease and a coffee
    ring; H is taken where the same size has room for it."""
    return [[module == "1" for module in row] for row in _rows(text)]


def _rows(text: str) -> list[str]:
    """The same in digits: 1 is dark."""
    if (
        len(text) != code_format.CODE_SYMBOLS
        or not _ALPHANUMERIC.issuperset(text)
        or text.isdecimal()
    ):
        return ["".join("01"[module] for module in row) for row in _drawn(text)]
    side, bits, tables = _of_codes()
    for value, table in zip(_values(text), tables, strict=True):
        bits ^= table[value]
    dark = f"{bits:0{side * side}b}"
    return [dark[at : at + side] for at in range(0, len(dark), side)]


def _values(text: str) -> list[int]:
    """As the symbol holds them: two characters in 11 bits, the last one in 6 (ISO/IEC 18004, 7.4.4). Of a
    first symbol's values what differs is given."""
    numbers = [_NUMBERS[symbol] for symbol in text]
    pairs = [a * 45 + b for a, b in zip(numbers[::2], numbers[1::2], strict=False)]
    return [value ^ _FIRST_PAIR for value in pairs] + [numbers[-1] ^ _FIRST_LAST]


@cache
def _of_codes() -> tuple[int, int, list[list[int]]]:
    """Of codes' symbols: modules a side, a first symbol, and for each of its values which modules another
    one turns over. Error correction and mask are sums over GF(2), so whatever the others are these are the
    same ones, and no symbol has to be computed anew."""
    pairs, last = code_format.CODE_SYMBOLS // 2, code_format.CODE_SYMBOLS % 2

    def bits_of(values: list[int]) -> int:
        text = "".join(_SYMBOLS[value // 45] + _SYMBOLS[value % 45] for value in values[:pairs])
        rows = _drawn(text + "".join(_SYMBOLS[value] for value in values[pairs:]))
        return int("".join("01"[module] for row in rows for module in row), 2)

    first = [_FIRST_PAIR] * pairs + [_FIRST_LAST] * last
    base = bits_of(first)
    tables = []
    for at in range(len(first)):
        table = [0]
        for number in range(11 if at < pairs else 6):
            turned = base ^ bits_of([*first[:at], first[at] ^ 1 << number, *first[at + 1 :]])
            table += [each ^ turned for each in table]
        tables.append(table)
    return len(_drawn(_SYMBOLS[10] * code_format.CODE_SYMBOLS)), base, tables


def _drawn(text: str) -> list[list[bool]]:
    symbol, stronger = _fitted(text, ERROR_CORRECT_Q), _fitted(text, ERROR_CORRECT_H)
    if stronger.version == symbol.version:
        symbol = stronger
    symbol.make(fit=False)
    return [[bool(module) for module in row] for row in symbol.modules]


def _fitted(text: str, level: int) -> QRCode[Any]:
    """The smallest symbol that holds the text at this level of error correction, not drawn yet."""
    symbol: QRCode[Any] = QRCode(error_correction=level, mask_pattern=_MASK)
    symbol.add_data(text, optimize=0)
    symbol.best_fit()
    return symbol


def svg(text: str) -> SafeString:
    """An inline SVG on pure white, as wide as its place; no text of the caller is in it."""
    return _svg(modules(text), 'aria-hidden="true" focusable="false"')


def svg_file(text: str) -> bytes:
    """The same as a file of its own, which can be printed at any size."""
    rows = modules(text)
    pixels = (len(rows) + 2 * QUIET_ZONE) * _PIXELS_PER_MODULE
    size = f'width="{pixels}" height="{pixels}"'
    return _svg(rows, f'xmlns="http://www.w3.org/2000/svg" {size}').encode()


def _svg(rows: list[list[bool]], attributes: str) -> SafeString:
    side = len(rows) + 2 * QUIET_ZONE
    runs = "".join(
        f"M{start + QUIET_ZONE} {y + QUIET_ZONE}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for start, length in dark_runs(row)
    )
    return mark_safe(  # nosec B308 B703  # digits, and words of this file
        f'<svg viewBox="0 0 {side} {side}" shape-rendering="crispEdges" {attributes}>'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{runs}"/></svg>'
    )


def png(text: str) -> bytes:
    """A one-bit PNG on pure white, quiet zone included: 528 pixels a side for a gift code."""
    rows = _rows(text)
    side = len(rows) + 2 * QUIET_ZONE
    white, dark = b"\xff" * _BYTES_PER_MODULE, b"\x00" * _BYTES_PER_MODULE
    lines_per_module = 8 * _BYTES_PER_MODULE
    margin, blank = white * QUIET_ZONE, b"0" * (side - 2 * QUIET_ZONE)
    # Each line begins with its filter: as it is, or as the one above (2) but for what is said, nothing.
    again = (b"\x02" + bytes(len(white) * side)) * (lines_per_module - 1)
    as_text = [blank] * QUIET_ZONE + [row.encode() for row in rows] + [blank] * QUIET_ZONE
    modules_in_lines = b"\n".join(as_text).replace(b"1", dark).replace(b"0", white)
    ends = margin + again + b"\x00" + margin
    lines = b"\x00" + margin + modules_in_lines.replace(b"\n", ends) + margin + again
    pixels = side * lines_per_module
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", pixels, pixels, 1, 0, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(lines, 1))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def dark_runs(row: list[bool]) -> list[tuple[int, int]]:
    """(start, length) of each stretch of dark modules in a row of `modules`."""
    runs: list[tuple[int, int]] = []
    for x, module in enumerate(row):
        if module and x and row[x - 1]:
            start, length = runs[-1]
            runs[-1] = (start, length + 1)
        elif module:
            runs.append((x, 1))
    return runs
