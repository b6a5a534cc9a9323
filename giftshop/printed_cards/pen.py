"""Writes lines in our faces on a page of a PDF, and draws a QR there.

Sizes are in points, places in millimetres.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from giftshop.pictures import fonts
from giftshop.pictures.fonts import Face
from redemption.codes import qr

if TYPE_CHECKING:
    from fpdf import FPDF

# It tells of each table that it leaves out of a face.
logging.getLogger("fontTools").setLevel(logging.WARNING)

MM_PER_POINT = 25.4 / 72
LEADING = 1.25
"""From one line to the next, in sizes."""


@dataclass(frozen=True)
class Pen:
    """On one document."""

    pdf: FPDF
    face: Face
    colour: str

    def width(self, text: str, size: float) -> float:
        drawn = 0.0
        for file, run in fonts.runs(self.face, text):
            self._take(file, size)
            drawn += self.pdf.get_string_width(run)
        return drawn

    def lines(self, text: str, size: float, width: float) -> list[str]:
        """Broken between words and where the text is; a word that is too wide alone is broken, too."""
        found: list[str] = []
        for paragraph in text.splitlines():
            line = ""
            for word in paragraph.split():
                longer = f"{line} {word}".strip()
                if line and self.width(longer, size) > width:
                    found.append(line)
                    longer = word
                while self.width(longer, size) > width and len(longer) > 1:
                    fits = next(
                        end
                        for end in range(len(longer) - 1, 0, -1)
                        if end == 1 or self.width(longer[:end], size) <= width
                    )
                    found.append(longer[:fits])
                    longer = longer[fits:]
                line = longer
            found.append(line)
        return found

    def fitted(
        self, text: str, sizes: tuple[float, ...], *, width: float, height: float
    ) -> tuple[list[str], float]:
        """The lines at the largest size of which all fit; at the smallest what fits, and three dots."""
        for size in sizes:
            lines = self.lines(text, size, width)
            if len(lines) * step(size) <= height:
                return lines, size
        most = max(1, int(height // step(size)))
        return [*lines[: most - 1], f"{lines[most - 1][:-1]}…"], size

    def write(self, left: float, base: float, line: str, size: float) -> None:
        """`base`: where its letters stand."""
        self.pdf.set_text_color(self.colour)
        for file, run in fonts.runs(self.face, line):
            self._take(file, size)
            self.pdf.text(left, base, run)
            left += self.pdf.get_string_width(run)

    def middle(
        self, base: float, line: str, size: float, *, left: float = 0, width: float = 0
    ) -> None:
        """In the middle of a part of the page that begins at `left`, or of all of it."""
        self.write(left + ((width or self.pdf.w) - self.width(line, size)) / 2, base, line, size)

    def _take(self, file: str, size: float) -> None:
        if file.lower() not in self.pdf.fonts:
            self.pdf.add_font(file, "", fonts.path(file))
        self.pdf.set_font(file, size=size)


def step(size: float) -> float:
    """From one line to the next, in millimetres."""
    return size * LEADING * MM_PER_POINT


def draw_qr(pdf: FPDF, text: str, left: float, top: float, side: float) -> None:
    """As shapes, crisp at any size, with its quiet zone; neighbours in a row are one shape. `side`: in
    millimetres, quiet zone included."""
    rows = qr.modules(text)
    module = side / (len(rows) + 2 * qr.QUIET_ZONE)
    pdf.set_fill_color(255)
    pdf.rect(left, top, side, side, style="F")
    pdf.set_fill_color(0)
    for y, row in enumerate(rows):
        for start, length in qr.dark_runs(row):
            at = (left + (start + qr.QUIET_ZONE) * module, top + (y + qr.QUIET_ZONE) * module)
            pdf.rect(*at, length * module, module, style="F")
