"""Draws the card: in front the sender's design and words, behind them the treat with its code.

A6, two pages: printed on both sides, or cut and glued. All of it is made here, by fpdf2 and our own faces; no
program of the system is asked, and nothing is fetched but an uploaded picture from our storage.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from giftshop.pictures import fonts
from giftshop.printed_cards.pen import Pen, draw_qr, step

if TYPE_CHECKING:
    from fpdf import FPDF

WIDTH, HEIGHT, EDGE = 105.0, 148.0, 8.0
"""Millimetres: A6, and what printers leave white."""
ART_HEIGHT = WIDTH * 392 / 560
"""A design's copy is so high."""
QR_SIDE = 50.0
TREAT_SIDE = 30.0
WORDS_SIZES = (19.0, 16.0, 14.0, 12.0, 10.0, 9.0, 8.0)
NAME_SIZES = (22.0, 18.0, 15.0, 12.0)
PLACES_SIZES = (9.0, 8.0, 7.0)


@dataclass(frozen=True)
class Card:
    """All that stands on it, in words of the recipient's language."""

    title: str
    """"For Ben"."""
    words: str
    sender: str
    brand: str
    treat: str
    show: str
    """What to do with it at the counter."""
    until: str
    places: str
    code: str
    """Its symbols, for the QR."""
    groups: str
    accent: str
    ink: str
    soft: str
    design: bytes | None
    art: bytes | None


def draw(card: Card) -> bytes:
    """A PDF of two pages."""
    from fpdf import (
        FPDF,
    )  # by whoever prints one: each process of the product would load it to start

    pdf = FPDF(unit="mm", format=(WIDTH, HEIGHT))
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(0)
    pdf.set_title(card.brand)
    pdf.set_creator("Giftshop")
    _front(pdf, card)
    _back(pdf, card)
    return bytes(pdf.output())


def _front(pdf: FPDF, card: Card) -> None:
    pdf.add_page()
    if card.design:
        pdf.image(BytesIO(card.design), 0, 0, WIDTH, ART_HEIGHT)
    top, inner = ART_HEIGHT + 9, WIDTH - 2 * EDGE
    if card.title:
        name = Pen(pdf, fonts.DISPLAY, card.accent)
        lines, size = name.fitted(card.title, NAME_SIZES, width=inner, height=11)
        name.write(EDGE, top + 2, lines[0], size)
        top += 7
    letter = Pen(pdf, fonts.LETTER, card.ink)
    if card.words:
        lines, size = letter.fitted(card.words, WORDS_SIZES, width=inner, height=HEIGHT - top - 17)
        for line in lines:
            top += step(size)
            letter.write(EDGE, top, line, size)
    if card.sender:
        lines, size = letter.fitted(card.sender, NAME_SIZES[1:], width=inner, height=8)
        letter.write(WIDTH - EDGE - letter.width(lines[0], size), HEIGHT - EDGE, lines[0], size)


def _back(pdf: FPDF, card: Card) -> None:
    pdf.add_page()
    inner = WIDTH - 2 * EDGE
    pdf.set_fill_color(card.accent)
    pdf.rect(0, 0, WIDTH, 3, style="F")
    display, text = Pen(pdf, fonts.DISPLAY, card.ink), Pen(pdf, fonts.TEXT, card.ink)
    soft = Pen(pdf, fonts.TEXT, card.soft)
    left = EDGE
    if card.art:
        pdf.image(BytesIO(card.art), EDGE, 8, TREAT_SIDE, TREAT_SIDE, keep_aspect_ratio=True)
        left += TREAT_SIDE + 4
    room, base = WIDTH - EDGE - left, 13.0
    for pen, words, sizes, height in (
        (display, card.treat, (15.0, 13.0, 11.0, 9.0), 19.0),
        (soft, card.brand, (11.0, 9.0, 8.0), 8.0),
    ):
        if words:
            lines, size = pen.fitted(words, sizes, width=room, height=height)
            for line in lines:
                pen.write(left, base, line, size)
                base += step(size)
    top = 42.0
    lines, size = text.fitted(card.show, (11.0, 9.0, 8.0), width=inner, height=10)
    for line in lines:
        text.middle(top, line, size)
        top += step(size)
    draw_qr(pdf, card.code, (WIDTH - QR_SIDE) / 2, top, QR_SIDE)
    top += QR_SIDE + 5
    display.middle(top, card.groups, 15)
    top += 8
    lines, size = display.fitted(card.until, (12.0, 10.0, 8.0), width=inner, height=10)
    for line in lines:
        display.middle(top, line, size)
        top += step(size)
    lines, size = soft.fitted(card.places, PLACES_SIZES, width=inner, height=HEIGHT - top - 5)
    for line in lines:
        soft.middle(top, line, size)
        top += step(size)
