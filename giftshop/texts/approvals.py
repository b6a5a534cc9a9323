"""Submitting our messages to WhatsApp, and watching what it says of them, by Twilio's Content API.

https://www.twilio.com/docs/content/content-api-resources
A template that was approved may be paused or disabled later, and moved from utility to marketing:
https://www.twilio.com/docs/whatsapp/tutorial/message-template-approvals-statuses
"""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings

from giftshop.texts import client, templates
from giftshop.texts.models import REASON_MAX, MessageTemplate
from giftshop.texts.templates import Kind

CATEGORY = "UTILITY"
LISTED_MAX = 1_000
"""Contents of the account that are looked through for ours."""


def submit(*, now: datetime) -> list[MessageTemplate]:
    """Submit what was not yet, in each language of the product, and those whose words are others by now.
    Repeatable: what an earlier run made at Twilio is found by its name. Answers those that are new. Raises
    client.Unavailable and client.Answered."""
    kept = {(row.kind, row.language): row for row in MessageTemplate.objects.all()}
    wanted = [(kind, tag) for kind in Kind for tag, _name in settings.LANGUAGES]
    missing = [
        (kind, tag, templates.body(kind, tag))
        for kind, tag in wanted
        if (kind, tag) not in kept or kept[kind, tag].body != templates.body(kind, tag)
    ]
    if not missing:
        return []
    known = client.ask(_known)
    return [_submit_one(*each, known=known, now=now) for each in missing]


def watch(*, now: datetime) -> list[MessageTemplate]:
    """Ask what WhatsApp says of each by now. Answers those of which it says something else than before. One
    call for each. Raises client.Unavailable."""
    rows = MessageTemplate.objects.order_by("kind", "language")
    return [row for row in rows if _note(row, _approval_of(row.content_sid), now)]


def name_of(kind: Kind, language: str, body: str) -> str:
    """As Twilio and WhatsApp list it: small letters, digits and underscores; another for other words."""
    return f"giftshop_{kind.value}_{language}_{hashlib.sha256(body.encode()).hexdigest()[:8]}"


def note_status(*, content_sid: str, status: str, now: datetime) -> None:
    """What a message that was refused says of its template, until it is asked about."""
    MessageTemplate.objects.filter(content_sid=content_sid).exclude(status=status).update(
        status=status, changed_at=now
    )


def _submit_one(
    kind: Kind, language: str, body: str, *, known: dict[str, str], now: datetime
) -> MessageTemplate:
    name = name_of(kind, language, body)
    sid = known.get(name) or client.ask(lambda twilio: _make(twilio, name, kind, language, body))
    told = _approval_of(sid)
    if not told.get("status") or told["status"] == "unsubmitted":
        asked = {"name": name, "category": CATEGORY}
        client.ask(lambda twilio: _ask_for_approval(twilio, sid, asked))
        told = {**told, "status": "received", "category": CATEGORY}
    row, _is_new = MessageTemplate.objects.update_or_create(
        kind=kind,
        language=language,
        defaults={"body": body, "content_sid": sid, "status": "", "changed_at": now},
    )
    _note(row, told, now)
    return row


def _known(twilio: Any) -> dict[str, str]:
    """The SIDs of all contents of the account, by name."""
    found = twilio.content.v1.contents.list(limit=LISTED_MAX)
    return {str(each.friendly_name): str(each.sid) for each in found}


def _make(twilio: Any, name: str, kind: Kind, language: str, body: str) -> str:
    wanted = {
        "friendly_name": name,
        "language": language,
        "variables": templates.examples(kind),
        "types": {"twilio/text": {"body": body}},
    }
    made = twilio.content.v1.contents.create(_Request(wanted))
    return str(made.sid)


class _Request(dict[str, Any]):
    """As the SDK takes one. Its own classes name each type of content there is, the others as null."""

    def to_dict(self) -> dict[str, Any]:
        return dict(self)


def _ask_for_approval(twilio: Any, sid: str, asked: dict[str, str]) -> None:
    twilio.content.v1.contents(sid).approval_create.create(_Request(asked))


def _approval_of(sid: str) -> dict[str, Any]:
    """Nothing of one that Twilio knows no more: somebody deleted it there."""
    try:
        told = client.ask(lambda twilio: twilio.content.v1.contents(sid).approval_fetch().fetch())
    except client.Answered:
        return {"status": "deleted"}
    return dict(told.whatsapp or {})


def _note(row: MessageTemplate, told: dict[str, Any], now: datetime) -> bool:
    """Keep what is said. Whether it is something else than before."""
    said = {
        "status": str(told.get("status") or "unsubmitted").lower()[:20],
        "category": str(told.get("category") or "").lower()[:20],
        "reason": str(told.get("rejection_reason") or "")[:REASON_MAX],
    }
    is_other = any(getattr(row, name) != value for name, value in said.items())
    for name, value in {**said, "checked_at": now}.items():
        setattr(row, name, value)
    if is_other:
        row.changed_at = now
    row.save(update_fields=[*said, "checked_at", "changed_at"])
    return is_other
