"""The paper that a country prints on, in millimetres."""

A4, LETTER = (210.0, 297.0), (215.9, 279.4)
LETTER_COUNTRIES = frozenset(
    ("US", "CA", "MX", "CL", "CO", "CR", "DO", "GT", "NI", "PA", "PH", "PR", "SV", "VE")
)
"""Where letters are printed on the paper of that name (CLDR, paperSize)."""


def paper_of(country: str) -> tuple[float, float]:
    """Width and height. `country`: ISO 3166-1, two letters."""
    return LETTER if country in LETTER_COUNTRIES else A4
