"""Reads recipients out of what people paste: an address book line, a mail header, a plain list of names.

Pure functions. They never raise and never lose a line: each line that is not blank either becomes
people, is the row of headings above them, or is handed back as it was, with a word why.

An address that is read is the longest run of characters around its @, less quotes, brackets and closing
punctuation: a line where anything else touches it is handed back. It is better to ask than to write to
a stranger.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.bidi import in_one_line, without_direction_marks
from giftshop.friends import columns, names
from giftshop.friends.addresses import is_address
from giftshop.friends.names import LENGTH_MAX as NAME_LENGTH_MAX


class Why(TextChoices):
    """Why a line is handed back."""

    ADDRESS = "address", _("this is not an e-mail address that mail can reach")
    AT = "at", _("write the address with @ and dots")
    NUMBER = "number", _("a number is not an e-mail address")
    LINK = "link", _("a web address is not a friend")
    COLUMNS = "columns", _("there is more here than one name and one address")
    LONG = "long", _("the name is too long")
    NAME = "name", _("there is no name here")


class _Unreadable(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Person:
    """Somebody to give to. No e-mail: the sender passes the link on."""

    name: str
    email: str = ""


@dataclass(frozen=True)
class Unread:
    """A line that nobody could make sense of, exactly as it was given."""

    line: str
    why: Why


@dataclass(frozen=True)
class Reading:
    people: tuple[Person, ...] = ()
    unread: tuple[Unread, ...] = ()
    headings: tuple[str, ...] = ()
    """Lines that only name the columns below them."""


@dataclass(frozen=True)
class _Found:
    """An address as it stands in a line, from `start` to `end`."""

    email: str
    start: int
    end: int


_BULLET = re.compile(r"\A\s*(?:[•·▪◦‣]\s*|(?:[-*+\u2013\u2014]|\d{1,3}[.)])\s+)")
_MAILTO = re.compile(r"\bmailto:", re.IGNORECASE)
_QUOTES = str.maketrans("“”„«»", '"' * 5)
_RUN = re.compile(r'[^\s,;:<>()\[\]"]+')
_OPENING, _CLOSING = "'`\u2018\u2019\u2039", "'`\u2018\u2019\u203a.!?…。，、；：！？،؛؟"  # noqa: RUF001
_ENDED = re.compile(r"[>)\]\"]*[.!?…]*(?:$|[\s,;]|:(?:\s|$))")
_BRACKETS = re.compile(r"[<>()\[\]\"]")
_EDGES = " \t\"'\u2018\u2019\u2039\u203a,;:.()<>[]=\u2013\u2014-"


def read_lines(text: str) -> Reading:
    """ "Ben <ben@example.com>", "ben@example.com, Ben", "Ben", one or several to a line."""
    people: list[Person] = []
    unread: list[Unread] = []
    headings: list[str] = []
    for line in text.splitlines():
        seen = without_direction_marks(line).translate(_QUOTES)
        seen = _MAILTO.sub("", _BULLET.sub("", seen)).strip()
        if not seen:
            if without_direction_marks(line).strip():
                unread.append(Unread(line, Why.NAME))
            continue
        if "@" not in seen and columns.are_headings(columns.split(seen)):
            headings.append(line)
            continue
        try:
            people.extend(_read_line(seen))
        except _Unreadable as problem:
            unread.append(Unread(line, problem.why))
    return Reading(tuple(people), tuple(unread), tuple(headings))


def _read_line(line: str) -> list[Person]:
    """All the people of the line. Raises _Unreadable when any part of it makes no sense."""
    if "://" in line:
        raise _Unreadable(Why.LINK)
    if not (found := _addresses(line)):
        people = [Person(_name([cell])) for cell in columns.split(line) if cell.strip(_EDGES)]
        if not people:
            raise _Unreadable(Why.NAME)
        return people
    if len(found) == 1:
        return [_addressed(line[: found[0].start], line[found[0].end :], found[0].email)]
    return list(_several(line, found))


def _addresses(line: str) -> list[_Found]:
    """The addresses of the line, one that is said twice in a row ("a@b.org <a@b.org>") once."""
    found: list[_Found] = []
    for run in _RUN.finditer(line):
        if "@" not in run[0]:
            continue
        email = _bare(run[0])
        if "|" in email:  # some table's column, though an address may hold one
            raise _Unreadable(Why.COLUMNS)
        if (
            email.startswith(("{", "}"))
            or not is_address(email)
            or not _stands_alone(line, run.start(), run.end())
        ):
            raise _Unreadable(Why.ADDRESS)
        if found and found[-1].email.casefold() == email.casefold():
            found[-1] = _Found(email, found[-1].start, run.end())
        else:
            found.append(_Found(email, run.start(), run.end()))
    return found


def _bare(run: str) -> str:
    if run.startswith("{") and run.rstrip(_CLOSING).endswith("}"):
        run = run.rstrip(_CLOSING)[1:-1]
    return run.lstrip(_OPENING).rstrip(_CLOSING)


def _stands_alone(line: str, start: int, end: int) -> bool:
    """Whether nothing touches it that could have been part of an address: "a"b@example.com."""
    before = line[start - 1] if start else " "
    if before == '"':
        before = line[start - 2] if start > 1 else " "
        if end >= len(line) or line[end] != '"':
            return False
        if not (before.isspace() or before in ",;:<("):
            return False
    if before in ">)]":
        return False
    return bool(_ENDED.match(line, end)) and not _goes_on(line, end)


def _goes_on(line: str, end: int) -> bool:
    """Whether a comma was typed for a dot: ben@example,com and ben@example.co,uk are nobody's columns."""
    after = re.compile(r"[,;]([A-Za-z]{2,4})(?![^\s,;<>\"])").match(line, end)
    return bool(after and names.is_link(f"example.{after[1]}") and after[1].islower())


def _several(line: str, found: list[_Found]) -> Iterator[Person]:
    """Cuts "Ben <b@x.org>, Ana <a@x.org>" and "b@x.org Ben; a@x.org Ana" into one text for each address.

    A name belongs to the address in the same cell, or else to the one after it, as in a mail header.
    """
    cuts = _cuts(line, found)
    if cuts is None:
        starts = [0, *(address.end for address in found[:-1])]
        if line[found[-1].end :].strip(_EDGES):
            raise _Unreadable(Why.COLUMNS)
        cuts = [(start, address.start) for start, address in zip(starts, found, strict=True)]
        first_is_bare = not line[: found[0].start].strip(_EDGES)
        for (start, end), address in zip(cuts, found, strict=True):
            text = line[start:end]
            named = bool(text.strip(_EDGES))
            if first_is_bare and named and not text.rstrip().endswith(("<", "(")):
                raise _Unreadable(Why.COLUMNS)  # whose name it is, nobody can say
            yield _addressed(text.lstrip(">)]}\"'.,; \t") if start else text, "", address.email)
        return
    for (start, end), address in zip(cuts, found, strict=True):
        yield _addressed(line[start : address.start], line[address.end : end], address.email)


def _cuts(line: str, found: list[_Found]) -> list[tuple[int, int]] | None:
    """Where ";" or "," separate the addresses one by one, or None where neither does."""
    for separator in ";,":
        ends = [
            at.start() for at in re.finditer(rf'"[^"]*"|{separator}', line) if at[0] == separator
        ]
        starts = [0, *(end + 1 for end in ends)]
        parts = [
            part
            for part in zip(starts, [*ends, len(line)], strict=True)
            if line[slice(*part)].strip(_EDGES)
        ]
        if len(parts) == len(found) and all(
            start <= address.start and address.end <= end
            for (start, end), address in zip(parts, found, strict=True)
        ):
            return parts
    return None


def _addressed(before: str, after: str, email: str) -> Person:
    """Somebody whose address stands between two texts, one of which may hold the name."""
    is_angled = before.rstrip().endswith("<")
    cells = [*columns.split(before), *columns.split(after)]
    cells = [cell for each in cells if (cell := columns.without_label(each)).strip(_EDGES)]
    cells = [cell for cell in cells if not columns.is_heading(cell.strip(_EDGES))]
    if is_angled and len(cells) > 1 and not after.strip(_EDGES):
        whole = names.reordered(", ".join(_one_cell(cell) for cell in cells))
        if not whole:
            raise _Unreadable(Why.COLUMNS)
        cells = [whole]
    return Person(_name(cells) if cells else _name_from(email), email)


def _name(cells: list[str]) -> str:
    """The name that is written in one cell, or first and last in two. Raises _Unreadable."""
    if len(cells) > 2 or (len(cells) == 2 and not all(map(names.has_letters, cells))):
        raise _Unreadable(Why.COLUMNS)
    name = " ".join(_one_cell(cell) for cell in cells)
    if columns.is_heading(name) or not name or not names.has_letters(name):
        raise _Unreadable(Why.NUMBER if names.is_number(name) else Why.NAME)
    if len(name) > NAME_LENGTH_MAX:
        raise _Unreadable(Why.LONG)
    if names.is_address_in_words(name):
        raise _Unreadable(Why.AT)
    if names.is_link(name):
        raise _Unreadable(Why.AT if re.search(r"\sat\s", name) else Why.LINK)
    if names.is_number(name):
        raise _Unreadable(Why.NUMBER)
    if not name.isprintable() or re.search(r"[<>\[\]{}|\\^:]", name):
        raise _Unreadable(Why.NAME)
    return name


def _one_cell(cell: str) -> str:
    """The cell without quotes and brackets around it; "Okafor, Ben" in the order in which it is said."""
    if "," in cell and '"' in cell and (whole := names.reordered(_BRACKETS.sub(" ", cell))):
        return in_one_line(whole)
    text = in_one_line(_BRACKETS.sub(" ", cell))
    return text.rstrip(" \t\"'\u2018\u2019,;:=\u2013\u2014-").lstrip(_EDGES)


def _name_from(email: str) -> str:
    """ben.miller+fun@example.com -> Ben Miller: a start that the sender can put right."""
    local = email.partition("@")[0].partition("+")[0]
    words = [word for word in re.split(r"[._\-\d]+", local) if word]
    name = " ".join(word[:1].upper() + word[1:] for word in words) or local
    return name[:NAME_LENGTH_MAX]
