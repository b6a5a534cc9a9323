"""A gift code as a QR symbol: crisp SVG for pages and print, PNG for e-mail.

A code is 17 symbols of the alphanumeric set, which fits version 2 at level H: 25 modules a side, and a
third of them may be scratched or glare away. The mask is fixed: looking for the best of eight takes most
of the time it costs to make a symbol, and a decoder is told which one was used.
"""

import struct
import zlib

import segno
from django.utils.safestring import SafeString, mark_safe

QUIET_ZONE = 4
"""Modules of white around the symbol (ISO/IEC 18004 asks for four)."""

_MASK = 4
_LEVEL = "q"  # raised to h where the same version has room
_BYTES_PER_MODULE = 2  # of one-bit pixels: 16 pixels a module


def modules(text: str) -> list[list[bool]]:
    """The symbol without its quiet zone, row by row; True is dark. Never a Micro QR, which tills
    and phones do not read."""
    symbol = segno.make_qr(text, error=_LEVEL, mask=_MASK)
    return [[bool(module) for module in row] for row in symbol.matrix]


def svg(text: str) -> SafeString:
    """An inline SVG on pure white, as wide as its place; no text of the caller is in it."""
    rows = modules(text)
    side = len(rows) + 2 * QUIET_ZONE
    runs = "".join(
        f"M{start + QUIET_ZONE} {y + QUIET_ZONE}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for start, length in _dark_runs(row)
    )
    return mark_safe(  # nosec B308 B703  # digits only
        f'<svg viewBox="0 0 {side} {side}" shape-rendering="crispEdges" aria-hidden="true" focusable="false">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{runs}"/></svg>'
    )


def png(text: str) -> bytes:
    """A one-bit PNG on pure white, quiet zone included: 528 pixels a side for a gift code."""
    rows = modules(text)
    side = len(rows) + 2 * QUIET_ZONE
    white, dark = b"\xff" * _BYTES_PER_MODULE, b"\x00" * _BYTES_PER_MODULE
    lines_per_module = 8 * _BYTES_PER_MODULE
    margin = white * QUIET_ZONE
    blank = (
        (b"\x00" + white * side) * lines_per_module * QUIET_ZONE
    )  # each line begins with its filter
    lines = b"".join(
        (b"\x00" + margin + b"".join(dark if module else white for module in row) + margin)
        * lines_per_module
        for row in rows
    )
    pixels = side * lines_per_module
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", pixels, pixels, 1, 0, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(blank + lines + blank, 6))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _dark_runs(row: list[bool]) -> list[tuple[int, int]]:
    """(start, length) of each stretch of dark modules."""
    runs: list[tuple[int, int]] = []
    for x, module in enumerate(row):
        if module and x and row[x - 1]:
            start, length = runs[-1]
            runs[-1] = (start, length + 1)
        elif module:
            runs.append((x, 1))
    return runs
