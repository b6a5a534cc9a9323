"""The recipients of a draft as rows of plain text, each with a key that stays with it.

Two tabs may show different sets of rows: what a form sends is put over the rows it names, the others
stay, and only an explicit removal takes one away.
"""

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from giftshop.friends import salutation
from giftshop.friends.masks import mask
from giftshop.friends.parse import Person
from giftshop.orders.models import RECIPIENTS_MAX, Gift

Row = dict[str, Any]
KEY = re.compile(r"[0-9a-f]{8}")
ROWS_AT_FIRST = 2  # the heart of it: two recipients or more
ROWS_MAX = RECIPIENTS_MAX + 5  # room for rows still empty; more than this is not a form of ours


def new_row(person: Person | None = None) -> Row:
    row: Row = {"key": secrets.token_hex(4), "name": "", "email": "", "phone": "", "by_link": ""}
    return fill(row, person) if person else row


def reply_row(gift: Gift) -> Row:
    """For whoever sent the gift: by name, at an address that the row only hints at."""
    sender = gift.order
    reply = {
        "gift": str(gift.pk),
        "name": salutation.short_name(sender.sender_name),
        "address": mask(sender.sender_email),
    }
    return {**new_row(), "name": sender.sender_name, "reply": reply}


def answered(row: Row) -> str:
    """The id of the gift whose sender the row goes to at their own address, or nothing."""
    is_told = (row.get("email") or "").strip() or row.get("by_link") or is_texted(row)
    return "" if is_told else str(row.get("reply", {}).get("gift", ""))


def fill(row: Row, person: Person) -> Row:
    row.update(name=person.name, email=person.email, by_link="" if person.email else "on")
    return row


def is_texted(row: Row) -> bool:
    """Whether its gift goes to a number, as a text message or by WhatsApp. Where the shop sends none, nobody
    is asked for a way."""
    return row.get("way") in ("text", "whatsapp") and not row.get("by_link")


def is_empty(row: Row) -> bool:
    told = (row.get(name) for name in ("name", "email", "phone"))
    return not any((text or "").strip() for text in told)


def filled(rows: Iterable[Row]) -> list[Row]:
    """Those that stand for somebody; empty rows are only paper."""
    return [row for row in rows if not is_empty(row)]


def identity(row: Row) -> tuple[str, str]:
    """Two rows with the same one are the same recipient twice."""
    name = " ".join((row.get("name") or "").split()).casefold()
    if is_texted(row):
        return name, re.sub(r"[^\d+]", "", row.get("phone") or "")
    return name, "" if row.get("by_link") else (row.get("email") or "").strip().casefold()


def repeated(rows: Sequence[Row]) -> list[Row]:
    """Rows that say the same name and address as one before them. Two link gifts may share a name:
    only the sender knows the people apart."""
    seen: set[tuple[str, str]] = set()
    return [row for row in filled(rows) if identity(row)[1] and _was_there(seen, identity(row))]


def sharing_an_address(rows: Sequence[Row]) -> list[Row]:
    """Rows under another name whose address an earlier row has: a couple perhaps, or a slip."""
    seen: set[str] = set()
    again = repeated(rows)
    return [
        row
        for row in filled(rows)
        if identity(row)[1]
        and not is_texted(row)
        and row not in again
        and _was_there(seen, identity(row)[1])
    ]


def _was_there(seen: set[Any], item: Any) -> bool:
    known = item in seen
    seen.add(item)
    return known


def put_over(rows: list[Row], sent: Iterable[Row]) -> None:
    """Rows of a form replace those with their key; unknown ones are added at the end."""
    by_key = {row["key"]: row for row in rows}
    for row in sent:
        if row["key"] in by_key:
            by_key[row["key"]].update(row)
        elif len(rows) < ROWS_MAX:
            rows.append({**new_row(), **row})


def without(rows: list[Row], keys: Iterable[str]) -> list[Row]:
    gone = set(keys)
    return [row for row in rows if row["key"] not in gone]


def welcome(rows: list[Row], people: Iterable[Person]) -> Iterator[Person]:
    """Seat people in empty rows, then in new ones. Yields those for whom there is no room.

    Somebody who is there already is not added again.
    """
    known = {identity(row) for row in filled(rows)}
    for person in people:
        who = identity({"name": person.name, "email": person.email})
        if person.email and who in known:
            continue
        if len(filled(rows)) >= RECIPIENTS_MAX:
            yield person
            continue
        known.add(who)
        empty = next((row for row in rows if is_empty(row)), None)
        if empty is None:
            rows.append(new_row(person))
        else:
            fill(empty, person)
