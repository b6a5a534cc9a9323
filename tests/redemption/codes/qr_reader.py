"""Reads QR symbols with a decoder that shares nothing with the library that drew them (zxing-cpp).

Each picture holds one symbol, else the reading fails.
"""

import re
from io import BytesIO

import zxingcpp
from PIL import Image, ImageDraw

PIXELS = 4  # a module of a drawing


def read_png(png: bytes) -> str:
    """The text in a picture, such as an e-mail's PNG or a screenshot."""
    return read(Image.open(BytesIO(png)).convert("L")).text


def read_svg(svg: str) -> str:
    """The text in the first drawing of a page."""
    return read(drawn(svg)).text


def read(picture: Image.Image) -> zxingcpp.Barcode:
    """The one symbol in a picture, never a Micro QR, which tills and phones do not read."""
    (symbol,) = zxingcpp.read_barcodes(picture)
    assert symbol.format == zxingcpp.BarcodeFormat.QRCode
    return symbol


def drawn(svg: str) -> Image.Image:
    """A drawing as a picture: its viewBox, and the runs of its dark path, M<x> <y>h<length>v1h-<length>z."""
    white, dark = r'<path fill="#fff"[^>]*>', r'<path fill="#000" d="([^"]+)"'
    found = re.search(rf'viewBox="0 0 (\d+) \1"[^>]*>{white}{dark}', svg)
    assert found, "an SVG with a dark path"
    side = int(found[1])
    picture = Image.new("L", (side * PIXELS, side * PIXELS), 255)
    pen = ImageDraw.Draw(picture)
    for run in re.findall(r"M(\d+) (\d+)h(\d+)", found[2]):
        x, y, length = (int(number) * PIXELS for number in run)
        pen.rectangle((x, y, x + length - 1, y + PIXELS - 1), fill=0)
    return picture


def rows_drawn(rows: list[list[bool]], quiet_zone: int = 4) -> Image.Image:
    """Rows of modules as a picture; True is dark."""
    side = len(rows) + 2 * quiet_zone
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            picture.putpixel((x + quiet_zone, y + quiet_zone), 0 if dark else 255)
    return picture.resize((side * PIXELS, side * PIXELS), Image.Resampling.NEAREST)
