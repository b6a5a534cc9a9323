"""The link that a till shows for a few seconds after a gift was handed over, for the phone of whoever came
for it. Whoever knows senders says where it leads and in which words: this package knows none."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError
from django.utils.safestring import SafeString

from redemption.codes import qr
from redemption.models import Device

SHOWN_SECONDS = 15
LATE = timedelta(seconds=30)
"""An answer that comes so long after the redemption was asked for again and again: nobody stands there any
more who would scan it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CounterLink:
    """As the screen shows it."""

    title: str
    text: str
    url: str
    language: str
    """Of the words: whoever came reads another, perhaps, than whoever works there."""
    seconds: int = SHOWN_SECONDS

    @property
    def qr(self) -> SafeString:
        return qr.svg(self.url)


Teller = Callable[[Device, UUID], CounterLink | None]
"""(device, the redemption's id) -> what to show, or None."""

_tellers: list[Teller] = []


def tell_by(teller: Teller) -> None:
    """Once, at the start of the process."""
    _tellers.append(teller)


def counter_link(
    *, device: Device, redemption_id: UUID, redeemed_at: datetime, now: datetime
) -> CounterLink | None:
    """None where the brand wants none or the answer comes late. As many queries as its tellers need, none
    then. Expects the scope.

    The gift is handed over already: a database that fails now takes nothing from the answer but this.
    """
    if not device.brand.shows_counter_link or now - redeemed_at > LATE:
        return None
    try:
        told = (teller(device, redemption_id) for teller in _tellers)
        return next(filter(None, told), None)
    except DatabaseError:
        log.exception("no link for the counter after redemption %s", redemption_id)
        return None
