"""A link on paper: a poster, or a sheet of table cards to cut, in the brand's look.

Both are the same picture at two sizes. All of it is drawn here, by fpdf2 and our own faces; nothing is
fetched but an uploaded picture from our storage.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.links import links
from campaigns.models import Link
from campaigns.shop_page.pictures import share_art, uploaded
from giftshop.catalog.brands import language_shown
from giftshop.catalog.colours import palette
from giftshop.http.outside_calls import NoAnswer
from giftshop.pictures import drawings, files, fonts
from giftshop.printed_cards.paper import paper_of
from giftshop.printed_cards.pen import Pen, draw_qr, step
from giftshop.printed_cards.words import printable
from giftshop.share_pictures import of

if TYPE_CHECKING:
    from fpdf import FPDF

ACROSS = DOWN = 2
"""Cards on a sheet."""
CUT = 5.0
"""How long a mark for the knife is."""


@dataclass(frozen=True)
class Print:
    """All that stands on it, in the brand's language."""

    headline: str
    brand: str
    hint: str
    address: str
    shown: str
    """The address as somebody would type it."""
    accent: str
    wash: str
    ink: str
    soft: str
    art: bytes | None
    paper: tuple[float, float]


def of_link(link: Link) -> Print:
    """Without its picture where the storage of pictures keeps it waiting. Expects the brand's scope."""
    brand, colours, address = link.brand, palette(link.brand), links.address(link)
    with translation.override(language_shown(brand, brand.language)):
        headline = printable(link.campaign.headline, fonts.DISPLAY)
        hosted = urlsplit(address)
        return Print(
            headline=headline or _("Treat a friend"),
            brand=printable(brand.name, fonts.TEXT),
            hint=_("Point your phone's camera here"),
            address=address,
            shown=f"{hosted.netloc}{hosted.path}",
            accent=colours.accent_ink,
            wash=colours.wash,
            ink=colours.ink,
            soft=colours.soft,
            art=_art(link),
            paper=paper_of(brand.country),
        )


def poster(shown: Print) -> bytes:
    """A PDF of one page."""
    pdf = _document(shown)
    _draw(pdf, shown, 0, 0, *shown.paper)
    return bytes(pdf.output())


def cards(shown: Print) -> bytes:
    """A PDF of one page with four cards, and marks where to cut."""
    pdf = _document(shown)
    width, height = shown.paper[0] / ACROSS, shown.paper[1] / DOWN
    for place in range(ACROSS * DOWN):
        _draw(pdf, shown, place % ACROSS * width, place // ACROSS * height, width, height)
    pdf.set_draw_color(shown.soft)
    pdf.set_line_width(0.2)
    for x in (0.0, width - CUT, shown.paper[0] - CUT):
        pdf.line(x, height, x + (CUT if x != width - CUT else 2 * CUT), height)
    for y in (0.0, height - CUT, shown.paper[1] - CUT):
        pdf.line(width, y, width, y + (CUT if y != height - CUT else 2 * CUT))
    return bytes(pdf.output())


def _document(shown: Print) -> FPDF:
    from fpdf import FPDF  # by whoever prints one, as in giftshop/printed_cards/card.py

    pdf = FPDF(unit="mm", format=shown.paper)
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(0)
    pdf.set_title(shown.headline)
    pdf.set_creator("Giftshop")
    pdf.add_page()
    return pdf


def _draw(pdf: FPDF, shown: Print, left: float, top: float, width: float, height: float) -> None:
    """The picture above, the words and the QR below; sizes go by the width."""
    unit, edge = width / 100, width * 0.08
    art_height = height * 0.36
    pdf.set_fill_color(shown.wash)
    pdf.rect(left, top, width, art_height, style="F")
    pdf.set_fill_color(shown.accent)
    pdf.rect(left, top + art_height, width, unit, style="F")
    if shown.art:
        box = (left + edge, top + unit * 4, width - 2 * edge, art_height - unit * 8)
        pdf.image(BytesIO(shown.art), *box, keep_aspect_ratio=True)
    base = top + art_height + unit * 13
    sizes = tuple(unit * each for each in (20.0, 17.0, 14.0, 11.0, 9.0))
    display, text = Pen(pdf, fonts.DISPLAY, shown.ink), Pen(pdf, fonts.TEXT, shown.ink)
    soft = Pen(pdf, fonts.TEXT, shown.soft)
    lines, size = display.fitted(
        shown.headline, sizes, width=width - 2 * edge, height=height * 0.15
    )
    for line in lines:
        display.middle(base, line, size, left=left, width=width)
        base += step(size)
    side = min(width * 0.5, top + height - base - unit * 24)
    draw_qr(pdf, shown.address, left + (width - side) / 2, base - unit * 2, side)
    base += side + unit * 4
    for pen, line, points in (
        (text, shown.hint, 7.5),
        (soft, shown.shown, 5.5),
        (soft, shown.brand, 6.5),
    ):
        kept, size = pen.fitted(
            line,
            (unit * points, unit * points * 0.7),
            width=width - 2 * edge,
            height=step(unit * points * 1.2),  # one line at either size
        )
        for words in kept[:1]:  # none, where a brand's name is in letters that our faces lack
            pen.middle(base, words, size, left=left, width=width)
        base += unit * 6


def _art(link: Link) -> bytes | None:
    """As on the campaign's share picture; else a present."""
    art, _is_scene = share_art(link.campaign, link.treat, uploaded(link.campaign))
    kept = None
    with suppress(NoAnswer):
        kept = files.read(art)
    return kept or drawings.content(art) or drawings.content(of.PRESENT)
