"""Tells the people who run the product what is wrong with it: in the log, and by e-mail.

The e-mail goes straight over SMTP: the outbox, the broker or the database may be what is wrong.
"""

import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import Error as DatabaseFailed
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from giftshop.models import OperatorAlarm

TOLD_EVERY = timedelta(hours=1)
RETRY = timedelta(minutes=5)
"""After an e-mail that could not be sent."""

log = logging.getLogger(__name__)

_due: dict[str, datetime] = {}
"""When this process may tell each kind again: all there is while the database is away."""


def tell_operator(*, kind: str, text: str, now: datetime | None = None) -> bool:
    """Log an error, and e-mail OPERATOR_EMAIL once an hour for each kind; True when one was sent.

    `kind`: a short stable name, the same for everything that one e-mail an hour is enough for. `text`: a
    sentence or more, without a code, token or address. Never raises; may take EMAIL_TIMEOUT, so not to be
    called inside a transaction. 0 to 3 queries.
    """
    now = now or timezone.now()
    log.error("operator alarm %s: %s", kind, text)
    if not settings.OPERATOR_EMAIL or not _claim(kind, now):
        return False
    try:
        _send(kind, text)
    except (OSError, smtplib.SMTPException) as error:
        log.error("operator alarm %s could not be sent: %s", kind, type(error).__name__)
        _note(kind, now + RETRY)
        return False
    return True


def _claim(kind: str, now: datetime) -> bool:
    """Whether it is due, and ours to tell. Whoever asks after us finds it told."""
    if _due.get(kind, now) > now:
        return False
    _due[kind] = now + TOLD_EVERY
    try:
        alarm, is_new = OperatorAlarm.objects.get_or_create(
            kind=kind, defaults={"due_at": now + TOLD_EVERY}
        )
        if is_new:
            return True
        due = OperatorAlarm.objects.filter(kind=kind, due_at__lte=now)
        is_ours = due.update(due_at=now + TOLD_EVERY) == 1
    except DatabaseFailed:
        return True
    if not is_ours:
        _due[kind] = alarm.due_at
    return is_ours


def _note(kind: str, due_at: datetime) -> None:
    _due[kind] = due_at
    try:
        OperatorAlarm.objects.filter(kind=kind).update(due_at=due_at)
    except DatabaseFailed:
        log.warning("operator alarm %s: only this process knows when it is due", kind)


def _send(kind: str, text: str) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        closing = [
            _("How it is now: {url}").format(url=f"{settings.BASE_URL}/status"),
            _("What to do: {page}").format(page="docs/runbooks/read-the-status.md"),
        ]
        subject = _("Giftshop needs you: {kind}").format(kind=kind)
    EmailMessage(subject, "\n".join([text, "", *closing, ""]), to=[settings.OPERATOR_EMAIL]).send()
