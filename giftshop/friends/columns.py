"""Cells of a line that was copied out of a table or a mail header, and the headings above them."""

import re

from giftshop.friends.names import word_set

_CELL = re.compile(r'(?:"[^"]*"|[^,;\t"]|"(?=[^"]*$))+')
_EMAIL_HEADING = re.compile(r"e[ _-]?mail|mail(?:adresse)?$|correo|courriel", re.IGNORECASE)
_HEADINGS = word_set("""
    name names full first last middle given family surname firstname lastname nickname display
    recipient recipients contact contacts address phone mobile telephone tel company
    organization title notes birthday group label city country vorname nachname familienname
    vollständiger anzeigename empfänger kontakt adresse telefon handy firma
    titel notizen geburtstag gruppe ort land anrede nombre nombres apellido apellidos completo
    destinatario destinatarios contacto dirección direccion teléfono telefono móvil
    empresa título notas cumpleaños grupo ciudad país
""")
_BEFORE_COLON = word_set("""
    from to cc bcc von an de para
""")
_LABELLED = re.compile(r"([^\W\d_][^:]{0,30}?)\s*:(?:\s+|$)")


def split(line: str) -> list[str]:
    """The cells that are not empty, trimmed, quotes kept: "a;b" -> ["a", "b"]."""
    return [cell for found in _CELL.finditer(line) if (cell := found[0].strip())]


def without_label(cell: str) -> str:
    """ "Name: Ben" -> "Ben", "To: Ben" -> "Ben"."""
    label = _LABELLED.match(cell)
    if label and (is_heading(label[1]) or label[1].casefold() in _BEFORE_COLON):
        return cell[label.end() :]
    return cell


def is_heading(cell: str) -> bool:
    """Whether it names a column and nobody: "First name", "E-mail 1", "Nachname"."""
    return is_email_heading(cell) or _all_words_are(cell)


def is_email_heading(cell: str) -> bool:
    return bool(_EMAIL_HEADING.match(_plain(cell)))


def are_headings(cells: list[str]) -> bool:
    """Whether the cells are the row above a table. Expects cells without an address."""
    return bool(cells) and (
        all(is_heading(cell) for cell in cells) or any(is_email_heading(cell) for cell in cells)
    )


def _all_words_are(cell: str) -> bool:
    words = _plain(cell).split()
    return bool(words) and all(word in _HEADINGS or is_email_heading(word) for word in words)


def _plain(cell: str) -> str:
    return " ".join(re.sub(r"[\"'_#:*()-]+", " ", cell).split()).casefold()
