"""How people engage: of those who connected at all, how many wrote, reacted, or only came by."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from brands.models import Brand
from campaigns.dashboard.period import Period
from campaigns.engagement.acts import Act, Days
from campaigns.engagement.kinds import LEVEL_OF, ORDER, Level
from campaigns.few import hidden, is_few
from campaigns.moments import moments_of

DAYS_MAX = 92
"""A quarter: more people than that are not read for one page."""


@dataclass(frozen=True)
class Engagement:
    """Of some days. Each person once, by the highest of their acts."""

    everybody: int
    """Senders, recipients and whoever did anything."""
    levels: dict[Level, int]
    acts: list[Act]
    """All, the newest first."""
    people: dict[str, Level]

    @property
    def connected(self) -> int:
        return sum(self.levels.values())

    @property
    def hidden(self) -> set[Level]:
        return hidden(self.levels)

    @property
    def is_few(self) -> bool:
        """Too few to say anything of."""
        return is_few(self.connected)

    @property
    def others_are_few(self) -> bool:
        """Of those who did not connect: then neither they nor their share are told."""
        return is_few(self.everybody - self.connected)

    def people_of(self, level: Level) -> list[list[Act]]:
        """Of each of these people what made them what they are: their acts of this level, the newest first.
        Who did something last comes first; whose a list is, is not in it."""
        found: dict[str, list[Act]] = {}
        for act in self.acts:
            if LEVEL_OF[act.kind] == level and self.people[act.person] == level:
                found.setdefault(act.person, []).append(act)
        return list(found.values())


def shown(period: Period) -> Period:
    """At most the last DAYS_MAX days of it."""
    if period.days <= DAYS_MAX:
        return period
    return Period(period.last - timedelta(days=DAYS_MAX - 1), period.last)


def of_days(brand: Brand, period: Period) -> Engagement:
    """Expects the brand's scope. Nine queries, however many people."""
    days = Days(brand, moments_of(brand, period))
    people: dict[str, Level] = {}
    for act in days.acts:
        level = LEVEL_OF[act.kind]
        if act.person not in people or ORDER[level] < ORDER[people[act.person]]:
            people[act.person] = level
    counted = Counter(people.values())
    return Engagement(
        everybody=len(days.everybody),
        levels={level: counted[level] for level in Level},
        acts=sorted(days.acts, key=lambda act: (act.day, act.kind, act.about), reverse=True),
        people=people,
    )
