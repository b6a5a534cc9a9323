"""Draw PNG or JPEG copies of a brand's SVG art, since mail programs and messengers show no SVG.

Needs the development tools (playwright, pillow) and a Chromium. The copies are kept in the repository
beside the drawings (art/<brand>/mail/), so a server never draws; run it after a drawing has changed.
"""

import base64
from argparse import ArgumentParser
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import arguments

MARK_PIXELS, TREAT_PIXELS = 108, 400
CARD = (560, 392)
"""As wide as a mail on a phone shows it, twice."""
PREVIEW = (1200, 630)
ALONE = {"present": ("wrapped",)}
"""Of a folder whose other drawings are parts of one: what is drawn."""
COLOURS = 96
QUALITY = 80
"""Of a JPEG."""


class Command(BaseCommand):
    help = "Draw the copies of SVG art that e-mails and link previews carry."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folders",
            nargs="+",
            type=arguments.text(60),
            help="folders under static/art/, e.g. frosty-spoon",
        )
        parser.add_argument("--chromium", type=arguments.path, default="/usr/bin/chromium")

    def handle(self, *args: Any, folders: list[str], chromium: str, **options: Any) -> None:
        from playwright.sync_api import sync_playwright

        art = Path(settings.BASE_DIR) / "static" / "art"
        known = sorted(each.name for each in art.iterdir() if each.is_dir())
        for folder in folders:
            if folder not in known:
                raise CommandError(f"There is no folder {folder!r}. Folders: {', '.join(known)}")
        if not Path(chromium).is_file():
            raise CommandError(f"There is no Chromium at {chromium}.")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=str(chromium), args=["--no-sandbox"]
            )
            page = browser.new_page()
            for folder in folders:
                for name, copy in _drawn(page, art / folder):
                    self.stdout.write(f"{folder}/mail/{name}  {len(copy) / 1024:.0f} kB")
            browser.close()


def _drawn(page: Any, art: Path) -> Any:
    (art / "mail").mkdir(exist_ok=True)
    for drawing in sorted(art.glob("*.svg")):
        if drawing.stem not in ALONE.get(art.name, (drawing.stem,)):
            continue
        if drawing.stem == "hero":
            name, (width, height), fit = "preview", PREVIEW, "cover"
        elif art.name == "cards":
            name, (width, height), fit = drawing.stem, CARD, "cover"
        else:
            side = MARK_PIXELS if drawing.stem == "mark" else TREAT_PIXELS
            name, (width, height), fit = drawing.stem, (side, side), "contain"
        shot = _draw(page, drawing, width, height, fit)
        # The grain of a card is noise: as a PNG it weighs half as much again.
        is_card = art.name == "cards"
        copy = _as_jpeg(shot) if is_card else _fewer_colours(shot)
        file = f"{name}.{'jpg' if is_card else 'png'}"
        (art / "mail" / file).write_bytes(copy)
        yield file, copy


def _draw(page: Any, drawing: Path, width: int, height: int, fit: str) -> bytes:
    """What is transparent stays so, for mail programs in dark mode."""
    source = base64.b64encode(drawing.read_bytes()).decode()
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(
        "<body style='margin:0'>"
        f"<img src='data:image/svg+xml;base64,{source}' "
        f"style='display:block;width:{width}px;height:{height}px;object-fit:{fit}'>"
    )
    page.wait_for_function("document.images[0].complete")
    return bytes(page.screenshot(omit_background=True))


def _fewer_colours(png: bytes) -> bytes:
    from PIL import Image

    picture, small = Image.open(BytesIO(png)).convert("RGBA"), BytesIO()
    picture.quantize(COLOURS, method=Image.Quantize.FASTOCTREE).save(small, "PNG", optimize=True)
    return small.getvalue()


def _as_jpeg(png: bytes) -> bytes:
    from PIL import Image

    small = BytesIO()
    picture = Image.open(BytesIO(png)).convert("RGB")
    picture.save(small, "JPEG", quality=QUALITY, optimize=True)
    return small.getvalue()
