"""What providers report of what they took from us: delivered, came back, reported as spam.

A report is stored once by its event's id, and worked from the outbox. It may come twice, late, in any order,
and before our own commit says that it was sent: a delivery only ever moves forward, and a report of one that
is still being sent waits. One whose answer was lost is known again by what it was told to be, and not sent a
second time. An older version's late bounce is written down and speaks for nothing newer.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django_scopes import scope, scopes_disabled

from giftshop.delivery import purposes
from giftshop.delivery.models import Delivery, Report
from giftshop.delivery.suppression import suppress
from giftshop.delivery.texts import reasons
from giftshop.logs import scrub
from giftshop.orders.models import Gift
from giftshop.outbox.outbox import NotYet, emit_many
from giftshop.outbox.topics import Topic

WAITS = timedelta(minutes=30)
"""For our own commit, longer than any lease. What nobody has sent by then is no delivery: a test mail, an
alarm to the operator."""

_ORDER = {
    Delivery.State.SENT: 0,
    Delivery.State.DELIVERED: 1,
    Delivery.State.BOUNCED: 2,
    Delivery.State.COMPLAINED: 3,
}

# The enhanced status codes of RFC 3463, and what servers say beside them or instead.
_REASONS = (
    (Report.Reason.FULL, r"\b[45]\.2\.2\b|mailbox (is )?full|over quota|quota exceeded"),
    (
        Report.Reason.NOBODY,
        r"\b5\.1\.[0-36]\b|no such (user|mailbox|person|address)|user unknown|unknown user"
        r"|does not exist|not a valid address|invalid (e-?mail|address|recipient)",
    ),
    (Report.Reason.BLOCKED, r"\b5\.7\.\d+\b|spam|blocked|policy|blacklist|denied"),
)


class NotSentYet(NotYet):
    """Our own word that it was sent is still to come."""


@dataclass(frozen=True)
class Told:
    """One event, as a provider's own library read it from what it had signed."""

    event_id: str
    """Unique with this provider."""
    provider_id: str
    """As the channel's sender answered it."""
    state: Report.State
    at: datetime
    words: str = ""
    reason: str = ""
    delivery_id: UUID | None = None
    """Which delivery it was told to be, where the provider brings that back."""


def hear(*, provider: str, told: Iterable[Told], now: datetime) -> int:
    """Store those that were not told before, each once, and promise to work them off; how many. 5 statements,
    however many."""
    told = list(told)
    with scopes_disabled():
        named = Delivery.objects.filter(
            pk__in={each.delivery_id for each in told if each.delivery_id}
        )
        ids = set(named.values_list("pk", flat=True))
    rows = {row.key: row for row in (_row(provider, each, now) for each in told)}
    for row in rows.values():
        row.delivery_id = row.delivery_id if row.delivery_id in ids else None
    with transaction.atomic():
        known = Report.objects.filter(key__in=rows).values_list("key", flat=True)
        new = [rows[key] for key in rows.keys() - {bytes(key) for key in known}]
        Report.objects.bulk_create(new, ignore_conflicts=True)
        ours = Report.objects.filter(pk__in=[row.pk for row in new]).values_list("pk", flat=True)
        written = list(ours)
        emit_many(
            topic=Topic.DELIVERY_REPORTED,
            brand_id=None,
            told=[({"report_id": str(pk)}, None) for pk in written],
            now=now,
        )
    return len(written)


def reason_of(words: str) -> Report.Reason:
    """Why something came back, from what a mail server or a provider of texts said of it."""
    if of_text := reasons.of_words(words):
        return of_text
    for reason, pattern in _REASONS:
        if re.search(pattern, words, re.IGNORECASE):
            return reason
    return Report.Reason.OTHER


def _row(provider: str, told: Told, now: datetime) -> Report:
    is_bounce = told.state == Report.State.BOUNCED
    return Report(
        key=hashlib.sha256(f"{provider}\0{told.event_id}".encode()).digest(),
        provider_id=told.provider_id[:255],
        delivery_id=told.delivery_id,
        state=told.state,
        reason=(told.reason or reason_of(told.words)) if is_bounce else "",
        words=scrub(told.words, most=1000)[:200],
        at=told.at,
        received_at=now,
    )


def work_off(report: Report, *, now: datetime) -> None:
    """Move on what it speaks of, as far as that goes. Repeatable. Raises NotSentYet while it has to wait."""
    with scopes_disabled():
        known = (
            Delivery.objects.filter(provider_id=report.provider_id).only("pk", "brand_id").first()
        )
        known = known or report.delivery
    if known is None:
        if now - report.received_at < WAITS:
            raise NotSentYet
        return
    with scope(brand=known.brand_id), transaction.atomic():
        delivery = Delivery.objects.select_for_update(of=("self",)).get(pk=known.pk)
        _follow(delivery, report, now)


def _follow(delivery: Delivery, report: Report, now: datetime) -> None:
    if not delivery.is_over:  # of an attempt before the one that is under way
        raise NotSentYet
    Report.objects.filter(pk=report.pk).update(delivery=delivery)
    if report.state == Report.State.DEFERRED or delivery.state not in _ORDER:
        return
    state = Delivery.State(report.state)
    if _ORDER[state] <= _ORDER[Delivery.State(delivery.state)]:
        return
    Delivery.objects.filter(pk=delivery.pk).update(state=state)
    delivery.state = state
    if state == Delivery.State.COMPLAINED:
        _write_no_more(delivery, now)
    if not _is_followed(delivery):
        purposes.find(delivery.purpose).when_reported(delivery, report, now)


def _write_no_more(delivery: Delivery, now: datetime) -> None:
    """Whoever calls a mail spam gets none of that brand's that can be done without."""
    if delivery.brand_id and delivery.address and delivery.channel == Gift.Channel.EMAIL:
        suppress(address=delivery.address, brand=delivery.brand, now=now)


def _is_followed(delivery: Delivery) -> bool:
    """Whether there is a newer version of it."""
    return Delivery.objects.filter(
        subject=delivery.subject,
        purpose=delivery.purpose,
        addressee=delivery.addressee,
        version__gt=delivery.version,
    ).exists()
