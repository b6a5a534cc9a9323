"""The one sentence above belief and answers: only what the intervals bear."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaigns.dashboard.number_formats import number
from campaigns.reasons.gap import FEW, Place, Tally, places
from giftshop.reasons.models import Reason


@dataclass(frozen=True)
class Claim:
    """The team put `believed` first; `count` of the `n` who answered named `said`, clearly more than named
    what the team believes or, where that is the same, than named any other."""

    believed: Reason
    said: Reason
    count: int
    n: int


def claim(belief: Tally, answers: Tally) -> Claim | None:
    """None where the team put no one reason first, where few have answered, or where it may be chance."""
    believed, said = _first(places(belief)), places(answers)
    if believed is None or answers.n < FEW:
        return None
    said_first = _first(said)
    if said_first is None:
        return None
    others = [place for reason, place in said.items() if reason != said_first]
    rivals = others if said_first == believed else [said[believed]]
    top = said[said_first]
    if top.count < FEW or not all(_is_clearly_less(each, top) for each in rivals):
        return None
    return Claim(believed, said_first, top.count, top.n)


def in_words(found: Claim) -> str:
    told = {
        "believed": found.believed.label,
        "said": found.said.label,
        "count": number(found.count),
        "n": number(found.n),
    }
    if found.believed == found.said:
        return _("You said “%(believed)s”, and so did %(count)s of %(n)s.") % told
    return _("You said “%(believed)s”. %(count)s of %(n)s said “%(said)s”.") % told


def _first(of: dict[Reason, Place]) -> Reason | None:
    """That alone has the first rank."""
    first = [reason for reason, place in of.items() if place.rank == 1]
    return first[0] if len(first) == 1 else None


def _is_clearly_less(one: Place, top: Place) -> bool:
    return one.interval[1] < top.interval[0]
