"""A brand's accents as the hexadecimal colours that mail programs and Stripe's page understand.

Follows static/css/tokens.css: lightness is clamped so that words keep their contrast whatever a brand
picks. Mail programs know neither OKLCH nor custom properties, so it is worked out here.
"""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from brands.models import Brand

Oklch = tuple[float, float, float]
"""Lightness 0..1, chroma 0..0.4, hue in degrees."""

ACCENT: Oklch = (0.56, 0.19, 25.0)
"""Of a brand that picked none."""

_OKLCH = re.compile(r"oklch\(\s*([\d.]+)(%?)\s+([\d.]+)\s+([\d.]+)(?:deg)?\s*\)")
_HEX = re.compile(r"#([0-9a-fA-F]{6})")


@dataclass(frozen=True)
class Palette:
    """Hexadecimal colours for light mode, and for dark where a mail program asks."""

    accent: str
    accent_ink: str
    wash: str
    trim: str
    paper: str
    ink: str
    soft: str
    line: str
    dark_paper: str
    dark_surface: str
    dark_ink: str
    dark_soft: str
    dark_line: str
    dark_accent_ink: str


def palette(brand: Brand) -> Palette:
    theme = brand.theme
    return _palette(
        theme.get("accent", ""),
        theme.get("accent_2", ""),
        theme.get("paper", ""),
        theme.get("ink", ""),
    )


def plain_palette() -> Palette:
    """Of pages that are no brand's."""
    return _palette("", "", "", "")


@lru_cache(maxsize=256)
def _palette(accent: str, accent_2: str, paper: str, ink: str) -> Palette:
    a_l, a_c, a_h = parse(accent, ACCENT)
    b_l, b_c, b_h = parse(accent_2, (0.74, 0.11, 75.0))
    p_l, p_c, p_h = parse(paper, (0.975, 0.014, 75.0))
    i_l, i_c, i_h = parse(ink, (0.24, 0.03, 30.0))
    return Palette(
        accent=to_hex((min(a_l, 0.53), a_c, a_h)),
        accent_ink=to_hex((min(a_l, 0.46), a_c, a_h)),
        wash=to_hex((0.955, min(a_c * 0.2, 0.028), a_h)),
        trim=to_hex((_clamp(0.66, b_l, 0.84), b_c, b_h)),
        paper=to_hex((_clamp(0.945, p_l, 0.975), min(p_c, 0.03), p_h)),
        ink=to_hex((min(i_l, 0.27), i_c, i_h)),
        soft=to_hex((0.43, min(i_c, 0.04), i_h)),
        line=to_hex((0.885, min(p_c, 0.03), p_h)),
        dark_paper=to_hex((0.175, min(i_c, 0.03), i_h)),
        dark_surface=to_hex((0.225, min(i_c, 0.035), i_h)),
        dark_ink=to_hex((0.955, min(p_c, 0.02), p_h)),
        dark_soft=to_hex((0.8, min(p_c, 0.025), p_h)),
        dark_line=to_hex((0.36, min(i_c, 0.03), i_h)),
        dark_accent_ink=to_hex((max(a_l, 0.79), min(a_c, 0.13), a_h)),
    )


def parse(colour: str, default: Oklch) -> Oklch:
    """`oklch(0.52 0.2 5)` or `#aa3355`; the default for anything else."""
    if found := _OKLCH.fullmatch(colour.strip()):
        lightness = float(found[1]) / (100 if found[2] else 1)
        return lightness, float(found[3]), float(found[4])
    if found := _HEX.fullmatch(colour.strip()):
        return _from_hex(found[1])
    return default


def to_hex(colour: Oklch) -> str:
    """The nearest colour a screen can show: chroma gives way, hue and lightness stay."""
    lightness, chroma, hue = colour
    while True:
        channels = _to_linear_rgb(lightness, chroma, hue)
        if chroma <= 0 or all(-0.0005 <= value <= 1.0005 for value in channels):
            break
        chroma = max(0.0, chroma - 0.004)
    return "#" + "".join(f"{round(_gamma(_clamp(0, value, 1)) * 255):02x}" for value in channels)


def _to_linear_rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Björn Ottosson's matrices, https://bottosson.github.io/posts/oklab/."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _from_hex(digits: str) -> Oklch:
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def _gamma(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _clamp(low: float, value: float, high: float) -> float:
    return max(low, min(value, high))
