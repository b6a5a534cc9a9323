"""A sheet that somebody uploaded, as rows of cells. What it is, its content says and never its name."""

from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from giftshop.http import bounded_program

PROGRAM = Path(__file__).with_name("table.py")
SECONDS_MAX = 25
BYTES_MAX = 5_000_000
LIMITS = {
    "rows_max": 2_000,
    "columns_max": 300,
    "length_max": 30_000,
    "text_max": 12_000_000,
    "unpacked_max": 80_000_000,
}
"""Rows but the header, as many as are taken over well within the 75 s that the proxy waits;
characters of one cell, and of all; bytes of an XLSX once it is unpacked."""


def read(file: IO[bytes]) -> dict[str, Any]:
    """What table.py found. Raises ValidationError with words for the owner. `file` is one of the system's."""
    told = bounded_program.ask(PROGRAM, file, seconds_max=SECONDS_MAX, **LIMITS)
    if "refused" in told:
        raise ValidationError(_words(told["refused"]) % {**LIMITS, "row": told.get("row", 0)})
    return told


def _words(refused: str) -> str:
    return {
        "empty": _("There is nothing in this file."),
        "no_table": _("This is no table. Save it as XLSX or CSV and try again."),
        "old_excel": _(
            "This is a file of an old Excel, or it has a password. "
            "Save it as XLSX without one and try again."
        ),
        "broken": _("This file is damaged and can't be opened. Save it anew and try again."),
        "unreadable": _(
            "The letters of this file can't be read. Save it as “CSV UTF-8” or as XLSX."
        ),
        "rows": _("A sheet has %(rows_max)d rows at most. Make two of it."),
        "columns": _("Row %(row)d has more than %(columns_max)d columns."),
        "cell": _("A cell in row %(row)d has more than %(length_max)d characters."),
        "quote": _("Row %(row)d: a quotation mark is opened and never closed."),
    }.get(refused, _("This file takes too long to open. Keep only the table in it and try again."))
