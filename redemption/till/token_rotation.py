"""A device's token changes each day it is used, so that a copy of it is noticed.

The new token goes out with an answer, and the one in use stays good until the new one comes back for the
first time: an answer may be lost, and two tabs may ask at once. Soon after that the old one is dead.
Whoever shows a dead one has a copy of the device's cookie, or is the device whose copy was faster: the
owners are alarmed, and whether the device is cut off is for its manager to say.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django_scopes import scopes_disabled

from core import crypto
from redemption.models import Alarm, Device, RetiredToken

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
OFFERED_AGAIN_AFTER = timedelta(minutes=10)
"""A new token that never came back: its answer was lost."""
GOOD_AFTER = timedelta(minutes=5)
"""An old token, once the new one was used: for what was under way, and a browser that crashed before it
had written its cookies down."""
ALARM_EVERY = timedelta(days=1)
SHOWN_FOR = timedelta(days=30)


def follow(device: Device, token: str, *, now: datetime) -> str:
    """Called with the token that a device was found by. Returns a new one to give it, or an empty text.

    Nothing is written but once a day: when a new token goes out, and when it first comes back.
    """
    shown = crypto.token_digest(token)
    if device.next_digest and shown == bytes(device.next_digest):
        _take_up(device, shown, now)
        return ""
    if not device.token_digest or shown != bytes(device.token_digest):
        return ""  # the one before, while it is good
    since, offered = device.token_given_at or device.paired_at, device.next_offered_at
    if since is None or now - since < EVERY or (offered and now - offered < OFFERED_AGAIN_AFTER):
        return ""
    return _offer(device, now)


def note_old(token: str, *, now: datetime) -> None:
    """Raise the alarm if this is a token that a device had before; once a day for each device."""
    with transaction.atomic(), scopes_disabled():
        old = RetiredToken.objects.filter(digest=crypto.token_digest(token)).first()
        if old is None:
            return
        device = Device.objects.select_for_update(no_key=True).get(pk=old.device_id)
        if device.revoked_at or _alarms(device).filter(raised_at__gt=now - ALARM_EVERY).exists():
            return
        Alarm.objects.create(
            brand_id=device.brand_id,
            kind=Alarm.Kind.COPIED_TOKEN,
            device=device,
            count=1,
            since=old.retired_at,
            raised_at=now,
        )
    log.error("an old token of device %s was used", device.pk)


def with_copied_at(devices: QuerySet[Device], *, now: datetime) -> QuerySet[Device]:
    """Each with `copied_at`: when an old token of it was last used, within a month. Expects the scope."""
    lately = _alarms(OuterRef("pk")).filter(raised_at__gt=now - SHOWN_FOR).order_by("-raised_at")
    return devices.annotate(copied_at=Subquery(lately.values("raised_at")[:1]))


def _offer(device: Device, now: datetime) -> str:
    """Of two who ask at once, one gets it."""
    token = crypto.new_token()
    unchanged = Device._base_manager.filter(
        pk=device.pk, token_digest=device.token_digest, next_offered_at=device.next_offered_at
    )
    with transaction.atomic():
        if not unchanged.update(next_digest=crypto.token_digest(token), next_offered_at=now):
            return ""
        if device.next_digest:
            _retire(device, device.next_digest, now)
    return token


def _take_up(device: Device, shown: bytes, now: datetime) -> None:
    with transaction.atomic():
        taken = Device._base_manager.filter(pk=device.pk, next_digest=shown).update(
            token_digest=shown,
            token_given_at=now,
            previous_digest=F("token_digest"),
            previous_good_until=now + GOOD_AFTER,
            next_digest=None,
            next_offered_at=None,
        )
        if taken and device.token_digest:
            _retire(device, device.token_digest, now)


def _retire(device: Device, digest: bytes | memoryview, now: datetime) -> None:
    RetiredToken.objects.create(digest=bytes(digest), device=device, retired_at=now)


def _alarms(device: Device | OuterRef) -> QuerySet[Alarm]:
    return Alarm.objects.filter(device=device, kind=Alarm.Kind.COPIED_TOKEN)
