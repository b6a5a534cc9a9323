"""What was answered, by side and by whether they came before; hidden where it would show single people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db.models import Count

from campaigns.reasons.gap import FEW, Tally, tally
from giftshop.reasons.models import Answer, Round

WHO = {"senders": Answer.Side.SENDER, "recipients": Answer.Side.RECIPIENT}
WHEN = {"first": False, "returning": True}


@dataclass(frozen=True)
class Group:
    """Of whom a page tells: words of its address, each empty for everybody."""

    who: str = ""
    when: str = ""

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> "Group":
        """What it can't mean, means everybody."""
        who, when = query.get("who", ""), query.get("when", "")
        return cls(who if who in WHO else "", when if when in WHEN else "")

    def holds(self, side: str, is_returning: bool | None) -> bool:
        return (not self.who or WHO[self.who] == side) and (
            not self.when or WHEN[self.when] is is_returning
        )

    def around(self) -> Iterator["Group"]:
        """Itself, and the groups that it is a part of."""
        for who, when in product({self.who, ""}, {self.when, ""}):
            yield Group(who, when)


@dataclass(frozen=True)
class Gap:
    """`round`: the newest in which somebody of the team said anything. `n`: how many of the group answered,
    also where `answers` is empty because it is hidden."""

    round: Round | None
    belief: Tally
    answers: Tally
    n: int

    @property
    def is_hidden(self) -> bool:
        return self.answers.n < self.n


Row = tuple[str, bool | None, tuple[str, str, str], int]
NOBODY = tally([])


def read(group: Group) -> Gap:
    """Expects the brand's scope. Three queries."""
    latest = Round.objects.filter(answers__isnull=False).order_by("-opened_on").first()
    belief = _counted(Answer.objects.filter(round=latest)) if latest else []
    said = _counted(Answer.objects.filter(side__in=[each.value for each in WHO.values()]))
    n = _size(group, said)
    answers = tally((ranks, many) for side, when, ranks, many in said if group.holds(side, when))
    return Gap(
        latest,
        tally((ranks, many) for _side, _when, ranks, many in belief),
        NOBODY if is_hidden(group, said) else answers,
        n,
    )


def is_hidden(group: Group, said: list[Row]) -> bool:
    """Under five, or told by what is left of a larger group that is shown."""
    n = _size(group, said)
    rest = [_size(each, said) - n for each in group.around()]
    return n < FEW or any(0 < each < FEW for each in rest)


def _size(group: Group, said: list[Row]) -> int:
    return sum(many for side, when, _ranks, many in said if group.holds(side, when))


def _counted(answers: Any) -> list[Row]:
    keys = ("side", "is_returning", "first", "second", "third")
    rows = answers.order_by().values_list(*keys).annotate(many=Count("pk"))
    return [(side, when, ranks, many) for side, when, *ranks, many in rows]
