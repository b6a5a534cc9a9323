"""Pairing a counter device or till with a store: a one-time token is traded for a lasting one, once.

Whoever invites, renames or revokes a device is named in the audit log; without an actor it is only done.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from brands.models import Store
from core import crypto
from redemption.audit import log
from redemption.audit.actors import SYSTEM, Actor
from redemption.audit.log import Act
from redemption.models import Device

PAIRING_LIFE = timedelta(minutes=15)


class PairingRefused(Exception):
    """The one-time token is unknown, used, out of date, or its device was revoked."""


@dataclass(frozen=True)
class PairedDevice:
    device: Device
    token: str
    """Shown once; only its digest is kept."""


def invite(
    *,
    store: Store,
    name: str,
    profile: str = Device.Profile.POS,
    actor: Actor | None = None,
    now: datetime | None = None,
    by_device: Device | None = None,
) -> tuple[Device, str]:
    """A device that waits to be paired, and the one-time token to show as a QR.

    `by_device`: the device in the hand of whoever invites, where it was one.
    """
    now = now or timezone.now()
    token = crypto.new_token()
    with transaction.atomic():
        invited = Device.objects.create(
            brand=store.brand,
            store=store,
            name=name,
            profile=profile,
            pairing_digest=crypto.token_digest(token),
            pairing_expires_at=now + PAIRING_LIFE,
            invited_by=actor.id if actor else None,
        )
        _record(Act.DEVICE_INVITED, invited, actor, now, by_device, profile=profile)
    return invited, token


def pair(*, one_time_token: str, now: datetime | None = None) -> PairedDevice:
    """Trade the one-time token for the device's own. Raises PairingRefused."""
    now = now or timezone.now()
    with transaction.atomic(), scopes_disabled():
        device = (
            Device.objects.awaiting_pairing(now)
            .select_for_update(of=("self",))
            .select_related("brand", "store")
            .filter(pairing_digest=crypto.token_digest(one_time_token))
            .first()
        )
        if device is None:
            raise PairingRefused
        paired = _give_token(device, now)
        _record(Act.DEVICE_PAIRED, device, SYSTEM, now, device)
    return paired


def pair_directly(
    *,
    store: Store,
    name: str,
    profile: str = Device.Profile.POS,
    actor: Actor | None = None,
    now: datetime | None = None,
) -> PairedDevice:
    """A device paired at once, for whoever already sits at the server."""
    now = now or timezone.now()
    with transaction.atomic():
        device, _one_time = invite(store=store, name=name, profile=profile, actor=actor, now=now)
        paired = _give_token(device, now)
        _record(Act.DEVICE_PAIRED, device, actor, now, None)
    return paired


def _give_token(device: Device, now: datetime) -> PairedDevice:
    token = crypto.new_token()
    device.token_digest, device.paired_at = crypto.token_digest(token), now
    device.pairing_digest = device.pairing_expires_at = None
    device.save(update_fields=["token_digest", "paired_at", "pairing_digest", "pairing_expires_at"])
    return PairedDevice(device, token)


def rename(
    *,
    device: Device,
    name: str,
    actor: Actor | None = None,
    now: datetime | None = None,
    by_device: Device | None = None,
) -> None:
    """`by_device`: the device in the hand of whoever renames it, where it was one."""
    if device.name == name:
        return
    before, device.name = device.name, name
    with transaction.atomic():
        device.save(update_fields=["name"])
        _record(Act.DEVICE_RENAMED, device, actor, now or timezone.now(), by_device, before=before)


def revoke(
    *,
    device: Device,
    actor: Actor | None = None,
    now: datetime | None = None,
    by_device: Device | None = None,
) -> None:
    """From now on the device is a stranger; its next request is refused. Once is enough."""
    now = now or timezone.now()
    with transaction.atomic(), scopes_disabled():
        revoked = Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=now)
        if not revoked:
            return
        device.revoked_at = now
        _record(Act.DEVICE_REVOKED, device, actor, now, by_device)


def device_for_token(token: str, *, now: datetime | None = None) -> Device | None:
    """The paired device, with its brand and store, or None. One query."""
    with scopes_disabled():
        return (
            Device.objects.of_token(crypto.token_digest(token), now or timezone.now())
            .select_related("brand", "store")
            .filter(store__is_active=True)
            .first()
        )


def _record(
    act: Act,
    device: Device,
    actor: Actor | None,
    now: datetime,
    by: Device | None,
    **details: object,
) -> None:
    if actor is None:
        return
    with scope(brand=device.brand):
        log.record(
            brand=device.brand,
            actor=actor,
            act=act,
            subject=f"device:{device.pk}",
            now=now,
            details={"name": device.name, **details},
            device=by,
        )
