"""What a provider's event means for a delivery, from what anymail read of it."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from anymail.signals import EventType, RejectReason

from giftshop.delivery.channels.email import NAMED
from giftshop.delivery.models import Report
from giftshop.delivery.reports import Told

STATES = {
    EventType.DEFERRED: Report.State.DEFERRED,
    EventType.DELIVERED: Report.State.DELIVERED,
    EventType.BOUNCED: Report.State.BOUNCED,
    EventType.REJECTED: Report.State.BOUNCED,
    EventType.FAILED: Report.State.BOUNCED,
    EventType.COMPLAINED: Report.State.COMPLAINED,
}
"""Of anymail's kinds of events those that we act on. That somebody opened a mail is not among them."""

OTHERS = {
    ("ses", "DeliveryDelay"): Report.State.DEFERRED,
    ("resend", "email.failed"): Report.State.BOUNCED,
    ("resend", "email.suppressed"): Report.State.BOUNCED,
}
"""What anymail 15 has no kind for."""

REASONS = {
    RejectReason.INVALID: Report.Reason.NOBODY,
    RejectReason.BLOCKED: Report.Reason.BLOCKED,
    RejectReason.SPAM: Report.Reason.UNWANTED,
    RejectReason.UNSUBSCRIBED: Report.Reason.UNWANTED,
}


def told(provider: str, events: list[Any], now: datetime) -> Iterator[Told]:
    """Those that we act on. Raises what reading strange bodies raises."""
    for event in events:
        state = _state(provider, event)
        if state is None or not event.message_id:
            continue
        words = " ".join(str(part) for part in (event.mta_response, event.description) if part)
        yield Told(
            event_id=str(event.event_id or _content(event)),
            provider_id=str(event.message_id),
            delivery_id=_named(provider, event),
            state=state,
            at=min(event.timestamp or now, now).astimezone(UTC),
            words=_plain(words),
            reason=REASONS.get(event.reject_reason, ""),
        )


def _state(provider: str, event: Any) -> Report.State | None:
    said = event.esp_event
    if provider in {"ses", "resend"}:
        kind = said.get("eventType") or said.get("type")
        if other := OTHERS.get((provider, str(kind))):
            return other
    state = STATES.get(event.event_type)
    if state == Report.State.BOUNCED and _may_be_an_automatic_answer(provider, said):
        return Report.State.DEFERRED
    if state == Report.State.COMPLAINED and event.description == "not-spam":
        return None  # Amazon's kind of complaint that takes one back
    return state


def _may_be_an_automatic_answer(provider: str, said: Any) -> bool:
    """Amazon, and Resend by way of it, reports somebody who is on holiday as Transient, General; a mail that
    did come back says beside it who failed. docs.aws.amazon.com/ses/latest/dg/notification-contents.html"""
    if provider == "ses":
        bounce = said.get("bounce", {})
        kind = bounce.get("bounceType"), bounce.get("bounceSubType")
        failed = any(each.get("action") == "failed" for each in bounce.get("bouncedRecipients", []))
        return kind == ("Transient", "General") and not failed
    if provider == "resend":
        bounce = said["data"].get("bounce", {})
        return (bounce.get("type"), bounce.get("subType")) == ("Transient", "General")
    return False


def _named(provider: str, event: Any) -> UUID | None:
    """The delivery that the mail was told to be, if it says one."""
    try:
        along = event.esp_event["data"]["tags"] if provider == "resend" else event.metadata
        return UUID(str(along.get(NAMED, "")))
    except (ValueError, AttributeError, LookupError, TypeError):
        return None


def _content(event: Any) -> str:
    """What names an event whose provider gave it no id: all it says. The same again is the same event."""
    said = [event.event_type, event.message_id, event.timestamp, event.recipient, event.description]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _plain(words: str) -> str:
    """Without what no row can hold."""
    return words[:2000].replace("\0", " ").encode(errors="replace").decode()
