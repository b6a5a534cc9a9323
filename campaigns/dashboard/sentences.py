"""What the figures say, in words: the subtitle under each question. None means: cannot tell yet.

An answer claims no more than the counts can bear. Two counts differ when their difference is more than
twice its standard error, taken as the root of their sum (counts of independent people): below that the
page says that they are close.
"""

from math import sqrt
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.dashboard.figures import Figures
from campaigns.dashboard.number_formats import number, share
from campaigns.dashboard.queries import LinkRow, Ranking, StoreRow
from core.bidi import isolated

ENOUGH = 10
"""Fewer redeemed gifts than this, and no share of them means anything."""


Row = TypeVar("Row", StoreRow, LinkRow)


def clearly_more(more: int, less: int) -> bool:
    """Is the first count larger for a reason, or by luck?"""
    return more - less > 2 * sqrt(more + less)


def reached_a_store(figures: Figures) -> str | None:
    """How many gifts reached a store? Of those sold in these days, so far; and in these days, whenever they
    were sold. The two speak of different gifts and are never divided by one another."""
    if figures.sold <= 0 and figures.redeemed <= 0:
        return None
    return f"{_of_those_sold(figures)} {_in_these_days(figures)}"


def _of_those_sold(figures: Figures) -> str:
    sold, redeemed = figures.sold, figures.redeemed_of_sold
    if sold <= 0:
        return _("No gift was sold in these days.")
    words = ngettext(
        "Sold in these days: %(sold)s, so far %(redeemed)s of it redeemed.",
        "Sold in these days: %(sold)s, so far %(redeemed)s of them redeemed (%(share)s).",
        sold,
    )
    if 1 < sold < ENOUGH:
        words = _("Sold in these days: %(sold)s, so far %(redeemed)s of them redeemed.")
    told = {
        "sold": number(sold),
        "redeemed": number(redeemed),
        "share": share(redeemed / sold),
    }
    return f"{words % told} {_taken_back(figures)}".rstrip()


def _taken_back(figures: Figures) -> str:
    """Of those sold; empty where none was."""
    back = figures.taken_back_of_sold
    words = ngettext(
        "%(count)s of them was taken back.", "%(count)s of them were taken back.", max(back, 0)
    )
    return words % {"count": number(back)} if back > 0 else ""


def _in_these_days(figures: Figures) -> str:
    told = {"redeemed": number(figures.redeemed), "given": number(figures.given_away)}
    if figures.given_away > 0:
        words = _(
            "Redeemed in these days: %(redeemed)s, whenever they were sold; %(given)s of them were "
            "promotional or goodwill gifts."
        )
    else:
        words = _("Redeemed in these days: %(redeemed)s, whenever they were sold.")
    return words % told


def _that_redeemed(ranking: Ranking[Row]) -> list[Row]:
    """From its top, which is all that is compared."""
    return [row for row in ranking.rows if row.figures.redeemed > 0]


def busiest_store(stores: Ranking[StoreRow]) -> str | None:
    """Where were they enjoyed?"""
    seen, together = _that_redeemed(stores), stores.redeemed
    if together < ENOUGH:
        return None
    first = seen[0]
    part = share(first.figures.redeemed / together)
    if len(seen) == 1:
        return _("All of them at %(store)s.") % {"store": isolated(first.store.name)}
    if clearly_more(first.figures.redeemed, seen[1].figures.redeemed):
        return _("%(store)s handed over most: %(share)s of them.") % {
            "store": isolated(first.store.name),
            "share": part,
        }
    return _("%(first)s and %(second)s are close; neither is clearly ahead.") % {
        "first": isolated(first.store.name),
        "second": isolated(seen[1].store.name),
    }


def best_link(links: Ranking[LinkRow]) -> str | None:
    """Which link brought people to a store?"""
    seen, together = _that_redeemed(links), links.redeemed
    if together < ENOUGH:
        return None
    first, others = seen[0], seen[1:]
    if not others or clearly_more(first.figures.redeemed, others[0].figures.redeemed):
        return _("%(link)s: %(count)s gifts redeemed, %(share)s of all that came by a link.") % {
            "link": isolated(first.link.name),
            "count": number(first.figures.redeemed),
            "share": share(first.figures.redeemed / together),
        }
    return _("%(first)s and %(second)s are close; the difference may be luck.") % {
        "first": isolated(first.link.name),
        "second": isolated(others[0].link.name),
    }


def how_far(figures: Figures) -> str | None:
    """How far do the gifts get that were sold in these days?"""
    if figures.sold < ENOUGH:
        return None
    steps = (
        (figures.sold - figures.delivered, _("on their way to a friend")),
        (figures.delivered - figures.opened, _("delivered but not opened yet")),
        (figures.opened - figures.redeemed_of_sold, _("opened but not redeemed yet")),
    )
    (waiting, where), (next_most, _where), *_rest = sorted(
        steps, key=lambda step: step[0], reverse=True
    )
    if waiting <= 0:
        return _("Nearly every gift has made its way to a store.")
    if (
        back := figures.taken_back_of_sold
    ):  # they wait no more, and nobody knows how far they had come
        is_sure = waiting - back > max(next_most, 0)
        return (
            _("Most of those still waiting are %(where)s.") % {"where": where} if is_sure else None
        )
    return _("Most of those still waiting are %(where)s: %(count)s.") % {
        "where": where,
        "count": number(waiting),
    }
