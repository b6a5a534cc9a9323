"""The clock that an order's page goes by."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.bidi import isolated
from giftshop import zones
from giftshop.orders.models import Recipient


@dataclass(frozen=True)
class Clock:
    """The one that the page goes by: its reader's, or the brand's while nobody knows where they are."""

    zone: str
    is_readers: bool

    def shows(self, at: datetime) -> str:
        """A day and a time; whose they are is said unless they are the reader's own."""
        words = {"day": day(at, self.zone), "time": _time(at, self.zone)}
        if self.is_readers:
            return _("%(day)s at %(time)s") % words
        return _("%(day)s at %(time)s (%(place)s)") % {**words, "place": zones.place(self.zone)}

    def shows_beside(self, at: datetime, recipient: Recipient) -> str:
        """The same, and what the recipient's clock says at that moment where it differs."""
        shown = self.shows(at)
        if not zones.is_zone(recipient.time_zone) or _same(at, recipient.time_zone, self.zone):
            return shown
        there = Clock(recipient.time_zone, is_readers=False).shows(at)
        return _("%(here)s; on %(name)s's clock %(there)s") % {
            "here": shown,
            "name": isolated(recipient.short_name),
            "there": there,
        }


def _same(at: datetime, one: str, other: str) -> bool:
    return (
        at.astimezone(zones.zone(one)).utcoffset() == at.astimezone(zones.zone(other)).utcoffset()
    )


def day(at: datetime, zone: str) -> str:
    """With its year where that is another than the present one."""
    on, today = at.astimezone(zones.zone(zone)), timezone.now().astimezone(zones.zone(zone))
    return date_format(on, "MONTH_DAY_FORMAT" if on.year == today.year else "DATE_FORMAT")


def _time(at: datetime, zone: str) -> str:
    return date_format(at.astimezone(zones.zone(zone)), "TIME_FORMAT")
