"""How everything is doing that tills can wait for, but not for ever: looked at in two seconds at most.

Each check is a question of its own (probe.py): one that fails or hangs leaves the others as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from giftshop.operator.health import ask_database
from giftshop.operator.probe import Probe
from giftshop.outbox.models import Lease, Message
from giftshop.payments.models import StripeEvent
from giftshop.texts.models import MessageTemplate

SECONDS = 2.0
BEHIND_AFTER = timedelta(minutes=5)
"""A worker that is killed or restarted is made good for within seconds; a mail server's pause takes this
long now and then, and nobody at a till notices."""
FAILING_AFTER = timedelta(hours=1)
"""By then a message has been tried a dozen times: nothing will mend itself."""
BEAT_SILENT_AFTER = timedelta(minutes=1)
"""It acts each second, and another takes over after six."""


@dataclass(frozen=True)
class Finding:
    """`state` is `ok` or says in a word what is wrong; the numbers are those it follows from."""

    state: str
    lag_seconds: int | None = None
    count: int | None = None

    @property
    def is_well(self) -> bool:
        return self.state == "ok"


UNANSWERED = Finding("unanswered")

TITLES = {
    "database": gettext_lazy("Database"),
    "broker": gettext_lazy("Broker"),
    "outbox": gettext_lazy("Outbox"),
    "messages": gettext_lazy("Failing messages"),
    "inbox": gettext_lazy("Inbox of Stripe's events"),
    "beat": gettext_lazy("Beat"),
    "whatsapp": gettext_lazy("WhatsApp"),
}
IN_DATABASE = {"outbox", "messages", "inbox", "beat", "whatsapp"}
"""What cannot be found out while the database is away."""


def look() -> dict[str, Finding]:
    """What is found now, by the name of the check. Takes `SECONDS` at most."""
    asked = {name: probe.begin() for name, probe in _PROBES.items()}
    return {name: each.wait() or UNANSWERED for name, each in asked.items()}


def sentence(name: str, finding: Finding) -> str:
    """What is wrong, for a person, in the language that is active."""
    if finding == UNANSWERED:
        return _("This could not be found out within two seconds.")
    count, minutes = finding.count or 0, (finding.lag_seconds or 0) // 60
    if name == "messages":
        return ngettext(
            "%(count)d message has failed for more than an hour.",
            "%(count)d messages have failed for more than an hour.",
            count,
        ) % {"count": count}
    return {
        "database": _("PostgreSQL does not answer."),
        "broker": _("The broker does not answer: workers are handed nothing."),
        "outbox": _("The oldest message of the outbox has waited for %(minutes)d minutes."),
        "inbox": _("The oldest event of Stripe has waited for %(minutes)d minutes."),
        "beat": _("Beat has not acted for %(minutes)d minutes."),
        "whatsapp": _(
            "WhatsApp rejected or paused a message of ours, or counts one as advertising: see the command"
            " whatsapp_templates."
        ),
    }[name] % {"minutes": minutes}


def alarms(found: dict[str, Finding]) -> dict[str, str]:
    """What an operator has to be told: a sentence for each check that is not well, in the language of
    this installation. While the database is away that is told, and not what follows from it."""
    wrong = {name for name, finding in found.items() if not finding.is_well}
    if "database" in wrong:
        wrong -= {name for name in IN_DATABASE if found[name] == UNANSWERED}
    with translation.override(settings.LANGUAGE_CODE):
        return {name: sentence(name, found[name]) for name in sorted(wrong)}


def check_database() -> Finding:
    return Finding(ask_database())


def check_broker() -> Finding:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=SECONDS / 2, socket_connect_timeout=SECONDS / 2
        ) as broker:
            broker.ping()
    except redis.RedisError:
        return Finding("unreachable")
    return Finding("ok")


def check_outbox(*, now: datetime | None = None) -> Finding:
    """How long the oldest message has been due. One query."""
    now = now or timezone.now()
    due = Message.objects.due(now).order_by("available_at")
    return _lagging(due.values_list("available_at", flat=True).first(), now)


def check_messages(*, now: datetime | None = None) -> Finding:
    """How many messages failed and go on failing since they were due. One query."""
    now = now or timezone.now()
    failing = Message.objects.filter(done_at__isnull=True, available_at__lte=now - FAILING_AFTER)
    count = failing.exclude(error="").count()
    return Finding("failing" if count else "ok", count=count)


def check_inbox(*, now: datetime | None = None) -> Finding:
    """How long ago the oldest event came that is not worked off. One query."""
    now = now or timezone.now()
    pending = StripeEvent.objects.pending()
    return _lagging(pending.values_list("received_at", flat=True).first(), now)


def check_beat(*, now: datetime | None = None) -> Finding:
    """How long ago beat last kicked anything. One query."""
    now = now or timezone.now()
    acted_at = Lease.objects.filter(name="beat").values_list("acted_at", flat=True).first()
    if acted_at is None:
        return Finding("silent")
    lag = max(now - acted_at, timedelta())
    return Finding("silent" if lag > BEAT_SILENT_AFTER else "ok", int(lag.total_seconds()))


def check_whatsapp() -> Finding:
    """How many of our messages WhatsApp does not send, or not everywhere. One that waits for its first
    approval is no trouble. One query, none where nothing is sent."""
    if not settings.TWILIO:
        return Finding("ok", count=0)
    waiting = Q(status="approved") | Q(status__in=MessageTemplate.WAITING)
    count = MessageTemplate.objects.filter(~waiting | Q(category="marketing")).count()
    return Finding("refused" if count else "ok", count=count)


def _lagging(since: datetime | None, now: datetime) -> Finding:
    lag = max(now - since, timedelta()) if since else timedelta()
    return Finding("behind" if lag > BEHIND_AFTER else "ok", int(lag.total_seconds()))


_CHECKS: dict[str, Callable[[], Finding]] = {
    "database": check_database,
    "broker": check_broker,
    "outbox": check_outbox,
    "messages": check_messages,
    "inbox": check_inbox,
    "beat": check_beat,
    "whatsapp": check_whatsapp,
}
_PROBES = {name: Probe(check, seconds=SECONDS) for name, check in _CHECKS.items()}
