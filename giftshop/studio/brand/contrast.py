"""How well words can be read in a brand's colour, by the tones that its pages derive from it."""

from dataclasses import dataclass

from brands.models import Brand
from giftshop.catalog.colours import ACCENT, Oklch, parse, to_hex

READABLE = 4.5
"""The least that WCAG asks of words at level AA."""
ON_ACCENT: Oklch = (0.995, 0.005, 80.0)


@dataclass(frozen=True)
class Contrast:
    """Ratios as WCAG counts them, the lower one of light and dark mode."""

    on_buttons: float
    in_words: float
    is_darkened: bool
    """Buttons take a darker tone than was picked."""


def of_brand(brand: Brand) -> Contrast:
    """As static/css/tokens.css derives its tones; a test in a browser holds the two together."""
    lightness, chroma, hue = parse(brand.theme.get("accent", ""), ACCENT)
    fills = [
        (min(lightness, 0.515), min(chroma, 0.21), hue),
        (min(max(0.48, lightness), 0.515), min(chroma, 0.21), hue),
    ]
    light_words, light_ground = (min(lightness, 0.455), min(chroma, 0.2), hue), (0.955, 0.03, 75.0)
    dark_words, dark_ground = (max(lightness, 0.79), min(chroma, 0.13), hue), (0.27, 0.05, hue)
    return Contrast(
        on_buttons=round(min(ratio(ON_ACCENT, fill) for fill in fills), 1),
        in_words=round(min(ratio(light_words, light_ground), ratio(dark_words, dark_ground)), 1),
        is_darkened=lightness > 0.515,
    )


def ratio(one: Oklch, other: Oklch) -> float:
    """From 1 (the same) to 21 (black and white)."""
    darker, lighter = sorted(_luminance(colour) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Oklch) -> float:
    digits = to_hex(colour)
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
