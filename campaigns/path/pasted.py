"""Rows that somebody copied from a spreadsheet or a CSV file, looked at line by line before they are kept.

The first line names the columns, in any order: Link, Day, Likes, Comments, Shares, Cost, in English or in the
reader's language. A link is named as the studio names it, or by its address. How days and amounts are
written: cells.py. Belongs inside the brand's scope.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Campaign, Link, LinkDay
from campaigns.path import cells, link_days
from campaigns.path.forms import wrong_count, wrong_day
from core.forms.version import version_of

LINES_MAX = 500
COLUMNS = {
    "link": gettext_lazy("Link"),
    "day": gettext_lazy("Day"),
    "likes": gettext_lazy("Likes"),
    "comments": gettext_lazy("Comments"),
    "shares": gettext_lazy("Shares"),
    "cost": gettext_lazy("Cost"),
}


class State(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass
class Line:
    number: int
    cells: list[str]
    """As they were typed, for the page."""
    state: State = State.REFUSED
    problems: list[str] = field(default_factory=list)
    link: Link | None = None
    day: date | None = None
    said: dict[str, int | None] = field(default_factory=dict)

    @property
    def is_kept(self) -> bool:
        return self.state in (State.NEW, State.CHANGED)


@dataclass(frozen=True)
class Plan:
    lines: list[Line]
    version: str
    """Of what is kept of these links and days."""

    def count(self, *states: State) -> int:
        return sum(line.state in states for line in self.lines)

    @property
    def kept(self) -> int:
        """How many would be written."""
        return self.count(State.NEW, State.CHANGED)

    @property
    def refused(self) -> int:
        return self.count(State.REFUSED)

    @property
    def unchanged(self) -> int:
        return self.count(State.UNCHANGED)


def read(text: str, *, campaign: Campaign, today: date) -> Plan:
    """Two queries. Raises ValidationError where no line can be read at all."""
    rows = list(_rows(text))
    if not rows:
        raise ValidationError(_("There is nothing in it."))
    (_first, header), *body = rows
    places = _places(header)
    if not body:
        raise ValidationError(_("Below the names of the columns there is no line."))
    if len(body) > LINES_MAX:
        raise ValidationError(
            _("That is more than %(most)s lines. Make two of it.") % {"most": LINES_MAX}
        )
    links = _links_of(campaign)
    at = places["day"]
    order = cells.day_order(row[at] for _number, row in body if at < len(row))
    lines = [
        _line(number, row, places, links=links, campaign=campaign, today=today, order=order)
        for number, row in body
    ]
    kept = _kept(lines)
    seen: dict[tuple[object, date], int] = {}
    for line in lines:
        if line.link is None or line.day is None or line.problems:
            continue
        key = (line.link.pk, line.day)
        if key in seen:
            line.problems.append(
                _("The same link and day as in line %(line)s.") % {"line": seen[key]}
            )
            continue
        seen[key] = line.number
        before = kept.get(key, link_days.NOTHING)
        line.said = {**before, **line.said}
        line.state = (
            State.UNCHANGED
            if line.said == before
            else State.NEW
            if before == link_days.NOTHING
            else State.CHANGED
        )
    told = [[str(link), day, said] for (link, day), said in kept.items()]
    return Plan(lines, version_of(sorted(told, key=str)))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """With their number, without empty ones. A tab is what spreadsheets copy."""
    text = text.lstrip("\ufeff")
    first = next(filter(str.strip, io.StringIO(text)), "")
    separator = max("\t;,", key=first.count)
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=separator), start=1
        ):
            tidy = [cell.strip() for cell in row]
            if any(tidy):
                yield number, tidy
    except csv.Error:
        raise ValidationError(_("A quotation mark is opened and never closed.")) from None


def _places(header: list[str]) -> dict[str, int]:
    """Where each column stands."""
    names = {str(label).casefold(): name for name, label in COLUMNS.items()}
    names |= {name: name for name in COLUMNS}
    known = [names.get(cell.casefold(), "") for cell in header]
    places = {name: at for at, name in reversed(list(enumerate(known))) if name}
    missing = [str(COLUMNS[name]) for name in ("link", "day") if name not in places]
    if missing or not set(places) - {"link", "day"}:
        wanted = ", ".join(str(label) for label in COLUMNS.values())
        raise ValidationError(
            _("The first line has to name the columns: %(wanted)s.") % {"wanted": wanted}
        )
    return places


def _links_of(campaign: Campaign) -> dict[str, Link]:
    """By name and by the end of their address."""
    found: dict[str, Link] = {}
    for link in campaign.links.select_related("campaign__brand"):
        found[link.slug.casefold()] = link
        found[link.name.casefold()] = link
    return found


def _line(
    number: int,
    row: list[str],
    places: dict[str, int],
    *,
    links: dict[str, Link],
    campaign: Campaign,
    today: date,
    order: cells.DayOrder | None,
) -> Line:
    told = {name: row[at] if at < len(row) else "" for name, at in places.items()}
    line = Line(number, [told.get(name, "")[:120] for name in COLUMNS])
    named = told["link"].rstrip("/").rpartition("/")[2] if "/l/" in told["link"] else told["link"]
    line.link = links.get(named.casefold())
    if line.link is None:
        line.problems.append(_("This campaign has no link of that name."))
    try:
        line.day = cells.day(told["day"], order)
    except ValidationError as error:
        line.problems += error.messages
    else:
        wrong = wrong_day(line.day, today)
        line.problems += [wrong] if wrong else []
    for name in link_days.SAID:
        if not told.get(name):
            continue  # what is empty says nothing: it takes nothing away
        try:
            value = (
                cells.amount(told[name], campaign.brand.currency)
                if name == "cost"
                else cells.count(told[name])
            )
        except ValidationError as error:
            line.problems += [f"{COLUMNS[name]}: {each}" for each in error.messages]
            continue
        if name != "cost" and (odd := wrong_count(value)):
            line.problems.append(f"{COLUMNS[name]}: {odd}")
        line.said[name] = value
    if not line.problems and not line.said:
        line.problems.append(_("It says nothing but its day."))
    return line


def _kept(lines: list[Line]) -> dict[tuple[object, date], dict[str, int | None]]:
    """What is kept of the links and days that they name."""
    links = {line.link.pk for line in lines if line.link}
    days = {line.day for line in lines if line.day}
    rows = LinkDay.objects.filter(link__in=links, day__in=days).values(
        "link_id", "day", *link_days.SAID
    )
    return {
        (row["link_id"], row["day"]): {name: row[name] for name in link_days.SAID} for row in rows
    }
