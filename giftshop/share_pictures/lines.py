"""Words in our faces, measured, broken, cut and written."""

from PIL import ImageDraw, ImageFont

from giftshop.pictures import fonts
from giftshop.pictures.fonts import Face

MEASURED = 100
"""Widths are taken at this size, and grow with it."""


class Lines:
    """Of one drawing: a font that is shared by threads would be drawn with by two at once."""

    def __init__(self, face: Face, weight: int) -> None:
        self.face, self.weight = face, weight
        self._open: dict[tuple[str, int], ImageFont.FreeTypeFont] = {}

    def width(self, text: str, size: int) -> float:
        """In pixels."""
        runs = fonts.runs(self.face, text)
        drawn = sum(self._font(file, MEASURED).getlength(run) for file, run in runs)
        return drawn * size / MEASURED

    def broken(self, text: str, size: int, width: int) -> list[str]:
        """Into lines, between words: one word alone may be wider."""
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self.width(longer, size) > width:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def cut(self, text: str, size: int, width: int) -> str:
        """As much of a line as fits, with three dots where some is left out."""
        if self.width(text, size) <= width:
            return text
        while text and self.width(f"{text}…", size) > width:
            text = text[:-1].rstrip()
        return f"{text}…"

    def fitted(
        self, text: str, sizes: range, *, width: int, height: int, lines_max: int
    ) -> tuple[list[str], int]:
        """Its lines and the largest size at which all of it fits; what is too long at the smallest is cut."""
        for size in sizes:
            lines = self.broken(text, size, width)
            if len(lines) <= min(lines_max, height // step(size)) and all(
                self.width(line, size) <= width for line in lines
            ):
                return lines, size
        lines = self.broken(text, size, width)
        if len(lines) > lines_max:
            lines = [*lines[: lines_max - 1], f"{lines[lines_max - 1]}…"]
        return [self.cut(line, size, width) for line in lines], size

    def write(
        self, pen: ImageDraw.ImageDraw, left: int, base: int, line: str, size: int, ink: str
    ) -> None:
        """`base`: where its letters stand."""
        at = float(left)
        for file, run in fonts.runs(self.face, line):
            font = self._font(file, size)
            pen.text((at, base), run, font=font, fill=ink, anchor="ls")
            at += font.getlength(run)

    def _font(self, file: str, size: int) -> ImageFont.FreeTypeFont:
        if (file, size) not in self._open:
            font = ImageFont.truetype(str(fonts.path(file)), size)
            if self.face.weights:
                font.set_variation_by_axes([self.weight])
            self._open[file, size] = font
        return self._open[file, size]


def step(size: int) -> int:
    """From one line to the next."""
    return round(size * 1.1)
