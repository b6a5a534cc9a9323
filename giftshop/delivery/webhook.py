"""Where a provider of mails tells what became of them: /webhooks/mail/.

Who calls is proven by the provider's own signature, or by the user and password that it was given;
anymail's class for this provider checks that and reads the body. Where no such secret is set, nobody is
heard.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import EventType, RejectReason
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from giftshop import mail_providers
from giftshop.delivery import reports
from giftshop.delivery.channels.email import NAMED
from giftshop.delivery.models import Report

SIGNED_FOR = timedelta(hours=24)
"""Mailgun signs a time and a token, not the body, and tries for eight hours. The token is good once (it is
the event's id), and after a day not at all."""

STATES = {
    EventType.DEFERRED: Report.State.DEFERRED,
    EventType.DELIVERED: Report.State.DELIVERED,
    EventType.BOUNCED: Report.State.BOUNCED,
    EventType.REJECTED: Report.State.BOUNCED,
    EventType.FAILED: Report.State.BOUNCED,
    EventType.COMPLAINED: Report.State.COMPLAINED,
}
"""Of anymail's kinds of events those that we act on. That somebody opened a mail is not among them."""

REASONS = {
    RejectReason.INVALID: Report.Reason.NOBODY,
    RejectReason.BLOCKED: Report.Reason.BLOCKED,
    RejectReason.SPAM: Report.Reason.UNWANTED,
    RejectReason.UNSUBSCRIBED: Report.Reason.UNWANTED,
}

UNREADABLE = (
    *(ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError),
    ImproperlyConfigured,
)
"""What anymail's classes raise over a body that is not what they take it for; the last over one that is meant
for another of their addresses."""

log = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def mail_webhook(request: HttpRequest) -> HttpResponse:
    """Verify, store, answer 200; everything else happens later. 400 for what is forged or no report, 404
    where none are heard. Some providers look with HEAD whether somebody is there."""
    if not settings.MAIL_REPORTS:
        raise Http404
    if request.method == "HEAD":
        return HttpResponse()
    now = timezone.now()
    view = _view()
    try:
        view.run_validators(request)
        if settings.MAIL_PROVIDER == "mailgun":
            _refuse_stale(request, now)
    except AnymailWebhookValidationFailure:
        log.warning("a report of mails with a wrong or stale signature was refused")
        return HttpResponse(status=400)
    except UNREADABLE as problem:
        log.warning("a report of mails that nobody can read: %s", type(problem).__name__)
        return HttpResponse(status=400)
    try:
        told = list(_told(view.parse_events(request), now))
    except UNREADABLE as problem:
        log.warning("a signed report of mails was refused: %s", type(problem).__name__)
        return HttpResponse(status=400)
    if told:
        reports.hear(provider=settings.MAIL_PROVIDER, told=told, now=now)
    return HttpResponse()


def _view() -> Any:
    """anymail's, for the provider that is configured. It reads its settings when it is made."""
    provider = mail_providers.PROVIDERS[settings.MAIL_PROVIDER]
    return getattr(import_module(f"anymail.webhooks.{provider.module}"), provider.view)()


def _refuse_stale(request: HttpRequest, now: datetime) -> None:
    signed = json.loads(request.body)["signature"]
    if abs(now.timestamp() - float(signed["timestamp"])) > SIGNED_FOR.total_seconds():
        raise AnymailWebhookValidationFailure("signed too long ago")


def _told(events: list[Any], now: datetime) -> Iterator[reports.Told]:
    for event in events:
        state = STATES.get(event.event_type)
        if state is None or not event.message_id:
            continue
        words = " ".join(str(part) for part in (event.mta_response, event.description) if part)
        yield reports.Told(
            event_id=str(event.event_id or _content(event)),
            provider_id=str(event.message_id),
            delivery_id=_named(event.metadata),
            state=state,
            at=min(event.timestamp or now, now).astimezone(UTC),
            words=_plain(words),
            reason=REASONS.get(event.reject_reason, ""),
        )


def _named(metadata: Any) -> UUID | None:
    """The delivery that the mail was told to be, if it says one."""
    try:
        return UUID(str(metadata.get(NAMED, "")))
    except (ValueError, AttributeError):
        return None


def _content(event: Any) -> str:
    """What names an event whose provider gave it no id: all it says. The same again is the same event."""
    said = [event.event_type, event.message_id, event.timestamp, event.recipient, event.description]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _plain(words: str) -> str:
    """Without what no row can hold."""
    return words[:2000].replace("\0", " ").encode(errors="replace").decode()
