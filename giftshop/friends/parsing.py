"""Reads friends out of what people paste: an address book line, a mail header, a plain list of names.

Pure functions. They never raise and never lose a line: each line that is not blank either becomes
people or is handed back as it was, so that the page can keep it in the box.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

NAME_LENGTH_MAX = 60
EMAIL_LENGTH_MAX = 254

_BULLET = re.compile(r"^\s*(?:[-*+•·\u2013\u2014▪◦‣]|\d{1,3}[.)])\s+")
_IN_ADDRESS = r"[^\s<>,;()\[\]\"'“”„«»:]"
# Looked for only where a run of such symbols begins: from each of them would cost the square of its length.
_ADDRESS = re.compile(rf"(?<!{_IN_ADDRESS}){_IN_ADDRESS}+@{_IN_ADDRESS}+")
_NOT_A_NAME = re.compile(r"[@<>\[\]{}|\\^]|://|^\W*$")
_EDGES = " \t\"'“”„«»\u2018\u2019,;:()<>"
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u200e\u200f\u202a\u202c"), None)


@dataclass(frozen=True)
class Person:
    """Somebody to give to. No e-mail: the sender passes the link on."""

    name: str
    email: str = ""


@dataclass(frozen=True)
class Reading:
    people: tuple[Person, ...]
    unread: tuple[str, ...]
    """The lines nobody could make sense of, exactly as they were given."""


def read_lines(text: str) -> Reading:
    """ "Ben <ben@example.com>", "ben@example.com, Ben", "Ben", one or several to a line."""
    people: list[Person] = []
    unread: list[str] = []
    for line in text.splitlines():
        if not line.translate(_INVISIBLE).strip():
            continue
        found = _read_line(_BULLET.sub("", line.translate(_INVISIBLE)).strip())
        if found:
            people.extend(found)
        else:
            unread.append(line)
    return Reading(tuple(people), tuple(unread))


def is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= EMAIL_LENGTH_MAX


def _read_line(line: str) -> list[Person]:
    """All the people of the line, or nobody when any part of it makes no sense."""
    line = re.sub(r"(?i)\bmailto:", "", line)
    addresses = list(_ADDRESS.finditer(line))
    if not addresses:
        people = [_named(part) for part in re.split(r"[,;\t]", line) if part.strip(_EDGES)]
    elif len(addresses) == 1:
        people = [_addressed(line, addresses[0][0])]
    else:
        people = [_read_one(part) for part in _parts(line, addresses)]
    found = [person for person in people if person is not None]
    return found if len(found) == len(people) else []


def _read_one(part: str) -> Person | None:
    addresses = _ADDRESS.findall(part)
    return _addressed(part, addresses[0]) if len(addresses) == 1 else None


def _parts(line: str, addresses: list[re.Match[str]]) -> Iterator[str]:
    """Cuts "Ben <b@x.org>, Ana <a@x.org>" into one text for each address, names and all.

    A name belongs to the address after it, as in a mail header, unless the line starts with an
    address that has a name behind it ("b@x.org Ben; a@x.org Ana").
    """
    if ";" in line and all(len(_ADDRESS.findall(part)) == 1 for part in _filled(line.split(";"))):
        yield from _filled(line.split(";"))
        return
    end = 0
    for address in addresses:
        yield f"{line[end : address.start()].lstrip('>)]')} {address[0]}"
        end = address.end()
    rest = line[end:].lstrip(">)]")
    if rest.strip(_EDGES):
        yield rest


def _filled(parts: list[str]) -> list[str]:
    return [part for part in parts if part.strip(_EDGES)]


def _addressed(text: str, address: str) -> Person | None:
    email = address.strip(_EDGES + ".")
    name = _tidy(text.replace(address, " ", 1))
    if not is_email(email):
        return None
    if not name:
        return Person(_name_from(email), email)
    return Person(name, email) if _is_name(name) else None


def _named(text: str) -> Person | None:
    name = _tidy(text)
    return Person(name) if _is_name(name) else None


def _tidy(text: str) -> str:
    text = re.sub(r"[<>()\[\]\"“”„«»;\t]|\s,|,\s|^,|,$", " ", text)
    words = text.split()
    if len(words) > 1 and not words[-1].strip("."):
        words.pop()  # a full stop that stands alone
    return " ".join(words).strip(_EDGES + "-\u2013\u2014=")


def _is_name(text: str) -> bool:
    return 0 < len(text) <= NAME_LENGTH_MAX and text.isprintable() and not _NOT_A_NAME.search(text)


def _name_from(email: str) -> str:
    """ben.miller+fun@example.com -> Ben Miller: a start that the sender can put right."""
    local = email.partition("@")[0].partition("+")[0]
    words = [word for word in re.split(r"[._\-\d]+", local) if word]
    name = " ".join(word[:1].upper() + word[1:] for word in words) or local
    return name[:NAME_LENGTH_MAX]
