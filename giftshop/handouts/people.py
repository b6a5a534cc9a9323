"""The people of a list, read line by line, and which of them get something: a dry run writes nothing.

Names and addresses are read as senders paste them (giftshop/friends/parse.py). A line is a row that JSON can
keep: {"row": 3, "text": "as it was given", "name": "Ben", "email": "ben@example.com", "why": ""}.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brands.models import Brand
from core.forms.version import version_of
from giftshop.delivery.models import Suppression
from giftshop.friends import columns
from giftshop.friends.addresses import mailbox
from giftshop.friends.parse import Why, read_lines
from giftshop.offers.models import Offer
from giftshop.offers.use import Given, had_already

LINES_MAX = 2_000
TEXT_LENGTH_MAX = 200_000
SHOWN_LENGTH_MAX = 200
"""Of a line as it was given, which its page shows."""
NO_ADDRESS = "no_address"
_NAME_HEADING = re.compile(r"name|nombre|apellido", re.IGNORECASE)

Row = dict[str, Any]


class Verdict(models.TextChoices):
    GETS_ONE = "gets_one", gettext_lazy("Gets one")
    WRONG = "wrong", gettext_lazy("Can't be read")
    DOUBLE = "double", gettext_lazy("Twice on the list")
    STOPPED = "stopped", gettext_lazy("Wants no mail from you")
    HAD = "had", gettext_lazy("Had one already")


@dataclass(frozen=True)
class Line:
    row: int
    text: str
    name: str
    email: str
    verdict: Verdict
    why: str = ""
    """Of one that can't be read, in words."""


@dataclass(frozen=True)
class DryRun:
    lines: Sequence[Line]
    given: Given | None
    """What each gets by now; None while it is not on the menu."""
    terms: str

    @property
    def people(self) -> list[Line]:
        """Those who get one."""
        return [line for line in self.lines if line.verdict == Verdict.GETS_ONE]

    @property
    def counts(self) -> dict[Verdict, int]:
        found = dict.fromkeys(Verdict, 0)
        for line in self.lines:
            found[line.verdict] += 1
        return found

    @property
    def cost(self) -> int:
        """At most, minor units."""
        return len(self.people) * (self.given.cost if self.given else 0)

    @property
    def version(self) -> str:
        """Another one once other people would get one, or something else."""
        people = [[line.name, line.email] for line in self.people]
        return version_of([people, self.given and self.given[:2], self.terms])


def typed(text: str) -> list[Row]:
    """Of what somebody typed or pasted, a person a line or several. Raises ValidationError."""
    return _within(_read(enumerate(text.splitlines(), start=1)))


def of_table(rows: Iterable[Sequence[Any]]) -> list[Row]:
    """Of a table's numbered rows, as giftshop.sheets reads them. Where its first row names columns, those of
    names and the first of addresses count, else all. Raises ValidationError."""
    numbered = [(number, [_text(cell) for cell in cells]) for number, cells in rows]
    wanted: list[int] | None = None
    if numbered and not any("@" in cell for cell in numbered[0][1]):
        header = numbered[0][1]
        emails = [at for at, cell in enumerate(header) if columns.is_email_heading(cell)]
        names = [at for at, cell in enumerate(header) if _NAME_HEADING.search(cell)]
        if emails:
            wanted = [*(at for at in names if at not in emails), emails[0]]
            numbered = numbered[1:]
    return _within(_read((number, _line(cells, wanted)) for number, cells in numbered))


def judge(rows: Sequence[Row], offer: Offer, brand: Brand, given: Given | None) -> DryRun:
    """Two queries. Expects the brand's scope."""
    addresses = [row["email"] for row in rows if row["email"]]
    stopped = {mailbox(each) for each in Suppression.objects.stopped(addresses, brand)}
    had = had_already(offer, {holder_of(each) for each in addresses})
    seen: set[str] = set()
    lines = []
    for row in rows:
        verdict, box = Verdict.GETS_ONE, mailbox(row["email"])
        if not row["email"]:
            verdict = Verdict.WRONG
        elif box in seen:
            verdict = Verdict.DOUBLE
        elif box in stopped:
            verdict = Verdict.STOPPED
        elif holder_of(row["email"]) in had:
            verdict = Verdict.HAD
        seen.add(box)
        why = _why(row["why"]) if verdict == Verdict.WRONG else ""
        lines.append(Line(row["row"], row["text"], row["name"], row["email"], verdict, why))
    return DryRun(lines, given, offer.terms)


def holder_of(address: str) -> str:
    """By which somebody is known to the offer, however their address is spelled."""
    return f"address:{mailbox(address)}"


def _read(lines: Iterable[tuple[int, str]]) -> Iterator[Row]:
    for number, text in lines:
        found = read_lines(text)
        shown = text.strip()[:SHOWN_LENGTH_MAX]
        for person in found.people:
            why = "" if person.email else NO_ADDRESS
            yield {
                "row": number,
                "text": shown,
                "name": person.name,
                "email": person.email,
                "why": why,
            }
        for unread in found.unread:
            yield {
                "row": number,
                "text": shown,
                "name": "",
                "email": "",
                "why": str(unread.why.value),
            }


def _within(rows: Iterator[Row]) -> list[Row]:
    found: list[Row] = []
    for row in rows:
        found.append(row)
        if len(found) > LINES_MAX:
            raise ValidationError(
                _("A list has %(most)d people at most. Make two of it.") % {"most": LINES_MAX}
            )
    if not found:
        raise ValidationError(_("There is nobody on this list."))
    return found


def _line(cells: Sequence[str], wanted: Sequence[int] | None) -> str:
    """As somebody would paste it: each cell whole, since commas part cells there."""
    kept = cells if wanted is None else [cells[at] for at in wanted if at < len(cells)]
    return "\t".join(f'"{cell}"' if "," in cell or ";" in cell else cell for cell in kept if cell)


def _text(cell: Any) -> str:
    """On one line, without quotes."""
    if isinstance(cell, dict):
        cell = cell.get("number", "")
    return " ".join(str(cell).replace('"', " ").split())


def _why(word: str) -> str:
    if word == NO_ADDRESS:
        return _("there is no e-mail address here")
    return str(dict(Why.choices).get(word, word))
