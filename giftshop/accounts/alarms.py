"""What an owner is told of somebody who tries codes: in the studio for a day, and by e-mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from redemption.models import Alarm, RefusedAttempt
from redemption.reasons import Reason

SHOWN_FOR = timedelta(hours=24)
PLACES_MAX = 5


@dataclass(frozen=True)
class Place:
    """A counter at which wrong codes were tried."""

    store: str
    device: str
    count: int


def recent(now: datetime) -> list[Alarm]:
    """The brand's alarms of the last day, newest first. Expects its scope. One query."""
    return list(Alarm.objects.filter(raised_at__gt=now - SHOWN_FOR).order_by("-raised_at"))


def tried_at(alarm: Alarm) -> list[Place]:
    """Where most of the wrong codes were tried, as far as it was at a counter. Expects the scope."""
    refused = (
        RefusedAttempt.objects.filter(
            reason=Reason.UNKNOWN_CODE,
            attempted_at__range=(alarm.since, alarm.raised_at),
        )
        .values("store__name", "device__name")
        .annotate(count=Count("pk"))
        .order_by("-count", "store__name", "device__name")[:PLACES_MAX]
    )
    return [Place(row["store__name"], row["device__name"], row["count"]) for row in refused]
