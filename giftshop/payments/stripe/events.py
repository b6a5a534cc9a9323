"""Stripe's events: read from a webhook request, where every byte may be hostile, or listed."""

import json
import logging
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import stripe
from django.conf import settings

from giftshop.payments.stripe.client import ask, client

TOLERANCE_SECONDS = 300
SIGNATURE_MAX = 4096
TYPES_MAX = 20  # that one call may ask for
PAGE = 100

log = logging.getLogger(__name__)

_ID = re.compile(r"[\x21-\x7e]{1,255}")
_TYPE = re.compile(r"[a-z0-9_.]{1,120}")
_PLAIN = re.compile(r"[A-Za-z0-9_.:-]{1,255}")  # ids, dates, states: no address, no name
_SIGNED_AT = re.compile(r"t=([0-9]{1,12})(?:,|$)")


KEPT = ("id", "object", "type", "api_version", "created", "livemode")
"""Of an event."""
KEPT_OF_OBJECT = (
    *("id", "object", "livemode", "created", "expires_at", "mode", "status", "payment_status"),
    *("amount_total", "currency", "client_reference_id", "payment_intent", "charge", "amount"),
)
"""Of what it tells of: a Checkout Session, a refund, a dispute, a warning, a charge. Some also name the
payer, with address, phone and e-mail, and whatever they typed: nothing of that is kept."""


class ForgedEvent(Exception):
    """The signature does not fit the body, or was made too long ago or in the future."""


class MalformedEvent(Exception):
    """Signed by Stripe's secret, but no event. The words name what is wrong, never what was sent."""


class CursorGone(Exception):
    """Stripe no longer keeps the event that a page was to begin after."""


@dataclass(frozen=True)
class Event:
    """`object_id` is "" for the few objects without one; `payload` is JSON of what may be kept."""

    id: str
    type: str
    livemode: bool
    object_id: str
    payload: str


def read(body: bytes, signature: str) -> Event:
    """The event of a webhook request. Any of the secrets may have signed it, while one is being
    rolled. Raises ForgedEvent, MalformedEvent."""
    text = _verified(body, signature)
    try:
        event = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedEvent("JSON") from error
    return _event(event)


def _verified(body: bytes, signature: str) -> str:
    if len(signature) > SIGNATURE_MAX or not signature.isascii():
        raise ForgedEvent
    signed_at = _SIGNED_AT.match(signature)
    if not signed_at or int(signed_at[1]) > time.time() + TOLERANCE_SECONDS:  # the SDK takes those
        raise ForgedEvent
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            text = body.decode()
            stripe.WebhookSignature.verify_header(text, signature, secret, TOLERANCE_SECONDS)
        except (ValueError, stripe.SignatureVerificationError):
            continue
        return text
    raise ForgedEvent


def _event(event: Any) -> Event:
    if not isinstance(event, dict) or event.get("object") != "event":
        raise MalformedEvent("object")
    data = event.get("data")
    subject = data.get("object") if isinstance(data, dict) else None
    if not isinstance(subject, dict):
        raise MalformedEvent("data.object")
    if not isinstance(event.get("livemode"), bool):
        raise MalformedEvent("livemode")
    object_id = subject.get("id")
    return Event(
        id=_word(event.get("id"), _ID, "id"),
        type=_word(event.get("type"), _TYPE, "type"),
        livemode=event["livemode"],
        object_id="" if object_id is None else _word(object_id, _ID, "data.object.id"),
        payload=kept(event),
    )


def kept(event: dict[str, Any]) -> str:
    """JSON of what may be kept of an event, in the same shape."""
    subject = _plain(event["data"]["object"], KEPT_OF_OBJECT)
    return json.dumps({**_plain(event, KEPT), "data": {"object": subject}})


def _plain(told: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The fields of these names that hold nothing but a number, a yes or no, or a word without spaces."""
    return {
        name: value
        for name in names
        if isinstance(value := told.get(name), bool | int)
        or (isinstance(value, str) and _PLAIN.fullmatch(value))
    }


def _word(value: Any, pattern: re.Pattern[str], name: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise MalformedEvent(name)
    return value


@dataclass(frozen=True)
class Page:
    """Newest first; `last_id` is where the next page starts, "" after the last one."""

    events: list[Event]
    last_id: str


def page(types: Sequence[str], *, since: datetime, until: datetime, after: str) -> Page:
    """One page of the events of these types, of TYPES_MAX at most, that were made in `[since, until]`.

    `after` is the id that the page before ended with, or "". Raises StripeUnavailable, CursorGone.
    """
    params: Any = {
        "types": list(types),
        "created": {"gte": int(since.timestamp()), "lte": int(until.timestamp())},
        "limit": PAGE,
    }
    if after:
        params["starting_after"] = after
    try:
        listed = ask(lambda: client().v1.events.list(params))
    except stripe.InvalidRequestError as error:
        if after:
            raise CursorGone(after) from error
        raise
    data = listed.data
    return Page(list(_readable(data)), data[-1].id if data and listed.has_more else "")


def _readable(listed: list[stripe.Event]) -> Iterator[Event]:
    for each in listed:
        text = str(each)
        try:
            yield _event(json.loads(text))
        except MalformedEvent as problem:
            log.error("Stripe lists an event whose %s we cannot read", problem)
