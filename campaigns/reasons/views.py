"""What the team believes beside what senders and recipients say: a page, and the same as a table."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from campaigns.dashboard import files
from campaigns.dashboard.number_formats import share
from campaigns.reasons import gap as gaps
from campaigns.reasons import sentence
from campaigns.reasons.gap import Place, Row
from campaigns.reasons.read import Gap, Group, read
from core import csv_export
from giftshop.accounts.access import BrandRequest, member_of_brand
from giftshop.accounts.permissions import Permission

HEADER = (
    *("reason", "team_rank", "team_count", "team_n", "team_percent"),
    *(
        "answers_rank",
        "answers_count",
        "answers_n",
        "answers_percent",
        "from_percent",
        "to_percent",
    ),
    *("places_higher", "points_more"),
    *("study_consumers_percent", "verified", "study_businesses_percent", "verified"),
)


@dataclass(frozen=True)
class Bar:
    """One side of a row: in words, and drawn in hundredths."""

    place: Place
    study: int
    study_verified: bool

    @property
    def width(self) -> int:
        return round(100 * self.place.share)

    @property
    def low(self) -> int:
        return round(100 * self.place.interval[0])

    @property
    def high(self) -> int:
        return round(100 * self.place.interval[1])

    @property
    def study_share(self) -> float:
        return self.study / 100

    @property
    def between(self) -> str:
        low, high = self.place.interval
        return _("%(low)s to %(high)s") % {"low": share(low), "high": share(high)}


@dataclass(frozen=True)
class Shown:
    row: Row

    @property
    def belief(self) -> Bar | None:
        found, place = self.row.study, self.row.belief
        return Bar(place, found.businesses, found.businesses_verified) if place else None

    @property
    def answers(self) -> Bar | None:
        found, place = self.row.study, self.row.answers
        return Bar(place, found.consumers, found.consumers_verified) if place else None

    @property
    def places(self) -> str:
        """Of the team, against those who come; empty where one of them never named it."""
        higher = self.row.places_higher
        if higher is None:
            return ""
        if higher < 0:
            words = ngettext("%(n)s place lower", "%(n)s places lower", -higher)
        else:
            words = ngettext("%(n)s place higher", "%(n)s places higher", higher)
        return words % {"n": abs(higher)} if higher else _("the same place")

    @property
    def points(self) -> str:
        more = self.row.points_more or 0
        if more < 0:
            words = ngettext("%(n)s point less", "%(n)s points less", -more)
        else:
            words = ngettext("%(n)s point more", "%(n)s points more", more)
        return words % {"n": abs(more)} if more else _("the same share")


@require_safe
@member_of_brand(Permission.SEE_CAMPAIGNS)
def gap(request: BrandRequest) -> HttpResponse:
    """Three queries beside those of every studio page."""
    group = Group.asked(request.GET)
    found = read(group)
    claim = sentence.claim(found.belief, found.answers)
    context = {
        "brand": request.brand,
        "section": "reasons",
        "gap": found,
        "few": gaps.FEW,
        "sentence": claim and sentence.in_words(claim),
        "rows": [Shown(row) for row in gaps.rows(found.belief, found.answers)],
        "filters": _filters(group),
        "query": _query(group),
        "has_any": bool(found.belief.n or found.answers.n),
    }
    return render(request, "campaigns/reasons/gap.html", context)


@require_safe
@member_of_brand(Permission.SEE_CAMPAIGNS)
def gap_file(request: BrandRequest, kind: str) -> HttpResponse:
    """The same figures as a file, of the same group. Raises Http404 for a kind of file that there is not."""
    if kind not in files.TYPES:
        raise Http404
    group = Group.asked(request.GET)
    name = "-".join(["reasons", *filter(None, (group.who, group.when))])
    return files.download(kind, name, HEADER, cells(read(group)))


def cells(found: Gap) -> list[list[csv_export.Cell]]:
    """A line for each reason; empty where nothing is told."""
    return [_line(row) for row in gaps.rows(found.belief, found.answers)]


def _line(row: Row) -> list[csv_export.Cell]:
    between: list[csv_export.Cell] = ["", ""]
    if row.answers:
        between = [_percent(each) for each in row.answers.interval]
    study = row.study
    return [
        str(row.reason.label),
        *_of(row.belief),
        *_of(row.answers),
        *between,
        *("" if each is None else each for each in (row.places_higher, row.points_more)),
        *(study.consumers, _yes(study.consumers_verified)),
        *(study.businesses, _yes(study.businesses_verified)),
    ]


def _of(place: Place | None) -> list[csv_export.Cell]:
    if place is None:
        return ["", "", "", ""]
    return [place.rank if place.count else "", place.count, place.n, _percent(place.share)]


def _percent(part: float) -> Decimal:
    return round(Decimal(part) * 100, 1)


def _yes(verified: bool) -> str:
    return _("yes") if verified else _("no")


def _query(group: Group) -> str:
    said = {"who": group.who, "when": group.when}
    return urlencode({name: value for name, value in said.items() if value})


def _filters(group: Group) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Two rows of links: their words, the query they lead to, and which one is on."""
    who = {"": _("Everybody"), "senders": _("Senders"), "recipients": _("Recipients")}
    when = {"": _("Any time"), "first": _("First time"), "returning": _("Came before")}
    rows: list[Any] = [
        (
            _("Who"),
            [(word, _query(Group(key, group.when)), key == group.who) for key, word in who.items()],
        ),
        (
            _("When"),
            [
                (word, _query(Group(group.who, key)), key == group.when)
                for key, word in when.items()
            ],
        ),
    ]
    return rows
