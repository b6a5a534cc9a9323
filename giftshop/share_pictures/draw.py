"""Draws a sheet: words on the left, the present or the treat on the right."""

from io import BytesIO

from PIL import Image, ImageDraw

from giftshop.pictures import fonts
from giftshop.share_pictures.lines import Lines, step
from giftshop.share_pictures.sheet import HEIGHT, WIDTH, Sheet

BYTES_MAX = 120 * 1024
"""A phone fetches it before anything is read, and messengers leave out what is much larger."""
LEFT, WORDS_WIDTH = 72, 560
"""Where the words begin, and how wide they may be."""
TITLE_SIZES, TITLE_HEIGHT, LINES_MAX = range(84, 39, -4), 340, 4
BRAND_SIZE = 34
SCENE_LEFT = 680
OURS_FROM = 0.85
"""In our drawings of shops the treat stands on the right; an upload is cut around what its owner chose."""
ROUND_MIDDLE, ROUND_RADIUS, ART_SIDE = 915, 255, 450
QUALITIES = (86, 76, 64, 50, 36, 20)
WHITE = "#ffffff"


def draw(sheet: Sheet, art: bytes | None) -> bytes:
    """A JPEG of at most BYTES_MAX. `art`: a PNG or JPEG of our own making."""
    ground, ink = (sheet.accent, WHITE) if sheet.is_gift else (sheet.paper, sheet.ink)
    picture = Image.new("RGB", (WIDTH, HEIGHT), ground)
    if art:
        drawn = Image.open(BytesIO(art), formats=("PNG", "JPEG")).convert("RGBA")
        (_set_scene if sheet.fills else _set_thing)(picture, drawn, sheet)
    pen = ImageDraw.Draw(picture)
    if sheet.title:
        _write_title(pen, sheet.title, ink)
    if sheet.brand and (sheet.title or not sheet.fills):
        if not sheet.is_gift:
            pen.rounded_rectangle((LEFT, HEIGHT - 142, LEFT + 72, HEIGHT - 134), 4, sheet.accent)
        text = Lines(fonts.TEXT, 640)
        name = text.cut(sheet.brand, BRAND_SIZE, WORDS_WIDTH)
        text.write(pen, LEFT, HEIGHT - 74, name, BRAND_SIZE, ink)
    return _encoded(picture)


def _write_title(pen: ImageDraw.ImageDraw, title: str, ink: str) -> None:
    display = Lines(fonts.DISPLAY, 760)
    lines, size = display.fitted(
        title, TITLE_SIZES, width=WORDS_WIDTH, height=TITLE_HEIGHT, lines_max=LINES_MAX
    )
    top = (HEIGHT - step(size) * len(lines)) // 2 - 44
    for number, line in enumerate(lines, 1):
        display.write(pen, LEFT, top + number * step(size) - size // 8, line, size, ink)


def _set_scene(picture: Image.Image, drawn: Image.Image, sheet: Sheet) -> None:
    """To the edges, cut where it is too wide or too high."""
    left = SCENE_LEFT if sheet.title else 0
    width = WIDTH - left
    scale = max(width / drawn.width, HEIGHT / drawn.height)
    whole = drawn.resize((round(drawn.width * scale), round(drawn.height * scale)))
    across = round((whole.width - width) * (OURS_FROM if sheet.art.startswith("art/") else 0.5))
    down = (whole.height - HEIGHT) // 2
    part = whole.crop((across, down, across + width, down + HEIGHT))
    picture.paste(part, (left, 0), part)


def _set_thing(picture: Image.Image, drawn: Image.Image, sheet: Sheet) -> None:
    """Whole, on a round ground."""
    middle = ROUND_MIDDLE if sheet.title or sheet.brand else WIDTH // 2
    high = HEIGHT // 2
    ground = _mixed(sheet.accent, 0.16 if sheet.is_gift else 0.82)
    ImageDraw.Draw(picture).ellipse(
        (middle - ROUND_RADIUS, high - ROUND_RADIUS, middle + ROUND_RADIUS, high + ROUND_RADIUS),
        fill=ground,
    )
    drawn.thumbnail((ART_SIDE, ART_SIDE))
    picture.paste(drawn, (middle - drawn.width // 2, high - drawn.height // 2), drawn)


def _mixed(colour: str, white: float) -> tuple[int, int, int]:
    """The colour with so much white in it."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    red, green, blue = (round(part + (255 - part) * white) for part in parts)
    return red, green, blue


def _encoded(picture: Image.Image) -> bytes:
    """In the best quality that is small enough: a photograph takes more than a drawing, and one that is all
    grain is smoothed."""
    for smoothed in (1, 3, 6):
        softer = picture.reduce(smoothed).resize(picture.size) if smoothed > 1 else picture
        for quality in QUALITIES:
            found = BytesIO()
            softer.save(found, "JPEG", quality=quality, optimize=True, progressive=True)
            if found.tell() <= BYTES_MAX:
                return found.getvalue()
    return found.getvalue()
