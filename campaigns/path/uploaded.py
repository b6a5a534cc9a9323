"""A file of likes and costs, CSV or XLSX, turned into the rows that somebody could have copied: they are
looked at in the same way, and stand in the page until they are taken over. What it is, its content says and
never its name.
"""

import csv
import io
from decimal import Decimal
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.path.forms import TEXT_LENGTH_MAX
from core import csv_export
from giftshop.sheets import read
from giftshop.sheets.file_form import SheetFileForm, file_field
from giftshop.studio.sheet.values import THOUSANDS

BYTES_MAX = 1_000_000


class FileForm(SheetFileForm):
    too_large = gettext_lazy(
        "This file is larger than 1 MB. Keep only the table in it and try again."
    )

    file = file_field(help_text=gettext_lazy("XLSX or CSV, 1 MB and 500 lines at most."))


def rows_of(file: IO[bytes]) -> str:
    """The table as a spreadsheet copies it, each row on the line of its number. Raises ValidationError with
    words for whoever sent it. `file` is one of the system's."""
    table, at = read.read(file), 1
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    for number, cells in table["rows"]:
        out.write("\n" * (number - at))
        at = number + 1
        writer.writerow([_text(cell) for cell in cells])
        if out.tell() > TEXT_LENGTH_MAX:
            raise ValidationError(_("That is more than fits. Make two files of it."))
    return out.getvalue()


def _text(cell: Any) -> str:
    """As somebody would have typed it, on one line; of 1.255 what no language reads as thousands."""
    if isinstance(cell, str):
        return " ".join(csv_export.taken_back(cell).split())
    if "number" in cell:
        number = Decimal(cell["number"])
        if number == number.to_integral_value():
            return f"{number:.0f}"
        text = f"{number:f}"
        return f"{text}0" if THOUSANDS.fullmatch(text) else text
    return str(cell.get("day") or cell.get("fault") or cell.get("yes"))
