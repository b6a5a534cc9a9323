"""Draws a sheet of cards to hand out: each with its own code, marks to cut along in the margins.

All cards say the same but for their code, so their words are laid out once. Nothing is fetched; everything is
drawn by fpdf2 and our own faces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from giftshop.pictures import fonts
from giftshop.printed_cards.pen import Pen, draw_qr, step
from redemption import code_format

if TYPE_CHECKING:
    from fpdf import FPDF

ACROSS, DOWN = 2, 5
PER_PAGE = ACROSS * DOWN
WIDTH, HEIGHT = 90.0, 52.0
"""Of a card, in millimetres: ten fit on A4 and on Letter, with margins that every printer leaves."""
EDGE, STRIP = 4.0, 1.6
QR_SIDE, QR_TOP = 33.0, 3.6
CODE_SIZE = 7.0
CUT = 5.0
"""How long a mark for the knife is."""


@dataclass(frozen=True)
class Sheet:
    """All that stands on it, in the brand's language."""

    brand: str
    headline: str
    gives: str
    until: str
    show: str
    """What to do with it at the counter."""
    terms: str
    accent: str
    ink: str
    soft: str
    paper: tuple[float, float]
    codes: Sequence[str]
    """17 symbols each."""


@dataclass(frozen=True)
class _Line:
    pen: Pen
    left: float
    base: float
    words: str
    size: float


def draw(sheet: Sheet) -> bytes:
    """A PDF with ten cards a page."""
    from fpdf import FPDF  # by whoever prints one, as in giftshop/printed_cards/card.py

    pdf = FPDF(unit="mm", format=sheet.paper)
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(0)
    pdf.set_title(sheet.brand)
    pdf.set_creator("Giftshop")
    left = (sheet.paper[0] - ACROSS * WIDTH) / 2
    top = (sheet.paper[1] - DOWN * HEIGHT) / 2
    lines = _words(pdf, sheet)
    for number, code in enumerate(sheet.codes):
        place = number % PER_PAGE
        if place == 0:
            pdf.add_page()
            _cuts(pdf, sheet, left, top)
        _card(
            pdf, sheet, lines, code, left + place % ACROSS * WIDTH, top + place // ACROSS * HEIGHT
        )
    return bytes(pdf.output())


def _words(pdf: FPDF, sheet: Sheet) -> list[_Line]:
    """What every card says beside the QR, as far as there is room; places within a card."""
    left, base = EDGE + QR_SIDE + 3, EDGE + STRIP + 3.5
    room, bottom = WIDTH - EDGE - left, HEIGHT - EDGE
    display, text = Pen(pdf, fonts.DISPLAY, sheet.ink), Pen(pdf, fonts.TEXT, sheet.ink)
    soft, strong = Pen(pdf, fonts.TEXT, sheet.soft), Pen(pdf, fonts.DISPLAY, sheet.accent)
    found: list[_Line] = []
    for pen, words, sizes, height in (
        (soft, sheet.brand, (8.0, 7.0, 6.0), 4.0),
        (strong, sheet.headline, (14.0, 12.0, 10.0, 9.0), 13.0),
        (text, sheet.gives, (9.0, 8.0, 7.0), 8.5),
        (display, sheet.until, (8.0, 7.0, 6.0), 4.0),
        (soft, sheet.terms, (6.0, 5.5, 5.0), 0.0),
    ):
        if not words:
            continue
        room_below = height or max(bottom - base, step(sizes[-1]))
        lines, size = pen.fitted(words, sizes, width=room, height=room_below)
        base += step(size) - step(sizes[-1])
        for line in lines:
            found.append(_Line(pen, left, base, line, size))
            base += step(size)
        base += 0.8
    lines, size = soft.fitted(sheet.show, (6.5, 5.5), width=QR_SIDE, height=5.6)
    under = QR_TOP + QR_SIDE + 8
    for at, line in enumerate(lines):
        middle = EDGE + (QR_SIDE - soft.width(line, size)) / 2
        found.append(_Line(soft, middle, under + at * step(size), line, size))
    return found


def _card(pdf: FPDF, sheet: Sheet, lines: list[_Line], code: str, left: float, top: float) -> None:
    pdf.set_fill_color(sheet.accent)
    pdf.rect(left, top, WIDTH, STRIP, style="F")
    draw_qr(pdf, code, left + EDGE, top + QR_TOP, QR_SIDE)
    ink = Pen(pdf, fonts.TEXT, sheet.ink)
    groups = code_format.grouped(code)
    ink.middle(top + QR_TOP + QR_SIDE + 3, groups, CODE_SIZE, left=left + EDGE, width=QR_SIDE)
    for line in lines:
        line.pen.write(left + line.left, top + line.base, line.words, line.size)


def _cuts(pdf: FPDF, sheet: Sheet, left: float, top: float) -> None:
    """In the margins alone, so that nothing of them is left on a card."""
    pdf.set_draw_color(sheet.soft)
    pdf.set_line_width(0.2)
    right, bottom = left + ACROSS * WIDTH, top + DOWN * HEIGHT
    for column in range(ACROSS + 1):
        x = left + column * WIDTH
        pdf.line(x, top - CUT - 1, x, top - 1)
        pdf.line(x, bottom + 1, x, bottom + CUT + 1)
    for row in range(DOWN + 1):
        y = top + row * HEIGHT
        pdf.line(left - CUT - 1, y, left - 1, y)
        pdf.line(right + 1, y, right + CUT + 1, y)
