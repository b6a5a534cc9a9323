"""A brand's look as a stylesheet. What a brand typed is data: only what is plainly a colour gets in."""

import hashlib
import re
from collections.abc import Iterator

from brands.models import Brand

_COLOUR = re.compile(
    r"#(?:[0-9a-f]{3}|[0-9a-f]{6})"
    r"|(?:oklch|oklab|lch|lab|rgb|hsl)\([0-9.,%+ -]{3,60}\)"
    r"|[a-z]{3,24}",
    re.IGNORECASE,
)
_FOLDER = re.compile(r"[a-z0-9-]{1,60}")
_PROPERTIES = {
    "accent": "--brand-accent",
    "accent_2": "--brand-accent-2",
    "paper": "--brand-paper",
    "ink": "--brand-ink",
}
ROUND_MIN, ROUND_MAX = 0.0, 2.0


def stylesheet(brand: Brand) -> str:
    """One rule that sets the brand's custom properties (docs/design.md); doubtful values are left out."""
    return ":root {\n" + "".join(f"  {line};\n" for line in _declarations(brand)) + "}\n"


def version(brand: Brand) -> str:
    """Changes whenever the stylesheet does."""
    return hashlib.sha256(stylesheet(brand).encode()).hexdigest()[:12]


def art_folder(brand: Brand) -> str | None:
    """The folder under static/art/ with the brand's mark.svg and hero.svg, or None."""
    folder = str((brand.theme or {}).get("art", ""))
    return f"art/{folder}" if _FOLDER.fullmatch(folder) else None


def _declarations(brand: Brand) -> Iterator[str]:
    theme = brand.theme if isinstance(brand.theme, dict) else {}
    for key, name in _PROPERTIES.items():
        value = str(theme.get(key) or "").strip()
        if _COLOUR.fullmatch(value):
            yield f"{name}: {value}"
    try:
        corners = float(theme.get("round", ""))
    except (TypeError, ValueError):
        return
    if ROUND_MIN <= corners <= ROUND_MAX:
        yield f"--brand-round: {corners:g}"
